import { QueryClient } from "@tanstack/react-query"
import { createRouter, type RouterHistory } from "@tanstack/react-router"
import { ApiError } from "@/api/errors"
import { takeTokensFrom } from "@/api/transport"
import { NotFound } from "@/components/not-found"
import { PageError } from "@/components/page-error"
import { PagePending } from "@/components/page-pending"
import { toast } from "@/lib/toasts"
import { routeTree } from "@/routeTree.gen"
import { Session } from "@/session/session"

const RETRIES = 2

/** Make the router with a session and a query client of its own; tests give a history in memory. */
export function makeRouter(history?: RouterHistory) {
  const session = new Session()
  takeTokensFrom(session)
  const queryClient = makeQueryClient()
  const router = createRouter({
    routeTree,
    ...(history && { history }),
    context: { queryClient, session },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0, // the query client alone decides what is fresh
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageError,
    defaultPendingComponent: PagePending,
    defaultPendingMs: 150, // a page that is opened shows nothing at all before
    defaultPendingMinMs: 300,
    scrollRestoration: true,
  })
  // At once, beside the page itself. A failure shows where it matters: guards ask again, and their pages tell of it.
  session.restore().catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error
  })
  let userId = session.state.user?.id
  session.subscribe(() => {
    const { state } = session
    if (state.user?.id === userId) return
    userId = state.user?.id
    queryClient.removeQueries({ predicate: ({ meta }) => meta?.isPrivate === true })
    if (state.status === "visitor" && state.wasMember) toast({ title: "You have been signed out", tone: "plain" })
    void router.invalidate()
  })
  return router
}

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < RETRIES && error instanceof ApiError && error.isTransient,
      },
    },
  })
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}

declare module "@tanstack/react-query" {
  interface Register {
    /** Private answers are dropped when another user, or none, takes over. */
    queryMeta: { isPrivate?: boolean }
  }
}
