import { type ErrorComponentProps, useRouter } from "@tanstack/react-router"
import { ApiError, isStatus } from "@/api/errors"
import { ErrorNotice } from "@/components/error-notice"
import { NotFound } from "@/components/not-found"
import { Page } from "@/components/page"

/** Shown in place of a page that could not be loaded or drawn. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  if (isStatus(error, 404)) return <NotFound />
  const [title, detail] = words(error)
  return (
    <Page title={title} detail={detail}>
      <ErrorNotice
        title="What went wrong"
        error={asError(error)}
        isRetrying={false}
        onRetry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </Page>
  )
}

function words(error: unknown): [string, string] {
  if (isStatus(error, 403)) return ["This page is not for everyone", "Your account may not see what is here."]
  if (error instanceof ApiError && error.kind === "network") {
    return ["No connection", "The page is fine, but the API behind it could not be reached."]
  }
  return ["This page could not be shown", "Nothing you did is lost. Trying again often helps."]
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
