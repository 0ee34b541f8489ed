import type { Item } from "@/client/types.gen"
import { BusyButton, Button } from "@/components/ui/button"
import { Actions, Dialog } from "@/components/ui/dialog"
import { atMost, required, verdicts } from "@/forms/checks"
import { TextArea, TextField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { sortOut, useForm } from "@/forms/use-form"
import type { Draft } from "./use-save-item"

const LONGEST_TITLE = 200
const LONGEST_DESCRIPTION = 10_000
const FIELDS = ["title", "description"] as const

interface Props {
  draft: Draft
  /** Why the last try failed, when the dialog is back for another. */
  failure: Error | null
  onSave: (title: string, description: string) => void
  onClose: () => void
}

/** The text of one item, new or not. */
export function ItemDialog({ draft, failure, onSave, onClose }: Props) {
  const [refusal, error] = failure ? sortOut(failure, FIELDS) : [{}, null]
  const form = useForm({
    fields: FIELDS,
    initial: refusal,
    check: ({ title, description }) =>
      verdicts({
        title: required(title, "Give it a title.") ?? atMost(title, LONGEST_TITLE),
        description: atMost(description, LONGEST_DESCRIPTION),
      }),
    send: async ({ title, description }) => onSave(title.trim(), description.trim()),
  })
  return (
    <Dialog title={draft.item ? "Edit item" : "New item"} onClose={onClose}>
      <form {...form.props} className="space-y-5">
        <FormError error={error} />
        <TextField form={form} name="title" label="Title" defaultValue={draft.title} autoComplete="off" />
        <TextArea form={form} name="description" label="Description" defaultValue={draft.description} />
        <Actions>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <BusyButton type="submit" isBusy={form.isSending} busyLabel="Saving…">
            {draft.item ? "Save changes" : "Create item"}
          </BusyButton>
        </Actions>
      </form>
    </Dialog>
  )
}

interface ConflictProps {
  draft: Draft
  theirs: Item
  onKeepMine: () => void
  onTakeTheirs: () => void
}

/** Two people changed the same item: show both texts, and let this one decide. */
export function ConflictDialog({ draft, theirs, onKeepMine, onTakeTheirs }: ConflictProps) {
  const isSame = theirs.title === draft.title && theirs.description === draft.description
  return (
    <Dialog
      title="This item was changed meanwhile"
      detail={
        isSame
          ? "Somebody made the very same change."
          : "Somebody saved another text while you were writing. Nothing is lost yet: which one should stay?"
      }
      onClose={onTakeTheirs}
    >
      <div className="space-y-4">
        <Version name="Theirs, as it is now" title={theirs.title} description={theirs.description} />
        <Version name="Yours, not saved" title={draft.title} description={draft.description} />
        <Actions>
          <Button variant="outline" onClick={onTakeTheirs}>
            Keep theirs
          </Button>
          <Button onClick={onKeepMine}>Save mine over it</Button>
        </Actions>
      </div>
    </Dialog>
  )
}

function Version({ name, title, description }: { name: string; title: string; description: string }) {
  return (
    <section className="rounded-xl bg-muted p-4 text-sm">
      <h3 className="font-medium text-muted-foreground text-xs">{name}</h3>
      <p className="mt-1.5 break-words font-medium">{title}</p>
      <p className="mt-1 line-clamp-6 whitespace-pre-line break-words">{description || "No description"}</p>
    </section>
  )
}
