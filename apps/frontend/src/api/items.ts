import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { listItems, readItem } from "@/client/sdk.gen"
import type { Item, ItemPage } from "@/client/types.gen"

/** Fills rows of one, two and three. */
export const PAGE_SIZE = 12

/** Which items a list shows: a part of the title, and whose. */
export interface ItemFilter {
  q?: string
  owner?: "me"
}

/** A list of items, newest first, page by page. */
export function itemsQuery(filter: ItemFilter = {}) {
  return infiniteQueryOptions({
    queryKey: ["items", filter],
    queryFn: async ({ pageParam, signal }): Promise<ItemPage> => {
      const query = { ...filter, limit: PAGE_SIZE, ...(pageParam !== null && { cursor: pageParam }) }
      return (await listItems({ query, signal })).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    meta: { isPrivate: filter.owner === "me" },
  })
}

export function itemQuery(id: string) {
  return queryOptions({
    queryKey: ["item", id],
    queryFn: async ({ signal }): Promise<Item> => (await readItem({ path: { item_id: id }, signal })).data,
  })
}
