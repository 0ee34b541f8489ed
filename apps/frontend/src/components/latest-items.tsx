import { useInfiniteQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ArrowRight, PackageOpen } from "lucide-react"
import { itemsQuery } from "@/api/items"
import type { Item } from "@/client/types.gen"
import { ErrorNotice } from "@/components/error-notice"
import { buttonStyle } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { Empty } from "@/components/ui/empty"
import { Skeleton } from "@/components/ui/skeleton"
import { When } from "@/components/when"

const SHOWN = 6
const SKELETONS = ["a", "b", "c", "d", "e", "f"]
const GRID = "grid gap-4 sm:grid-cols-2 lg:grid-cols-3"

export function LatestItems() {
  const query = useInfiniteQuery(itemsQuery())
  const items = query.data?.pages[0]?.items.slice(0, SHOWN)
  return (
    <section id="items" aria-labelledby="items-title" className="mx-auto max-w-6xl px-5 py-16 sm:py-20">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h2 id="items-title" className="font-semibold text-2xl tracking-tight sm:text-3xl">
            Newest items
          </h2>
          <p className="mt-2 text-muted-foreground">Straight from the database, newest first.</p>
        </div>
        <Link to="/items" className={buttonStyle({ variant: "outline" })}>
          See all items
          <ArrowRight aria-hidden="true" />
        </Link>
      </div>
      <p role="status" className="sr-only">
        {query.isPending ? "Loading items" : items && `${items.length} items shown`}
      </p>
      <div className="mt-8">
        {query.isPending && <Loading />}
        {query.isError && !items && (
          <ErrorNotice
            title="The items could not be loaded"
            error={query.error}
            isRetrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        )}
        {items?.length === 0 && (
          <Empty icon={PackageOpen} title="Nothing here yet">
            The database is ready and holds no item. The first one will show here as soon as it is made.
          </Empty>
        )}
        {items && items.length > 0 && (
          <ul className={GRID}>
            {items.map((item) => (
              <ItemCard key={item.id} item={item} />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

/** The whole card leads to the item; the link itself is its title. */
function ItemCard({ item }: { item: Item }) {
  return (
    <li>
      <Card className="relative flex h-full flex-col gap-2 p-5 transition-colors hover:border-field">
        <h3 className="break-words font-medium">
          <Link
            to="/items/$itemId"
            params={{ itemId: item.id }}
            className="rounded after:absolute after:inset-0 after:rounded-2xl"
          >
            {item.title}
          </Link>
        </h3>
        {item.description && (
          <p className="line-clamp-3 break-words text-muted-foreground text-sm leading-relaxed">{item.description}</p>
        )}
        <When at={item.created_at} className="mt-auto pt-2 text-muted-foreground text-xs" />
      </Card>
    </li>
  )
}

function Loading() {
  return (
    <div aria-hidden="true" className={GRID}>
      {SKELETONS.map((key) => (
        <Card key={key} className="space-y-3 p-5">
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="h-4 w-full" />
          <Skeleton className="h-4 w-5/6" />
          <Skeleton className="h-3 w-20" />
        </Card>
      ))}
    </div>
  )
}
