const [WIDTH, HEIGHT] = [160, 18]

export interface IntervalProps {
  readonly effect: number
  /** Lower and upper end; null = open. */
  readonly interval: readonly [number | null, number | null]
  /** The picture reaches from -reach to +reach; the same for all rows of a table. */
  readonly reach: number
  /** How it is judged: colour, beside what the row says in words. */
  readonly state?: 'good' | 'bad' | 'unknown'
  /** A zone around zero that does not matter. */
  readonly margin?: number | undefined
}

/** An interval with its point beside the line of no effect, hidden from screen readers: the row has the numbers. */
export function Interval({ effect, interval: [low, high], reach, state = 'unknown', margin }: IntervalProps) {
  const x = (value: number): number => Math.max(0, Math.min(WIDTH, WIDTH / 2 + (value / reach) * (WIDTH / 2 - 4)))
  const [from, to] = [x(low ?? -2 * reach), x(high ?? 2 * reach)]
  return (
    <svg class="interval" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      {margin !== undefined && (
        <rect class="zone" x={x(-margin)} y={0} width={Math.max(0, x(margin) - x(-margin))} height={HEIGHT} />
      )}
      <line class="zero" x1={WIDTH / 2} x2={WIDTH / 2} y1={0} y2={HEIGHT} />
      <rect class={`span ${state}`} x={from} y={5} width={Math.max(2, to - from)} height={8} rx={2} />
      <circle class={`point ${state}`} cx={x(effect)} cy={9} r={3.5} />
    </svg>
  )
}
