import { KEPT_TIMES } from "@/api/health"

const HEIGHT = 20
const BAR = 2
const STEP = 3
const WIDTH = KEPT_TIMES * STEP

/** The latest response times as bars, scaled to the slowest; the figure beside it carries the value. */
export function ResponseTimes({ timesMs }: { timesMs: readonly number[] }) {
  const slowest = Math.max(...timesMs, 1)
  const empty = KEPT_TIMES - timesMs.length
  return (
    <svg aria-hidden="true" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      {Array.from({ length: KEPT_TIMES }, (_, slot) => {
        const time = timesMs[slot - empty]
        const height = time === undefined ? BAR : Math.max(BAR, (time / slowest) * HEIGHT)
        const x = slot * STEP
        const colour = time === undefined ? "fill-border" : "fill-accent"
        return <rect key={x} x={x} y={HEIGHT - height} width={BAR} height={height} rx={1} className={colour} />
      })}
    </svg>
  )
}
