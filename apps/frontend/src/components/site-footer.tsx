import { useQuery } from "@tanstack/react-query"
import { healthQuery } from "@/api/health"

export function SiteFooter() {
  const release = useQuery({ ...healthQuery, refetchInterval: false }).data?.health.release
  return (
    <footer className="border-t">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-5 py-8 text-muted-foreground text-sm">
        <p className="text-balance">Slipway. FastAPI, Django and React behind one edge.</p>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          <a href="/api/docs" className="rounded underline-offset-4 hover:text-foreground hover:underline">
            API
          </a>
          {release && (
            <p>
              Release <span className="break-all font-mono text-xs">{release}</span>
            </p>
          )}
        </div>
      </div>
    </footer>
  )
}
