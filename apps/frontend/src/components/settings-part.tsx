import type { ReactNode } from "react"
import { Card } from "@/components/ui/card"
import { usePageTitle } from "@/lib/page-title"

interface Props {
  title: string
  detail: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** One page of the settings. */
export function SettingsPart({ title, detail, actions, children }: Props) {
  usePageTitle(`${title} · Settings · Slipway`)
  return (
    <section>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
          <p className="mt-1 text-pretty text-muted-foreground text-sm">{detail}</p>
        </div>
        {actions}
      </div>
      <div className="mt-6 space-y-6">{children}</div>
    </section>
  )
}

/** A form on a card, with its button in a foot of its own. */
export function FormPanel({ children, action }: { children: ReactNode; action: ReactNode }) {
  return (
    <Card>
      <div className="space-y-5 p-5 sm:p-6">{children}</div>
      <div className="flex flex-wrap justify-end gap-3 rounded-b-2xl border-t bg-muted/50 px-5 py-4 sm:px-6">
        {action}
      </div>
    </Card>
  )
}
