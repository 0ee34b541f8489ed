import { RotateCw } from "lucide-react"
import { ApiError, explain } from "@/api/errors"
import { BusyButton } from "@/components/ui/button"

interface Props {
  title: string
  error: Error
  isRetrying: boolean
  onRetry: () => void
}

/** What failed, why, the id to ask about, and a way to try again. */
export function ErrorNotice({ title, error, isRetrying, onRetry }: Props) {
  return (
    <div role="alert" className="rounded-2xl border border-bad/40 bg-bad-soft/60 p-6">
      <h2 className="font-semibold">{title}</h2>
      <p className="mt-1 break-words text-sm">{explain(error)}</p>
      {error instanceof ApiError && (
        <p className="mt-2 text-muted-foreground text-sm">
          Request <span className="break-all font-mono text-xs">{error.requestId}</span>
        </p>
      )}
      <BusyButton variant="outline" className="mt-4" isBusy={isRetrying} busyLabel="Trying…" onClick={onRetry}>
        <RotateCw aria-hidden="true" />
        Try again
      </BusyButton>
    </div>
  )
}
