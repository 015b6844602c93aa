import type { Definition, MetricsAnswer, MetricsRow, Value } from '../shell/answers.ts'
import type { View } from './question.ts'

/** A row with the value of the requested metric. */
export interface Figure
  extends Value, Pick<MetricsRow, 'at' | 'sessions' | 'completeness' | 'hidden_ms' | 'dimensions'> {}
/** The figure of the requested period and of the one it is compared with. */
export interface Pair {
  readonly now: Figure | undefined
  readonly before: Figure | undefined
}
export interface Cell extends Pair {
  readonly dimensions: Readonly<Record<string, string>>
  /**
   * How much this cell's difference from the whole worsens the whole, in the unit of the metric; null if the metric is
   * not additive.
   */
  readonly impact: number | null
}

const figures = ({ answers }: MetricsAnswer, period: number): Figure[] =>
  answers
    .flatMap(({ rows }) => rows)
    .filter((row) => row.period === period)
    .flatMap(({ values, ...row }) => values.slice(0, 1).map((value) => ({ ...row, ...value })))

/** For an answer without dimensions and intervals. */
export const wholeOf = (answer: MetricsAnswer): Pair => ({ now: figures(answer, 0)[0], before: figures(answer, 1)[0] })

/** A pair for each step of the view; both are missing if there is no data. */
export function seriesOf(
  answer: MetricsAnswer,
  { from, to, step, before = 0 }: Pick<View, 'from' | 'to' | 'step' | 'before'>,
): { times: number[]; points: Pair[] } {
  const [now, then] = [0, 1].map((period) => new Map(figures(answer, period).map((figure) => [figure.at, figure])))
  const times = Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step)
  return { times, points: times.map((at) => ({ now: now!.get(at), before: then!.get(at - from + before) })) }
}

/** Cells, largest negative impact first. */
export function cellsOf(
  answer: MetricsAnswer,
  whole: Pair,
  { better, time }: Pick<Definition, 'better' | 'time'>,
): Cell[] {
  const key = ({ dimensions }: Figure): string => JSON.stringify(dimensions)
  const [now, before] = [0, 1].map((period) => new Map(figures(answer, period).map((figure) => [key(figure), figure])))
  const cells = [...new Set([...now!.keys(), ...before!.keys()])].map((each): Cell => {
    const pair = { now: now!.get(each), before: before!.get(each) }
    return {
      ...pair,
      dimensions: (pair.now ?? pair.before)!.dimensions,
      impact: isMoment({ time }) ? null : impactOf(pair.now, whole.now, better),
    }
  })
  return cells.sort(
    (a, b) => (b.impact ?? -Infinity) - (a.impact ?? -Infinity) || (b.now?.sessions ?? 0) - (a.now?.sessions ?? 0),
  )
}

/**
 * The cell's weight in the whole times its difference from the whole; positive = worse. If cells partition the
 * sessions, all impacts sum to 0. Source: Mux Data, negative impact.
 */
export function impactOf(cell: Figure | undefined, whole: Figure | undefined, better: string): number | null {
  if (
    cell === undefined ||
    whole === undefined ||
    cell.value === null ||
    whole.value === null ||
    !(whole.denominator > 0)
  )
    return null
  const moved = (cell.denominator / whole.denominator) * (cell.value - whole.value)
  return better === 'higher' ? 0 - moved : moved
}

export const valueOf = (figure: Figure | undefined): number | null => figure?.value ?? null

/** Whether the value is a count rather than a ratio: its parts are shares. */
export const isCounted = ({ denominator, value }: Value): boolean => denominator === 0 && value !== null

/**
 * Whether the metric counts concurrent items: cells add up to the whole, so there is no mean that a cell could raise.
 */
export const isMoment = ({ time }: Pick<Definition, 'time'>): boolean => time === 'moment'

/** Minimum sessions to judge a change. */
export const ENOUGH = 25

/** A change below 5 % is not mentioned. */
export const isNoticeable = (now: Value, before: Value): boolean =>
  Math.abs((now.value ?? 0) - (before.value ?? 0)) >= Math.abs(before.value ?? 0) / 20 && now.value !== before.value

/**
 * Whether the figure got worse or better; undefined if missing telemetry can explain the change, or there are too few
 * sessions.
 */
export function changeOf({ now, before }: Pair, better: string): 'worse' | 'better' | undefined {
  if (
    better === 'unknown' ||
    now === undefined ||
    before === undefined ||
    now.sessions < ENOUGH ||
    before.sessions < ENOUGH ||
    !isNoticeable(now, before)
  )
    return undefined
  const [higher, lower] = [above(now, before), above(before, now)]
  if (!higher && !lower) return undefined
  return higher === (better === 'lower') ? 'worse' : 'better'
}

const above = (a: Value, b: Value): boolean => a.low !== null && b.high !== null && a.low > b.high
