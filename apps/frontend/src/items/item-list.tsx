import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query"
import { PackageOpen, SearchX } from "lucide-react"
import type { ReactNode } from "react"
import { type ItemFilter, itemsQuery } from "@/api/items"
import type { Item, Me } from "@/client/types.gen"
import { ErrorNotice } from "@/components/error-notice"
import { LoadMore } from "@/components/load-more"
import { Card } from "@/components/ui/card"
import { Empty } from "@/components/ui/empty"
import { Skeleton } from "@/components/ui/skeleton"
import { deleteWithUndo, useHiddenItems } from "./deletions"
import { ItemRow } from "./item-row"

const SKELETONS = ["a", "b", "c", "d"]

interface Props {
  filter: ItemFilter
  user: Me | null
  onEdit: (item: Item) => void
  /** What to do when there is nothing yet. */
  whenEmpty: ReactNode
}

/** Every item that fits the filter, page by page as the end comes near. */
export function ItemList({ filter, user, onEdit, whenEmpty }: Props) {
  const client = useQueryClient()
  const hidden = useHiddenItems()
  const query = useInfiniteQuery(itemsQuery(filter))
  const items = query.data?.pages.flatMap((page) => page.items).filter((item) => !hidden.has(item.id))
  if (query.isPending) return <Loading />
  if (!items) return <Failed query={query} />
  return (
    <div className="space-y-4">
      <p role="status" className="sr-only">
        {items.length === 1 ? "1 item shown" : `${items.length} items shown`}
      </p>
      {items.length === 0 && !query.hasNextPage && <Nothing filter={filter} whenEmpty={whenEmpty} />}
      <ul className="space-y-3">
        {items.map((item) => (
          <li key={item.id}>
            <ItemRow item={item} user={user} onEdit={onEdit} onDelete={(gone) => deleteWithUndo(client, gone)} />
          </li>
        ))}
      </ul>
      <LoadMore what="items" query={query} />
    </div>
  )
}

function Failed({ query }: { query: { error: Error | null; isFetching: boolean; refetch: () => unknown } }) {
  if (query.error === null) return null
  return (
    <ErrorNotice
      title="The items could not be loaded"
      error={query.error}
      isRetrying={query.isFetching}
      onRetry={() => void query.refetch()}
    />
  )
}

function Nothing({ filter, whenEmpty }: { filter: ItemFilter; whenEmpty: ReactNode }) {
  if (filter.q) {
    return (
      <Empty icon={SearchX} title="Nothing found">
        No title has “{filter.q}” in it. A shorter part of a word finds more.
      </Empty>
    )
  }
  return (
    <Empty icon={PackageOpen} title="Nothing here yet" action={whenEmpty}>
      {filter.owner ? "What you make will be listed here." : "The first item will show here as soon as it is made."}
    </Empty>
  )
}

function Loading() {
  return (
    <div>
      <p role="status" className="sr-only">
        Loading items
      </p>
      <div aria-hidden="true" className="space-y-3">
        {SKELETONS.map((key) => (
          <Card key={key} className="space-y-3 p-5">
            <Skeleton className="h-5 w-1/3" />
            <Skeleton className="h-4 w-5/6" />
            <Skeleton className="h-3 w-20" />
          </Card>
        ))}
      </div>
    </div>
  )
}
