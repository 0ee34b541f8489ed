import { CircleAlert } from "lucide-react"
import { ApiError, explain } from "@/api/errors"

/** What went wrong and belongs to no field. The request's id helps only where the fault is not the user's. */
export function FormError({ error }: { error: Error | null }) {
  if (error === null) return null
  const isOurs = error instanceof ApiError && (error.status === null || error.status >= 500)
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad/40 bg-bad-soft px-4 py-3 text-sm">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0">
        <p className="break-words">{explain(error)}</p>
        {isOurs && <p className="mt-1 break-all font-mono text-xs">Request {error.requestId}</p>}
      </div>
    </div>
  )
}
