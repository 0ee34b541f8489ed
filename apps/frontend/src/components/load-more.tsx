import { useEffect, useRef } from "react"
import { ErrorNotice } from "@/components/error-notice"
import { BusyButton } from "@/components/ui/button"

interface Props {
  /** What follows, in the plural: "items". */
  what: string
  query: {
    hasNextPage: boolean
    isFetching: boolean
    isFetchingNextPage: boolean
    isFetchNextPageError: boolean
    error: Error | null
    fetchNextPage: () => unknown
  }
}

/** The end of a list: the next page loads as it comes near, or on the button where that does not happen. */
export function LoadMore({ what, query }: Props) {
  const end = useRef<HTMLDivElement>(null)
  const canLoad = query.hasNextPage && !query.isFetching && !query.isFetchNextPageError
  const { fetchNextPage } = query
  useEffect(() => {
    if (!canLoad || !end.current || typeof IntersectionObserver === "undefined") return
    const watch = (entries: IntersectionObserverEntry[]) => {
      if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage()
    }
    const observer = new IntersectionObserver(watch, { rootMargin: "400px" })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [canLoad, fetchNextPage])
  if (query.isFetchNextPageError && query.error) {
    return (
      <ErrorNotice
        title={`More ${what} could not be loaded`}
        error={query.error}
        isRetrying={query.isFetchingNextPage}
        onRetry={() => void fetchNextPage()}
      />
    )
  }
  if (!query.hasNextPage) return null
  return (
    <div ref={end} className="flex justify-center">
      <BusyButton
        variant="outline"
        isBusy={query.isFetchingNextPage}
        busyLabel="Loading…"
        onClick={() => void fetchNextPage()}
      >
        Load more
      </BusyButton>
    </div>
  )
}
