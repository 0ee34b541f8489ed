import type { ReactNode } from "react"
import { cn } from "@/lib/cn"

const TONES = {
  plain: "bg-muted text-muted-foreground",
  good: "bg-ok-soft text-ok",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent",
}

export function Badge({ tone = "plain", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <span className={cn("inline-flex shrink-0 items-center rounded-full px-2 py-0.5 font-medium text-xs", TONES[tone])}>
      {children}
    </span>
  )
}
