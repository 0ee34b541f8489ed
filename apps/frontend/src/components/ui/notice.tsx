import type { LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "@/lib/cn"

const TONES = { plain: "bg-muted", accent: "border-accent/30 bg-accent-soft", good: "border-ok/30 bg-ok-soft" }

interface Props {
  icon: LucideIcon
  tone?: keyof typeof TONES
  children: ReactNode
  action?: ReactNode
}

/** A line that tells the state of things, with what can be done about it. */
export function Notice({ icon: Icon, tone = "plain", children, action }: Props) {
  return (
    <div
      role="status"
      className={cn("flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border px-4 py-3 text-sm", TONES[tone])}
    >
      <Icon aria-hidden="true" className="size-5 shrink-0" />
      <div className="min-w-0 flex-1 basis-48 break-words">{children}</div>
      {action}
    </div>
  )
}
