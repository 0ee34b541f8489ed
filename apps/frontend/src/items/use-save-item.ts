import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query"
import { changeItem, createItem } from "@/client/sdk.gen"
import type { Item } from "@/client/types.gen"
import { addItem, type Before, beforeChange, goBack, putItem, refreshLists, replaceItem } from "./cache"

/** What the editor has: a new item's text, or changes of the item as it was read. */
export interface Draft {
  /** Sent as Idempotency-Key, so that trying again after a lost answer makes no second item. */
  key: string
  item: Item | null
  title: string
  description: string
}

/** An item shown before the API has made it has an id of this kind, and cannot be opened yet. */
export function isProvisional(item: Item): boolean {
  return item.id.startsWith("new:")
}

/** Save a draft: shown as saved at once, taken back when the API refuses. */
export function useSaveItem(userId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onMutate: async (draft): Promise<Before> => {
      const before = await beforeChange(client)
      showSaved(client, draft, userId)
      return before
    },
    onError: (_error, _draft, before) => {
      if (before) goBack(client, before)
    },
    onSuccess: (saved, draft) => {
      if (draft.item) putItem(client, saved)
      else replaceItem(client, provisionalId(draft), saved)
    },
    onSettled: () => refreshLists(client),
  })
}

async function send(draft: Draft): Promise<Item> {
  const body = { title: draft.title, description: draft.description }
  if (draft.item === null) return (await createItem({ body, headers: { "Idempotency-Key": draft.key } })).data
  const headers = { "if-match": `"${draft.item.version}"` }
  return (await changeItem({ path: { item_id: draft.item.id }, body, headers })).data
}

function showSaved(client: QueryClient, draft: Draft, userId: string): void {
  const now = new Date().toISOString()
  const { title, description } = draft
  if (draft.item) putItem(client, { ...draft.item, title, description, updated_at: now })
  else {
    const id = provisionalId(draft)
    addItem(client, { id, owner_id: userId, title, description, version: 0, created_at: now, updated_at: now })
  }
}

function provisionalId(draft: Draft): string {
  return `new:${draft.key}`
}
