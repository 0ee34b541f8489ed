import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { Monitor, Smartphone } from "lucide-react"
import { sessionsQuery } from "@/api/account"
import { explain } from "@/api/errors"
import { revokeOtherSessions, revokeSession } from "@/client/sdk.gen"
import type { Session } from "@/client/types.gen"
import { ErrorNotice } from "@/components/error-notice"
import { SettingsPart } from "@/components/settings-part"
import { Badge } from "@/components/ui/badge"
import { BusyButton, Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"
import { When } from "@/components/when"
import { deviceName, isPhone } from "@/lib/device"
import { toast } from "@/lib/toasts"

export const Route = createFileRoute("/_member/settings/sessions")({
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(sessionsQuery)
  },
  component: Sessions,
})

function Sessions() {
  const query = useQuery(sessionsQuery)
  const revokeOthers = useRevoke(
    () => revokeOtherSessions(),
    (session) => session.current,
    "Signed out everywhere else",
  )
  const others = query.data?.filter((session) => !session.current).length ?? 0
  return (
    <SettingsPart
      title="Sessions"
      detail="Where you are signed in. End what you do not know, then change your password."
      actions={
        others > 0 && (
          <BusyButton
            variant="outline"
            size="small"
            isBusy={revokeOthers.isPending}
            busyLabel="Signing out…"
            onClick={() => revokeOthers.mutate(undefined)}
          >
            Sign out everywhere else
          </BusyButton>
        )
      }
    >
      {query.isPending && <Loading />}
      {query.isError && !query.data && (
        <ErrorNotice
          title="Your sessions could not be loaded"
          error={query.error}
          isRetrying={query.isFetching}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && (
        <Card>
          <ul className="divide-y">
            {query.data.map((session) => (
              <Row key={session.id} session={session} />
            ))}
          </ul>
        </Card>
      )}
    </SettingsPart>
  )
}

function Row({ session }: { session: Session }) {
  const path = { session_id: session.id }
  const revoke = useRevoke(
    () => revokeSession({ path }),
    (other) => other.id !== session.id,
    "Signed out there",
  )
  const name = deviceName(session.user_agent)
  const Icon = isPhone(session.user_agent) ? Smartphone : Monitor
  return (
    <li className="flex items-center gap-4 px-5 py-4">
      <Icon aria-hidden="true" className="size-5 shrink-0 text-muted-foreground" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium text-sm">
          {name}
          {session.current && <Badge tone="good">This device</Badge>}
        </p>
        <p className="mt-0.5 break-words text-muted-foreground text-xs">
          {session.ip ? `${session.ip} · ` : ""}
          used <When at={session.last_used_at} /> · signed in <When at={session.created_at} />
        </p>
      </div>
      {!session.current && (
        <Button variant="outline" size="small" aria-label={`Sign out ${name}`} onClick={() => revoke.mutate(undefined)}>
          Sign out
        </Button>
      )}
    </li>
  )
}

/** End sessions: they leave the list at once, and are back when the API refuses. */
function useRevoke(revoke: () => Promise<unknown>, stays: (session: Session) => boolean, done: string) {
  const client = useQueryClient()
  const { queryKey } = sessionsQuery
  return useMutation({
    mutationFn: async () => {
      await revoke()
    },
    onMutate: async () => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(queryKey, (sessions) => sessions?.filter(stays))
      return before
    },
    onError: (error, _nothing, before) => {
      client.setQueryData(queryKey, before)
      toast({ title: "Signing out failed", detail: explain(error), tone: "bad" })
    },
    onSuccess: () => toast({ title: done, tone: "good" }),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
}

function Loading() {
  return (
    <Card className="space-y-6 p-5">
      <p role="status" className="sr-only">
        Loading your sessions
      </p>
      <Skeleton className="h-9 w-2/3" />
      <Skeleton className="h-9 w-1/2" />
    </Card>
  )
}
