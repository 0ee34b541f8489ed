import type { ReactNode } from "react"
import { Card } from "@/components/ui/card"
import { usePageTitle } from "@/lib/page-title"

interface Props {
  title: string
  detail?: ReactNode
  /** Below the card: where else to go. */
  footer?: ReactNode
  children?: ReactNode
}

/** The one card of a page for signing in and the like. */
export function FormCard({ title, detail, footer, children }: Props) {
  usePageTitle(`${title} · Slipway`)
  return (
    <>
      <Card className="p-6 shadow-foreground/5 shadow-xl sm:p-8">
        <h1 className="text-balance font-semibold text-2xl tracking-tight">{title}</h1>
        {detail && <p className="mt-2 text-pretty text-muted-foreground text-sm leading-relaxed">{detail}</p>}
        {children && <div className="mt-6">{children}</div>}
      </Card>
      {footer && <p className="mt-6 text-center text-muted-foreground text-sm">{footer}</p>}
    </>
  )
}

/** The classes of a link within text. */
export const TEXT_LINK = "rounded font-medium text-foreground underline underline-offset-4 hover:text-accent"
