import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query"
import { type ItemFilter, itemQuery, itemsQuery } from "@/api/items"
import type { Item, ItemPage } from "@/client/types.gen"

type Pages = InfiniteData<ItemPage, string | null>
/** What every list and page held before a change, to go back to. */
export type Before = [QueryKey, unknown][]

/** Stop answers on their way from overwriting what is about to change, and remember what is there. */
export async function beforeChange(client: QueryClient): Promise<Before> {
  await Promise.all([client.cancelQueries({ queryKey: ["items"] }), client.cancelQueries({ queryKey: ["item"] })])
  return [...client.getQueriesData({ queryKey: ["items"] }), ...client.getQueriesData({ queryKey: ["item"] })]
}

export function goBack(client: QueryClient, before: Before): void {
  for (const [key, data] of before) client.setQueryData(key, data)
}

/** Ask again for every list, in view or not. */
export function refreshLists(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ["items"] })
}

/** Put an item's new state into its page and every list that has it. */
export function putItem(client: QueryClient, item: Item): void {
  client.setQueryData(itemQuery(item.id).queryKey, item)
  changePages(client, (items) => items.map((known) => (known.id === item.id ? item : known)))
}

/** Put an item first in every list that would show it. */
export function addItem(client: QueryClient, item: Item): void {
  for (const [key, pages] of client.getQueriesData<Pages>({ queryKey: ["items"] })) {
    const { q = "" } = key[1] as ItemFilter
    const [first, ...rest] = pages?.pages ?? []
    if (!pages || !first || !item.title.toLowerCase().includes(q.toLowerCase())) continue
    client.setQueryData(key, { ...pages, pages: [{ ...first, items: [item, ...first.items] }, ...rest] })
  }
}

/** Put the item that the API made in the place of the one shown meanwhile. */
export function replaceItem(client: QueryClient, id: string, item: Item): void {
  client.setQueryData(itemQuery(item.id).queryKey, item)
  changePages(client, (items) => items.map((known) => (known.id === id ? item : known)))
}

export function dropItem(client: QueryClient, id: string): void {
  client.removeQueries({ queryKey: itemQuery(id).queryKey })
  changePages(client, (items) => items.filter((known) => known.id !== id))
}

/** An item as some list or page already has it. */
export function knownItem(client: QueryClient, id: string): Item | undefined {
  const lists = client.getQueriesData<Pages>({ queryKey: itemsQuery().queryKey.slice(0, 1) })
  return lists.flatMap(([, data]) => data?.pages.flatMap((page) => page.items) ?? []).find((item) => item.id === id)
}

function changePages(client: QueryClient, change: (items: Item[]) => Item[]): void {
  client.setQueriesData<Pages>({ queryKey: ["items"] }, (data) => {
    return data && { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) }
  })
}
