import { useInfiniteQuery } from "@tanstack/react-query"
import { PackageOpen } from "lucide-react"
import type { ReactNode } from "react"
import { type Item, itemsQuery } from "@/api/items"
import { ErrorNotice } from "@/components/error-notice"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"
import { ago, fullDate } from "@/lib/time"

const SKELETONS = ["a", "b", "c", "d", "e", "f"]

export function LatestItems() {
  const query = useInfiniteQuery(itemsQuery)
  const items = query.data?.pages.flatMap((page) => page.items)
  return (
    <section id="items" aria-labelledby="items-title" className="mx-auto max-w-6xl px-5 py-16 sm:py-20">
      <h2 id="items-title" className="font-semibold text-2xl tracking-tight sm:text-3xl">
        Newest items
      </h2>
      <p className="mt-2 text-muted-foreground">Straight from the database, newest first.</p>
      <p role="status" className="sr-only">
        {query.isPending ? "Loading items" : items && `${items.length} items shown`}
      </p>
      <div className="mt-8 space-y-6">
        {query.isPending && <Loading />}
        {items?.length === 0 && <Empty />}
        {items && items.length > 0 && (
          <Grid>
            {items.map((item) => (
              <ItemCard key={item.id} item={item} />
            ))}
          </Grid>
        )}
        {query.isError ? (
          <ErrorNotice
            title={items ? "More items could not be loaded" : "The items could not be loaded"}
            error={query.error}
            isRetrying={query.isFetching}
            onRetry={() => void (items && query.hasNextPage ? query.fetchNextPage() : query.refetch())}
          />
        ) : (
          query.hasNextPage && (
            <div className="flex justify-center">
              <Button
                variant="outline"
                aria-disabled={query.isFetchingNextPage}
                onClick={() => {
                  if (!query.isFetchingNextPage) void query.fetchNextPage()
                }}
              >
                {query.isFetchingNextPage ? "Loading…" : "Load more"}
              </Button>
            </div>
          )
        )}
      </div>
    </section>
  )
}

function Grid({ children }: { children: ReactNode }) {
  return <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{children}</ul>
}

function ItemCard({ item }: { item: Item }) {
  return (
    <li>
      <Card className="flex h-full flex-col gap-2 p-5">
        <h3 className="break-words font-medium">{item.title}</h3>
        {item.description && (
          <p className="line-clamp-3 break-words text-muted-foreground text-sm leading-relaxed">{item.description}</p>
        )}
        <time
          className="mt-auto pt-2 text-muted-foreground text-xs"
          dateTime={item.createdAt.toISOString()}
          title={fullDate(item.createdAt)}
        >
          {ago(item.createdAt, new Date())}
        </time>
      </Card>
    </li>
  )
}

function Loading() {
  return (
    <div aria-hidden="true" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
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

function Empty() {
  return (
    <div className="flex flex-col items-center rounded-2xl border border-dashed px-6 py-16 text-center">
      <PackageOpen aria-hidden="true" className="size-8 text-muted-foreground" strokeWidth={1.5} />
      <h3 className="mt-4 font-medium">Nothing here yet</h3>
      <p className="mt-1 max-w-sm text-muted-foreground text-sm">
        The database is ready and holds no item. The first one will show here as soon as it is made.
      </p>
    </div>
  )
}
