import { Skeleton } from "@/components/ui/skeleton"

/** In the place of a page whose code or data is on its way. */
export function PagePending() {
  return (
    <div className="mx-auto max-w-6xl px-5 py-10 sm:py-14">
      <p role="status" className="sr-only">
        Loading the page
      </p>
      <Skeleton className="h-9 w-56" />
      <Skeleton className="mt-8 h-40 w-full" />
      <Skeleton className="mt-4 h-40 w-full" />
    </div>
  )
}
