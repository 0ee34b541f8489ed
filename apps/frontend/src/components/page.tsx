import type { ReactNode } from "react"
import { cn } from "@/lib/cn"
import { usePageTitle } from "@/lib/page-title"

interface Props {
  title: string
  detail?: ReactNode
  /** Buttons beside the title. */
  actions?: ReactNode
  className?: string
  children: ReactNode
}

/** A page below the header: its title, also in the browser's tab, and what it shows. */
export function Page({ title, detail, actions, className, children }: Props) {
  usePageTitle(`${title} · Slipway`)
  return (
    <div className={cn("mx-auto max-w-6xl px-5 py-10 sm:py-14", className)}>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="break-words font-semibold text-3xl tracking-tight">{title}</h1>
          {detail && <p className="mt-2 text-muted-foreground">{detail}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-3">{actions}</div>}
      </div>
      <div className="mt-8">{children}</div>
    </div>
  )
}
