import { infiniteQueryOptions } from "@tanstack/react-query"
import { getJson } from "./http"
import { Shape } from "./shape"

/** Fills rows of one, two and three. */
export const PAGE_SIZE = 12

export interface Item {
  id: string
  title: string
  description: string
  createdAt: Date
}

export interface ItemPage {
  items: Item[]
  nextCursor: string | null
}

/** Fetch one page, newest first; `cursor` is the `nextCursor` of the page before. */
export async function fetchItems(cursor: string | null, signal: AbortSignal): Promise<ItemPage> {
  const search = new URLSearchParams({ limit: String(PAGE_SIZE) })
  if (cursor !== null) search.set("cursor", cursor)
  const reply = Shape.of(await getJson(`/items?${search}`, signal))
  return { items: reply.list("items", readItem), nextCursor: reply.stringOrNull("next_cursor") }
}

function readItem(entry: Shape): Item {
  return {
    id: entry.string("id"),
    title: entry.string("title"),
    description: entry.stringOrNull("description") ?? "",
    createdAt: new Date(entry.string("created_at")),
  }
}

export const itemsQuery = infiniteQueryOptions({
  queryKey: ["items"],
  queryFn: ({ pageParam, signal }) => fetchItems(pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.nextCursor,
  staleTime: 30_000,
})
