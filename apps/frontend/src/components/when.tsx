import { ago, fullDate } from "@/lib/time"

/** A moment in words, in full for pointers and machines. */
export function When({ at, className }: { at: string; className?: string }) {
  const moment = new Date(at)
  return (
    <time className={className} dateTime={at} title={fullDate(moment)}>
      {ago(moment, new Date())}
    </time>
  )
}
