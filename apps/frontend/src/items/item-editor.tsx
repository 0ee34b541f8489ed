import { useQueryClient } from "@tanstack/react-query"
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react"
import { ApiError, explain, isStatus } from "@/api/errors"
import { itemQuery } from "@/api/items"
import type { Item, Me } from "@/client/types.gen"
import { toast } from "@/lib/toasts"
import { putItem } from "./cache"
import { type Draft, useSaveItem } from "./use-save-item"

/** Loaded once somebody writes: lists are read far more often. */
const EditorDialog = lazy(() => import("./editor-dialog"))

export interface Open {
  draft: Draft
  failure: Error | null
  /** The item as somebody else left it, when both changed it. */
  theirs: Item | null
}

interface Editor {
  create: () => void
  edit: (item: Item) => void
  /** To be rendered where the editor is used. */
  dialog: ReactNode
}

/** Write items: a saved text shows at once, and a refused one comes back with the reason. */
export function useItemEditor(user: Me | null): Editor {
  const client = useQueryClient()
  const [open, setOpen] = useState<Open | null>(null)
  const save = useSaveItem(user?.id ?? "")
  const isHere = useIsHere()

  async function submit(draft: Draft) {
    setOpen(null)
    try {
      await save.mutateAsync(draft)
      toast({ title: draft.item ? "Changes saved" : "Item created", tone: "good" })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (!isHere()) toast({ title: "The item could not be saved", detail: explain(error), tone: "bad" })
      else if (isStatus(error, 412) && draft.item) await showConflict(draft, draft.item.id)
      else setOpen({ draft, failure: error, theirs: null })
    }
  }

  async function showConflict(draft: Draft, id: string) {
    try {
      const theirs = await client.fetchQuery({ ...itemQuery(id), staleTime: 0 })
      setOpen({ draft, failure: null, theirs })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setOpen({ draft, failure: error, theirs: null })
    }
  }

  return {
    create: () => setOpen(opened({ key: crypto.randomUUID(), item: null, title: "", description: "" })),
    edit: (item) => setOpen(opened({ key: "", item, title: item.title, description: item.description })),
    dialog: open && (
      <Suspense>
        <EditorDialog
          open={open}
          onSave={(draft) => void submit(draft)}
          onClose={() => setOpen(null)}
          onTakeTheirs={(theirs) => {
            putItem(client, theirs)
            setOpen(null)
          }}
        />
      </Suspense>
    ),
  }
}

function opened(draft: Draft): Open {
  return { draft, failure: null, theirs: null }
}

function useIsHere(): () => boolean {
  const ref = useRef(false)
  useEffect(() => {
    ref.current = true
    return () => {
      ref.current = false
    }
  }, [])
  return () => ref.current
}
