import type { LucideIcon } from "lucide-react"
import type { ReactNode } from "react"

interface Props {
  icon: LucideIcon
  title: string
  children: ReactNode
  action?: ReactNode
}

/** Nothing to show: why, and what to do about it. */
export function Empty({ icon: Icon, title, children, action }: Props) {
  return (
    <div className="flex flex-col items-center rounded-2xl border border-dashed px-6 py-14 text-center">
      <Icon aria-hidden="true" className="size-8 text-muted-foreground" strokeWidth={1.5} />
      <h2 className="mt-4 font-medium">{title}</h2>
      <p className="mt-1 max-w-sm text-pretty text-muted-foreground text-sm">{children}</p>
      {action && <div className="mt-5">{action}</div>}
    </div>
  )
}
