import { createFileRoute, Link } from "@tanstack/react-router"
import { Plus } from "lucide-react"
import { useCallback } from "react"
import { type ItemFilter, itemsQuery } from "@/api/items"
import { Page } from "@/components/page"
import { SearchField } from "@/components/search-field"
import { Button, buttonStyle } from "@/components/ui/button"
import { useItemEditor } from "@/items/item-editor"
import { ItemList } from "@/items/item-list"
import { useUser } from "@/session/use-session"

export const Route = createFileRoute("/items/")({
  validateSearch: readSearch,
  loaderDeps: ({ search }) => filterOf(search),
  // Not awaited: the list shows its own skeleton and its own error.
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchInfiniteQuery(itemsQuery(deps))
  },
  component: Items,
})

interface Search {
  q?: string | undefined
  owner?: "me" | undefined
}

function readSearch({ q, owner }: Record<string, unknown>): Search {
  const text = typeof q === "string" || typeof q === "number" ? String(q).slice(0, 100) : ""
  // Named even when dropped: a key that is left out keeps what the address holds.
  return { q: text || undefined, owner: owner === "me" ? owner : undefined }
}

function filterOf({ q, owner }: Search): ItemFilter {
  return { ...(q && { q }), ...(owner && { owner }) }
}

function Items() {
  const user = useUser()
  const filter = filterOf(Route.useSearch())
  const navigate = Route.useNavigate()
  const editor = useItemEditor(user)
  const search = useCallback(
    (q: string) => {
      void navigate({ search: ({ q: _old, ...rest }) => ({ ...rest, ...(q && { q }) }), replace: true })
    },
    [navigate],
  )
  const create = user ? (
    <Button onClick={editor.create}>
      <Plus aria-hidden="true" />
      New item
    </Button>
  ) : (
    <Link to="/login" search={{ next: "/items" }} className={buttonStyle({ variant: "outline" })}>
      Log in to add items
    </Link>
  )
  return (
    <Page title="Items" detail="Newest first." actions={create}>
      <div className="mb-6 flex flex-wrap gap-3">
        <SearchField label="Search titles" value={filter.q ?? ""} onSearch={search} />
        {user && <Whose q={filter.q} />}
      </div>
      <ItemList filter={filter} user={user} onEdit={editor.edit} whenEmpty={create} />
      {editor.dialog}
    </Page>
  )
}

const CHOICE =
  "inline-flex h-9 items-center rounded-md px-4 font-medium text-muted-foreground text-sm hover:text-foreground aria-[current=page]:bg-card aria-[current=page]:text-foreground aria-[current=page]:shadow-sm"

/** Everybody's items, or one's own. */
function Whose({ q }: { q: string | undefined }) {
  const rest = q ? { q } : {}
  const exact = { exact: true, includeSearch: true }
  return (
    <nav aria-label="Whose items" className="flex rounded-lg bg-muted p-1">
      <Link to="/items" search={rest} activeOptions={exact} className={CHOICE}>
        All
      </Link>
      <Link to="/items" search={{ ...rest, owner: "me" }} activeOptions={exact} className={CHOICE}>
        Yours
      </Link>
    </nav>
  )
}
