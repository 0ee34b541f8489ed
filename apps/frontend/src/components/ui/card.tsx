import type { ComponentProps } from "react"
import { cn } from "@/lib/cn"

export function Card({ className, ...rest }: ComponentProps<"div">) {
  return <div className={cn("rounded-2xl border bg-card", className)} {...rest} />
}
