import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { ArrowRight, PackageOpen, Plus } from "lucide-react"
import type { ReactNode } from "react"
import { sessionsQuery } from "@/api/account"
import { healthQuery } from "@/api/health"
import { itemsQuery } from "@/api/items"
import type { Item, Me } from "@/client/types.gen"
import { ErrorNotice } from "@/components/error-notice"
import { Page } from "@/components/page"
import { Badge } from "@/components/ui/badge"
import { Button, buttonStyle } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { Empty } from "@/components/ui/empty"
import { Skeleton } from "@/components/ui/skeleton"
import { VerifyNotice } from "@/components/verify-notice"
import { When } from "@/components/when"
import { useItemEditor } from "@/items/item-editor"
import { isProvisional } from "@/items/use-save-item"
import { dayOf } from "@/lib/time"
import { useUser } from "@/session/use-session"

const SHOWN = 5
const MINE = itemsQuery({ owner: "me" })

export const Route = createFileRoute("/_member/dashboard")({
  loader: ({ context }) => {
    void context.queryClient.prefetchInfiniteQuery(MINE)
    void context.queryClient.prefetchQuery(sessionsQuery)
  },
  component: Dashboard,
})

function Dashboard() {
  const user = useUser()
  const editor = useItemEditor(user)
  if (!user) return null
  const create = (
    <Button onClick={editor.create}>
      <Plus aria-hidden="true" />
      New item
    </Button>
  )
  return (
    <Page
      title={`Hello, ${user.display_name || nameIn(user.email)}`}
      detail="What is yours, and how it is."
      actions={create}
    >
      <div className="space-y-6">
        <VerifyNotice user={user} />
        <div className="grid items-start gap-6 lg:grid-cols-[2fr_1fr]">
          <YourItems onCreate={editor.create} />
          <div className="space-y-6">
            <Account user={user} />
            <Systems />
          </div>
        </div>
      </div>
      {editor.dialog}
    </Page>
  )
}

function YourItems({ onCreate }: { onCreate: () => void }) {
  const query = useInfiniteQuery(MINE)
  const items = query.data?.pages[0]?.items.slice(0, SHOWN)
  return (
    <section aria-labelledby="your-items">
      <div className="mb-3 flex items-center justify-between gap-4">
        <h2 id="your-items" className="font-semibold text-lg tracking-tight">
          Your newest items
        </h2>
        <Link
          to="/items"
          search={{ owner: "me" }}
          className={buttonStyle({ variant: "ghost", size: "small" }, "-mr-3")}
        >
          See all
          <ArrowRight aria-hidden="true" />
        </Link>
      </div>
      {query.isPending && <Skeleton className="h-72 w-full" />}
      {query.isError && !items && (
        <ErrorNotice
          title="Your items could not be loaded"
          error={query.error}
          isRetrying={query.isFetching}
          onRetry={() => void query.refetch()}
        />
      )}
      {items?.length === 0 && (
        <Empty
          icon={PackageOpen}
          title="Nothing of yours yet"
          action={<Button onClick={onCreate}>Make the first one</Button>}
        >
          An item has a title and, if you like, a description. Everybody can read it; only you can change it.
        </Empty>
      )}
      {items && items.length > 0 && (
        <Card>
          <ul className="divide-y">
            {items.map((item) => (
              <Line key={item.id} item={item} />
            ))}
          </ul>
        </Card>
      )}
    </section>
  )
}

function Line({ item }: { item: Item }) {
  return (
    <li className="flex items-baseline justify-between gap-4 px-5 py-3.5">
      {isProvisional(item) ? (
        <span className="min-w-0 truncate font-medium">{item.title}</span>
      ) : (
        <Link
          to="/items/$itemId"
          params={{ itemId: item.id }}
          className="min-w-0 truncate rounded font-medium underline-offset-4 hover:underline"
        >
          {item.title}
        </Link>
      )}
      <When at={item.created_at} className="shrink-0 text-muted-foreground text-xs" />
    </li>
  )
}

function Account({ user }: { user: Me }) {
  const sessions = useQuery(sessionsQuery).data
  return (
    <Panel title="Your account" to="/settings/profile" link="Account settings">
      <Row name="Address">
        <Badge tone={user.email_verified ? "good" : "accent"}>
          {user.email_verified ? "Confirmed" : "Not confirmed"}
        </Badge>
      </Row>
      <Row name="Signed in on">
        {sessions ? (
          <Link
            to="/settings/sessions"
            className="inline-block rounded py-1 font-medium underline-offset-4 hover:underline"
          >
            {sessions.length === 1 ? "1 device" : `${sessions.length} devices`}
          </Link>
        ) : (
          <Skeleton className="h-5 w-16" />
        )}
      </Row>
      <Row name="Member since">
        <time className="font-medium" dateTime={user.created_at}>
          {dayOf(new Date(user.created_at))}
        </time>
      </Row>
    </Panel>
  )
}

function Systems() {
  const query = useQuery(healthQuery)
  const isWell = !query.isError && query.data?.health.ok
  return (
    <Panel title="The system" to="/" link="Status">
      <Row name="Now">
        {query.isPending ? (
          <Skeleton className="h-5 w-16" />
        ) : (
          <Badge tone={isWell ? "good" : "bad"}>{isWell ? "All ready" : "In trouble"}</Badge>
        )}
      </Row>
    </Panel>
  )
}

function Panel({ title, to, link, children }: { title: string; to: string; link: string; children: ReactNode }) {
  return (
    <Card className="p-5">
      <div className="flex items-center justify-between gap-4">
        <h2 className="font-semibold">{title}</h2>
        <Link to={to} className="rounded py-0.5 text-muted-foreground text-sm underline-offset-4 hover:underline">
          {link}
        </Link>
      </div>
      <dl className="mt-3 space-y-1.5 text-sm">{children}</dl>
    </Card>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-7 items-center justify-between gap-4">
      <dt className="text-muted-foreground">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function nameIn(email: string): string {
  return email.split("@")[0] ?? email
}
