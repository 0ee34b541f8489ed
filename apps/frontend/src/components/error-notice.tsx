import { RotateCw } from "lucide-react"
import { ApiError } from "@/api/errors"
import { Button } from "@/components/ui/button"

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
      <h3 className="font-semibold">{title}</h3>
      <p className="mt-1 text-sm">
        {error.message}
        {error instanceof ApiError && error.retryAfterS !== null && ` Try again in ${error.retryAfterS} s.`}
      </p>
      {error instanceof ApiError && (
        <p className="mt-2 text-muted-foreground text-sm">
          Request <span className="break-all font-mono text-xs">{error.requestId}</span>
        </p>
      )}
      <Button variant="outline" className="mt-4" aria-disabled={isRetrying} onClick={isRetrying ? undefined : onRetry}>
        <RotateCw aria-hidden="true" />
        {isRetrying ? "Trying…" : "Try again"}
      </Button>
    </div>
  )
}
