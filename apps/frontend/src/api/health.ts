import { queryOptions } from "@tanstack/react-query"
import { getJson } from "./http"
import { Shape } from "./shape"

/** How many response times a report remembers. */
export const KEPT_TIMES = 24
export const HEALTH_INTERVAL_MS = 15_000

export interface Health {
  ok: boolean
  service: string
  dbOk: boolean
  redisOk: boolean
  release: string
}

export interface HealthReport {
  health: Health
  checkedAt: Date
  /** Milliseconds of the latest answers as this browser saw them, oldest first. */
  timesMs: number[]
}

/** Ask once; 503 is an answer too: the API is there and says which of its dependencies is not. */
export async function fetchHealth(signal: AbortSignal): Promise<{ health: Health; timeMs: number }> {
  const start = performance.now()
  const reply = Shape.of(await getJson("/health", signal, [503]))
  const timeMs = performance.now() - start
  const health = {
    ok: reply.boolean("ok"),
    service: reply.string("service"),
    dbOk: reply.boolean("db_ok"),
    redisOk: reply.boolean("redis_ok"),
    release: reply.string("release"),
  }
  return { health, timeMs }
}

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: async ({ client, signal, queryKey }): Promise<HealthReport> => {
    const { health, timeMs } = await fetchHealth(signal)
    const earlier = client.getQueryData<HealthReport>(queryKey)?.timesMs ?? []
    return { health, checkedAt: new Date(), timesMs: [...earlier, timeMs].slice(-KEPT_TIMES) }
  },
  refetchInterval: HEALTH_INTERVAL_MS,
  staleTime: HEALTH_INTERVAL_MS,
  retry: false, // the next check comes soon, and a failing one should show at once
})
