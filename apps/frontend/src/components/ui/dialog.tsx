import { X } from "lucide-react"
import { type ReactNode, useId, useLayoutEffect, useRef } from "react"
import { Button } from "@/components/ui/button"

interface Props {
  title: string
  detail?: ReactNode
  onClose: () => void
  children: ReactNode
}

/**
 * A modal window, open as long as it is rendered. The browser's own <dialog> keeps the focus inside, gives it back and
 * closes on Escape; the usual libraries do the same with injected styles, which the site's policy refuses.
 */
export function Dialog({ title, detail, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Left alone the focus would be on the button that closes.
    dialog?.querySelector<HTMLElement>("form :is(input, textarea):not([hidden])")?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      {...(detail !== undefined && { "aria-describedby": `${id}-detail` })}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="fixed inset-0 m-auto max-h-[min(44rem,calc(100dvh-2rem))] w-[calc(100%-2rem)] max-w-lg overflow-y-auto rounded-2xl border bg-card p-0 text-foreground shadow-2xl backdrop:bg-black/50 backdrop:backdrop-blur-xs"
    >
      <div className="p-5 sm:p-6">
        <div className="flex items-start justify-between gap-4">
          <h2 id={`${id}-title`} className="break-words font-semibold text-lg tracking-tight">
            {title}
          </h2>
          <Button variant="ghost" size="iconSmall" className="-mt-1 -mr-2" aria-label="Close" onClick={onClose}>
            <X aria-hidden="true" />
          </Button>
        </div>
        {detail !== undefined && (
          <p id={`${id}-detail`} className="mt-1 text-muted-foreground text-sm">
            {detail}
          </p>
        )}
        <div className="mt-5">{children}</div>
      </div>
    </dialog>
  )
}

/** The row of buttons that ends a dialog or a form: the main act last, and on top where the row does not fit. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-col-reverse gap-3 pt-1 sm:flex-row sm:justify-end">{children}</div>
}
