import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { listFlags, listSessions, listUsers, readJob } from "@/client/sdk.gen"
import type { Job, UserPage } from "@/client/types.gen"

const JOB_INTERVAL_MS = 1_000
const USERS_PAGE = 30

export const flagsQuery = queryOptions({
  queryKey: ["flags"],
  queryFn: async ({ signal }) => (await listFlags({ signal })).data.flags,
  staleTime: Number.POSITIVE_INFINITY,
})

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await listSessions({ signal })).data.sessions,
  meta: { isPrivate: true },
})

/** A job of this user, asked for until it has come to an end. */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id],
    queryFn: async ({ signal }): Promise<Job> => (await readJob({ path: { job_id: id }, signal })).data,
    refetchInterval: ({ state }) => (isOver(state.data) || state.error ? false : JOB_INTERVAL_MS),
    staleTime: 0,
    meta: { isPrivate: true },
  })
}

export function isOver(job: Job | undefined): boolean {
  return job?.status === "done" || job?.status === "failed"
}

/** Everyone with an account, for staff. */
export function usersQuery(q: string) {
  return infiniteQueryOptions({
    queryKey: ["users", q],
    queryFn: async ({ pageParam, signal }): Promise<UserPage> => {
      const query = { limit: USERS_PAGE, ...(q && { q }), ...(pageParam !== null && { cursor: pageParam }) }
      return (await listUsers({ query, signal })).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    meta: { isPrivate: true },
  })
}
