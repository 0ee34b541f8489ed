import type { Item } from "@/client/types.gen"
import { ConflictDialog, ItemDialog } from "./item-dialog"
import type { Open } from "./item-editor"
import type { Draft } from "./use-save-item"

interface DialogProps {
  open: Open
  onSave: (draft: Draft) => void
  onClose: () => void
  onTakeTheirs: (theirs: Item) => void
}

/** The dialog of the editor: a text to write, or two to choose from. */
export default function EditorDialog({ open: { draft, failure, theirs }, onSave, onClose, onTakeTheirs }: DialogProps) {
  if (theirs !== null) {
    return (
      <ConflictDialog
        draft={draft}
        theirs={theirs}
        onKeepMine={() => onSave({ ...draft, item: theirs })}
        onTakeTheirs={() => onTakeTheirs(theirs)}
      />
    )
  }
  return (
    <ItemDialog
      draft={draft}
      failure={failure}
      onSave={(title, description) => onSave(rewritten(draft, title, description))}
      onClose={onClose}
    />
  )
}

/** Other content needs another Idempotency-Key: the API refuses one key for two contents. */
function rewritten(draft: Draft, title: string, description: string): Draft {
  const isSame = draft.title === title && draft.description === description
  return { ...draft, title, description, key: isSame ? draft.key : crypto.randomUUID() }
}
