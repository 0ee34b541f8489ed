const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" })
const full = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short" })
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" })

/** Say how long ago something was: "3 hours ago", "yesterday". */
export function ago(moment: Date, now: Date): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit)
  }
  return "just now"
}

/** The moment in full, for a tooltip. */
export function fullDate(moment: Date): string {
  return full.format(moment)
}

/** The day alone, where nothing nearer is of interest. */
export function dayOf(moment: Date): string {
  return day.format(moment)
}
