import type { Definition, MetricsAnswer, MetricsRow, Value } from '../shell/answers.ts'
import type { View } from './question.ts'

/** A row with the value of the metric that was asked for. */
export interface Figure
  extends Value, Pick<MetricsRow, 'at' | 'sessions' | 'completeness' | 'hidden_ms' | 'dimensions'> {}
/** The same of the period asked for and of the one it is compared with. */
export interface Pair {
  readonly now: Figure | undefined
  readonly before: Figure | undefined
}
export interface Cell extends Pair {
  readonly dimensions: Readonly<Record<string, string>>
  /**
   * By how much the whole is worse for this cell being other than the whole, in the unit of the metric; null where
   * nothing adds up.
   */
  readonly impact: number | null
}

const figures = ({ answers }: MetricsAnswer, period: number): Figure[] =>
  answers
    .flatMap(({ rows }) => rows)
    .filter((row) => row.period === period)
    .flatMap(({ values, ...row }) => values.slice(0, 1).map((value) => ({ ...row, ...value })))

/** Of an answer without dimensions and intervals. */
export const wholeOf = (answer: MetricsAnswer): Pair => ({ now: figures(answer, 0)[0], before: figures(answer, 1)[0] })

/** A pair for each step of the view; where nothing was heard both are missing. */
export function seriesOf(
  answer: MetricsAnswer,
  { from, to, step, before = 0 }: Pick<View, 'from' | 'to' | 'step' | 'before'>,
): { times: number[]; points: Pair[] } {
  const [now, then] = [0, 1].map((period) => new Map(figures(answer, period).map((figure) => [figure.at, figure])))
  const times = Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step)
  return { times, points: times.map((at) => ({ now: now!.get(at), before: then!.get(at - from + before) })) }
}

/** Cells, those that worsen the whole most first. */
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
 * The cell's weight in the whole times its distance from the whole; positive = worse. Where cells part the sessions,
 * the impacts of all sum to 0. Source: Mux Data, negative impact.
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

/** A sum of what happened, not a ratio: parts of it are shares. */
export const isCounted = ({ denominator, value }: Value): boolean => denominator === 0 && value !== null

/** How many are there at once: cells part them, and no cell lifts a mean of the others. */
export const isMoment = ({ time }: Pick<Definition, 'time'>): boolean => time === 'moment'

/** Fewer sessions than this say nothing of a change. */
export const ENOUGH = 25

/** Less than a twentieth of what it was is no change worth a word. */
export const isNoticeable = (now: Value, before: Value): boolean =>
  Math.abs((now.value ?? 0) - (before.value ?? 0)) >= Math.abs(before.value ?? 0) / 20 && now.value !== before.value

/**
 * Did it change for the worse or the better? Only where missing telemetry cannot explain it, and enough sessions tell.
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
