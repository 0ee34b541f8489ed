const WIDTH = 72
const HEIGHT = 20
const BAR = 2
const STEP = 3

/** The latest response times as bars, scaled to the slowest; the figure beside it carries the value. */
export function ResponseTimes({ timesMs }: { timesMs: readonly number[] }) {
  const slowest = Math.max(...timesMs, 1)
  const start = WIDTH - timesMs.length * STEP
  return (
    <svg aria-hidden="true" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="fill-accent">
      {timesMs.map((time, index) => {
        const height = Math.max(2, (time / slowest) * HEIGHT)
        const x = start + index * STEP
        return <rect key={x} x={x} y={HEIGHT - height} width={BAR} height={height} rx={1} />
      })}
    </svg>
  )
}
