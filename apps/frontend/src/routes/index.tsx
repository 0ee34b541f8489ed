import { createFileRoute } from "@tanstack/react-router"
import { healthQuery } from "@/api/health"
import { itemsQuery } from "@/api/items"
import { Hero } from "@/components/hero"
import { LatestItems } from "@/components/latest-items"
import { usePageTitle } from "@/lib/page-title"

export const Route = createFileRoute("/")({
  // Not awaited: both parts show their own skeletons, and their own errors.
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(healthQuery)
    void context.queryClient.prefetchInfiniteQuery(itemsQuery())
  },
  component: Home,
})

function Home() {
  usePageTitle("Slipway")
  return (
    <>
      <Hero />
      <LatestItems />
    </>
  )
}
