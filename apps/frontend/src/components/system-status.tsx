import { useQuery } from "@tanstack/react-query"
import { RefreshCw } from "lucide-react"
import { type ReactNode, useEffect, useState } from "react"
import { ApiError } from "@/api/errors"
import { HEALTH_INTERVAL_MS, type HealthReport, healthQuery } from "@/api/health"
import type { Health } from "@/client/types.gen"
import { ResponseTimes } from "@/components/response-times"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"
import { cn } from "@/lib/cn"

type Mood = "waiting" | "ok" | "bad"

/** What the API says of itself and of what it needs, asked again every few seconds while the page is in view. */
export function SystemStatus() {
  const query = useQuery(healthQuery)
  // After a failed check the earlier report is history, not status.
  const report = query.isError ? undefined : query.data
  const mood: Mood = query.isPending ? "waiting" : report?.health.ok ? "ok" : "bad"
  return (
    <section id="status" aria-labelledby="status-title">
      <Card className="shadow-foreground/5 shadow-xl">
        <div className="flex items-center justify-between gap-4 border-b px-5 py-4 sm:px-6">
          <div className="flex items-center gap-3">
            <Light mood={mood} />
            <h2 id="status-title" className="font-semibold">
              <span role="status">{headline(query.isPending, report?.health)}</span>
            </h2>
          </div>
          <Button
            variant="ghost"
            size="icon"
            className="-mr-2"
            aria-label="Check again now"
            aria-disabled={query.isFetching}
            onClick={() => {
              if (!query.isFetching) void query.refetch()
            }}
          >
            <RefreshCw aria-hidden="true" className={cn(query.isFetching && "motion-safe:animate-spin")} />
          </Button>
        </div>
        {query.isError ? <Unreachable error={query.error} /> : <Rows report={report} />}
        <ReleaseNotice release={report?.health.release} />
      </Card>
    </section>
  )
}

function headline(isPending: boolean, health: Health | undefined): string {
  if (isPending) return "Asking the API…"
  if (!health) return "The API does not answer"
  return health.ok ? "All systems ready" : "Part of the system is down"
}

function Light({ mood }: { mood: Mood }) {
  const colour = { waiting: "bg-muted-foreground", ok: "bg-ok", bad: "bg-bad" }[mood]
  return (
    <span aria-hidden="true" className="relative flex size-2.5">
      {mood === "ok" && (
        <span className={cn("absolute inset-0 rounded-full opacity-60 motion-safe:animate-ping", colour)} />
      )}
      <span className={cn("relative size-2.5 rounded-full", colour)} />
    </span>
  )
}

function Rows({ report }: { report: HealthReport | undefined }) {
  const latest = report?.timesMs.at(-1)
  return (
    <dl className="divide-y px-5 sm:px-6">
      <Row name="Database">{report && <Verdict isUp={report.health.db_ok} />}</Row>
      <Row name="Queue">{report && <Verdict isUp={report.health.redis_ok} />}</Row>
      <Row name="Release">
        {report && <span className="break-all text-right font-mono text-sm">{report.health.release}</span>}
      </Row>
      <Row name="Response time">
        {report && latest !== undefined && (
          <span className="flex items-center gap-3">
            <ResponseTimes timesMs={report.timesMs} />
            <span className="font-medium tabular-nums">{latest < 10 ? latest.toFixed(1) : Math.round(latest)} ms</span>
          </span>
        )}
      </Row>
    </dl>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-14 items-center justify-between gap-6 py-3">
      <dt className="shrink-0 text-muted-foreground text-sm">{name}</dt>
      <dd>{children ?? <Skeleton className="h-5 w-24" />}</dd>
    </div>
  )
}

function Verdict({ isUp }: { isUp: boolean }) {
  return (
    <span
      className={cn(
        "rounded-full px-2.5 py-1 font-medium text-sm",
        isUp ? "bg-ok-soft text-ok" : "bg-bad-soft text-bad",
      )}
    >
      {isUp ? "Ready" : "Down"}
    </span>
  )
}

function Unreachable({ error }: { error: Error }) {
  return (
    <div className="px-5 py-6 text-sm sm:px-6">
      <p>{error.message}</p>
      <p className="mt-2 text-muted-foreground">It is asked again every {HEALTH_INTERVAL_MS / 1000} seconds.</p>
      {error instanceof ApiError && (
        <p className="mt-2 text-muted-foreground">
          Request <span className="break-all font-mono text-xs">{error.requestId}</span>
        </p>
      )}
    </div>
  )
}

/** A page outlives the release it came from: say so once another one answers. */
function ReleaseNotice({ release }: { release: string | undefined }) {
  const [first, setFirst] = useState<string>()
  useEffect(() => {
    if (release !== undefined) setFirst((known) => known ?? release)
  }, [release])
  if (release === undefined || first === undefined || release === first) return null
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t bg-muted px-5 py-3 text-sm sm:px-6">
      <p role="status">A newer release has taken over.</p>
      <Button variant="outline" size="small" onClick={() => window.location.reload()}>
        Load it
      </Button>
    </div>
  )
}
