import { cn } from "@/lib/cn"

/** A grey place for what is still loading; whoever uses it says in words that something loads. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn("rounded-md bg-muted motion-safe:animate-pulse", className)} />
}
