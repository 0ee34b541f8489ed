import { CircleAlert, CircleCheck, X } from "lucide-react"
import { useEffect, useState, useSyncExternalStore } from "react"
import { Button } from "@/components/ui/button"
import { currentToasts, dismiss, dismissAll, subscribeToasts, type Toast, takeAction } from "@/lib/toasts"

/** Messages at the lower edge, read out as they come; pointing at one, or reaching it by key, stops its clock. */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts)
  useEffect(() => {
    addEventListener("pagehide", dismissAll)
    return () => removeEventListener("pagehide", dismissAll)
  }, [])
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-30 flex flex-col items-center gap-2 p-4 sm:items-end"
    >
      {toasts.map((entry) => (
        <Message key={entry.id} toast={entry} />
      ))}
    </section>
  )
}

function Message({ toast }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => dismiss(toast.id), toast.durationMs)
    return () => clearTimeout(timer)
  }, [isHeld, toast])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: holding the clock is a courtesy, not an interaction.
    <div
      className="rise pointer-events-auto flex w-full max-w-sm items-start gap-3 rounded-xl border bg-card py-3 pr-2 pl-4 shadow-foreground/10 shadow-lg"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.tone === "good" && <CircleCheck aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-ok" />}
      {toast.tone === "bad" && <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-bad" />}
      <div className="min-w-0 flex-1 py-0.5 text-sm">
        <p className="break-words font-medium">{toast.title}</p>
        {toast.detail && <p className="mt-0.5 break-words text-muted-foreground">{toast.detail}</p>}
      </div>
      {toast.action && (
        <Button variant="outline" size="small" className="-my-0.5" onClick={() => takeAction(toast.id)}>
          {toast.action.label}
        </Button>
      )}
      <Button
        variant="ghost"
        size="iconSmall"
        className="-my-0.5"
        aria-label="Dismiss"
        onClick={() => dismiss(toast.id)}
      >
        <X aria-hidden="true" />
      </Button>
    </div>
  )
}
