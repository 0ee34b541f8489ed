import { useInfiniteQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { SearchX } from "lucide-react"
import { useCallback } from "react"
import { usersQuery } from "@/api/account"
import type { User } from "@/client/types.gen"
import { ErrorNotice } from "@/components/error-notice"
import { LoadMore } from "@/components/load-more"
import { Page } from "@/components/page"
import { SearchField } from "@/components/search-field"
import { Avatar } from "@/components/ui/avatar"
import { Badge } from "@/components/ui/badge"
import { Card } from "@/components/ui/card"
import { Empty } from "@/components/ui/empty"
import { Skeleton } from "@/components/ui/skeleton"
import { dayOf } from "@/lib/time"
import { useUser } from "@/session/use-session"

export const Route = createFileRoute("/_member/users")({
  validateSearch: ({ q }: Record<string, unknown>): { q?: string | undefined } => {
    return { q: (typeof q === "string" && q.slice(0, 100)) || undefined }
  },
  component: Users,
})

function Users() {
  const user = useUser()
  if (!user?.is_staff) {
    return (
      <Page title="For staff only" detail="The list of users is for the people who run this site.">
        {null}
      </Page>
    )
  }
  return <Staff />
}

function Staff() {
  const { q = "" } = Route.useSearch()
  const navigate = Route.useNavigate()
  const search = useCallback(
    (text: string) => void navigate({ search: text ? { q: text } : {}, replace: true }),
    [navigate],
  )
  return (
    <Page title="Users" detail="Everyone with an account, newest first. They are changed in the admin.">
      <div className="mb-6 flex max-w-md">
        <SearchField label="Search emails and names" value={q} onSearch={search} />
      </div>
      <UserList q={q} />
    </Page>
  )
}

function UserList({ q }: { q: string }) {
  const query = useInfiniteQuery(usersQuery(q))
  const users = query.data?.pages.flatMap((page) => page.users)
  if (query.isPending) return <Skeleton className="h-96 w-full" />
  if (!users) {
    return (
      <ErrorNotice
        title="The users could not be loaded"
        error={query.error ?? new Error("No answer.")}
        isRetrying={query.isFetching}
        onRetry={() => void query.refetch()}
      />
    )
  }
  return (
    <div className="space-y-4">
      <p role="status" className="sr-only">
        {`${users.length} users shown`}
      </p>
      {users.length === 0 ? (
        <Empty icon={SearchX} title="Nobody found">
          No email or name has “{q}” in it.
        </Empty>
      ) : (
        <Table users={users} />
      )}
      <LoadMore what="users" query={query} />
    </div>
  )
}

/** On a narrow screen each row becomes a card: the cells stand below one another. */
function Table({ users }: { users: User[] }) {
  return (
    <Card className="overflow-hidden">
      <table className="block w-full text-sm md:table">
        <thead className="border-b bg-muted/50 text-left text-muted-foreground max-md:sr-only">
          <tr>
            <th scope="col" className="px-5 py-3 font-medium">
              User
            </th>
            <th scope="col" className="px-5 py-3 font-medium">
              State
            </th>
            <th scope="col" className="px-5 py-3 font-medium">
              Member since
            </th>
          </tr>
        </thead>
        <tbody className="block divide-y md:table-row-group">
          {users.map((user) => (
            <Row key={user.id} user={user} />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function Row({ user }: { user: User }) {
  return (
    <tr className="block px-5 py-4 md:table-row md:p-0">
      <td className="block md:table-cell md:px-5 md:py-3.5">
        <div className="flex items-center gap-3">
          <Avatar name={user.display_name || user.email} className="size-9 text-sm" />
          <div className="min-w-0">
            <p className="break-words font-medium">{user.display_name || "No name"}</p>
            <p className="break-all text-muted-foreground">{user.email}</p>
          </div>
        </div>
      </td>
      <td className="mt-3 block md:mt-0 md:table-cell md:px-5 md:py-3.5">
        <div className="flex flex-wrap gap-1.5">
          {!user.is_active && <Badge tone="bad">Inactive</Badge>}
          {user.is_staff && <Badge tone="accent">Staff</Badge>}
          <Badge tone={user.email_verified ? "good" : "plain"}>
            {user.email_verified ? "Confirmed" : "Not confirmed"}
          </Badge>
        </div>
      </td>
      <td className="mt-2 block text-muted-foreground md:mt-0 md:table-cell md:px-5 md:py-3.5">
        <span className="md:hidden">Member since </span>
        <time dateTime={user.created_at}>{dayOf(new Date(user.created_at))}</time>
      </td>
    </tr>
  )
}
