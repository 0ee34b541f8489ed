import type { QueryClient } from "@tanstack/react-query"
import { useSyncExternalStore } from "react"
import { ApiError, explain, isStatus } from "@/api/errors"
import { deleteItem } from "@/client/sdk.gen"
import type { Item } from "@/client/types.gen"
import { toast } from "@/lib/toasts"
import { dropItem, refreshLists } from "./cache"

const UNDO_MS = 8_000
const listeners = new Set<() => void>()
/** Ids of items that are out of sight, and will be gone unless somebody wants them back. */
let hidden: ReadonlySet<string> = new Set()

/** Hide an item at once, and delete it when the chance to undo has passed, or the page goes away. */
export function deleteWithUndo(client: QueryClient, item: Item, onUndo?: () => void): void {
  hide(item.id)
  toast({
    title: "Item deleted",
    detail: item.title,
    tone: "plain",
    durationMs: UNDO_MS,
    action: {
      label: "Undo",
      run: () => {
        show(item.id)
        onUndo?.()
      },
    },
    onGone: () => void carryOut(client, item),
  })
}

export function useHiddenItems(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, current)
}

async function carryOut(client: QueryClient, item: Item): Promise<void> {
  try {
    const headers = { "if-match": `"${item.version}"` }
    await deleteItem({ path: { item_id: item.id }, headers, keepalive: true })
    dropItem(client, item.id)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (isStatus(error, 404)) dropItem(client, item.id)
    else sayItStays(item, error)
  } finally {
    show(item.id)
    void refreshLists(client)
  }
}

function sayItStays(item: Item, error: ApiError): void {
  const reason = isStatus(error, 412) ? "Somebody changed it in the meantime." : explain(error)
  toast({ title: "The item could not be deleted", detail: `${item.title}: ${reason}`, tone: "bad" })
}

function hide(id: string): void {
  change(new Set([...hidden, id]))
}

function show(id: string): void {
  change(new Set([...hidden].filter((other) => other !== id)))
}

function change(next: ReadonlySet<string>): void {
  hidden = next
  for (const listener of listeners) listener()
}

function current(): ReadonlySet<string> {
  return hidden
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
