import type { ErrorComponentProps } from "@tanstack/react-router"
import { ErrorNotice } from "@/components/error-notice"

/** Shown in place of a page that could not be loaded or drawn. */
export function PageError({ error, reset }: ErrorComponentProps) {
  return (
    <section className="mx-auto max-w-6xl px-5 py-24">
      <ErrorNotice title="This page could not be shown" error={asError(error)} isRetrying={false} onRetry={reset} />
    </section>
  )
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
