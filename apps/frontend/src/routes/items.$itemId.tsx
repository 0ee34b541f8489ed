import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link, notFound, useNavigate } from "@tanstack/react-router"
import { ArrowLeft, Pencil, Trash2 } from "lucide-react"
import { isStatus } from "@/api/errors"
import { itemQuery } from "@/api/items"
import type { Item } from "@/client/types.gen"
import { Page } from "@/components/page"
import { Badge } from "@/components/ui/badge"
import { Button, buttonStyle } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { When } from "@/components/when"
import { deleteWithUndo } from "@/items/deletions"
import { useItemEditor } from "@/items/item-editor"
import { mayChange } from "@/items/permissions"
import { useUser } from "@/session/use-session"

export const Route = createFileRoute("/items/$itemId")({
  loader: async ({ context, params }) => {
    try {
      return await context.queryClient.ensureQueryData(itemQuery(params.itemId))
    } catch (error) {
      // 422: no item has an id of this form.
      if (isStatus(error, 404) || isStatus(error, 422)) throw notFound()
      throw error
    }
  },
  notFoundComponent: NoItem,
  component: ItemPage,
})

function ItemPage() {
  const { itemId } = Route.useParams()
  const item = useSuspenseQuery(itemQuery(itemId)).data
  const user = useUser()
  const editor = useItemEditor(user)
  return (
    <Page
      className="max-w-3xl"
      title={item.title}
      detail={
        <Link
          to="/items"
          className="inline-flex items-center gap-1.5 rounded text-sm underline-offset-4 hover:underline"
        >
          <ArrowLeft aria-hidden="true" className="size-4" />
          All items
        </Link>
      }
      actions={mayChange(user, item) && <ItemActions item={item} onEdit={() => editor.edit(item)} />}
    >
      <Card className="p-5 sm:p-7">
        <p className="whitespace-pre-line break-words leading-relaxed">
          {item.description || <span className="text-muted-foreground">No description.</span>}
        </p>
      </Card>
      <dl className="mt-6 flex flex-wrap gap-x-10 gap-y-4 text-sm">
        <Fact name="Created">
          <When at={item.created_at} />
        </Fact>
        <Fact name="Last changed">{item.version > 1 ? <When at={item.updated_at} /> : "Never"}</Fact>
        <Fact name="Version">{item.version}</Fact>
        {user && user.id === item.owner_id && (
          <Fact name="Owner">
            <Badge tone="accent">You</Badge>
          </Fact>
        )}
      </dl>
      {editor.dialog}
    </Page>
  )
}

function NoItem() {
  return (
    <Page title="This item is not here" detail="It was deleted, or its address has a mistake.">
      <Link to="/items" className={buttonStyle({ variant: "primary" })}>
        See all items
      </Link>
    </Page>
  )
}

function ItemActions({ item, onEdit }: { item: Item; onEdit: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate() // undoing comes back from other pages
  const remove = () => {
    deleteWithUndo(client, item, () => void navigate({ to: "/items/$itemId", params: { itemId: item.id } }))
    void navigate({ to: "/items" })
  }
  return (
    <>
      <Button variant="outline" onClick={remove}>
        <Trash2 aria-hidden="true" />
        Delete
      </Button>
      <Button onClick={onEdit}>
        <Pencil aria-hidden="true" />
        Edit
      </Button>
    </>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="mt-0.5 font-medium">{children}</dd>
    </div>
  )
}
