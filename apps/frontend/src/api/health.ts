import { queryOptions } from "@tanstack/react-query"
import { health as readHealth } from "@/client/sdk.gen"
import type { Health } from "@/client/types.gen"

/** How many response times a report remembers. */
export const KEPT_TIMES = 24
export const HEALTH_INTERVAL_MS = 15_000

export interface HealthReport {
  health: Health
  checkedAt: Date
  /** Milliseconds of the latest answers as this browser saw them, oldest first. */
  timesMs: number[]
}

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: async ({ client, signal, queryKey }): Promise<HealthReport> => {
    const start = performance.now()
    // 503 is an answer too: the API is there and says which of its dependencies is not.
    const { data } = await readHealth({ signal, alsoGood: [503] })
    const timeMs = performance.now() - start
    const earlier = client.getQueryData<HealthReport>(queryKey)?.timesMs ?? []
    return { health: data, checkedAt: new Date(), timesMs: [...earlier, timeMs].slice(-KEPT_TIMES) }
  },
  refetchInterval: HEALTH_INTERVAL_MS,
  staleTime: HEALTH_INTERVAL_MS,
  retry: false, // the next check comes soon, and a failing one should show at once
})
