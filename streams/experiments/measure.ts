import { isShare, metricKey, type MetricDefinition, type Part } from '../../schemas/experiments/metric.ts'
import { BEFORE_MS, NEVER } from '../../schemas/experiments/tables.ts'
import { COLUMN_NAMES } from './session-fact.ts'

/**
 * Metrics as SQL over the facts of a unit, one row per session, per action, or for the unit itself. Columns: `kind`
 * ('session', 'action', 'unit'), `rel` (ms since the unit's first exposure), figures of sessions as `s_NAME`, of
 * actions as `a_NAME`, `a_action`, `fact` (an id).
 */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const isOf = ({ from, ...part }: Part): string =>
  from === 'session'
    ? "kind = 'session'"
    : `kind = 'action' AND a_action IN (${(part as Extract<Part, { from: 'action' }>).actions.map(quoted).join(', ')})`
const figure = ({ from, column }: Part): string =>
  column === 'acts' ? '1' : `${from === 'session' ? 's' : 'a'}_${column}`
const sumOf = (part: Part, when: string): string => `sumIf(toInt64(${figure(part)}), ${isOf(part)} AND ${when})`
const firstOf = (part: Part, when: string): string => `minIf(rel, ${isOf(part)} AND ${when} AND ${figure(part)} > 0)`

const within = ({ window: { fromMs, toMs } }: MetricDefinition): string => `rel >= ${fromMs} AND rel < ${toMs}`
const BEFORE = `rel >= -${BEFORE_MS} AND rel < 0`

/**
 * The lower end of a value's bucket: eleven significant bits, at most 0.1 % wide, in integers only. Values are far
 * below 2^48, where a logarithm could round up to the next power.
 */
const bucketOf = (value: string): string => {
  const shift = `greatest(0, toInt64(floor(log2(greatest(${value}, 1)))) - 10)`
  return `bitShiftLeft(bitShiftRight(${value}, ${shift}), ${shift})`
}

/** The value of one session, and whether it has one: a start-up that never completed is infinitely long, and counts. */
function observation(part: Part): { readonly value: string; readonly counts: string } {
  const value = `toInt64(${figure(part)})`
  if (part.from === 'session' && part.column === 'startup_ms')
    return { value: `if(s_plays > 0, ${bucketOf(value)}, toInt64(${NEVER}))`, counts: '1' }
  return { value: bucketOf(value), counts: part.from === 'session' ? 's_plays > 0' : '1' }
}

const NO_HISTOGRAM = "CAST([], 'Array(Int64)'), CAST([], 'Array(UInt64)'), toInt64(-1)"

/**
 * What an outcome row holds besides the unit: the value, the values before exposure, the first fact that counted, and
 * the distribution.
 */
function figures(metric: MetricDefinition): string[] {
  const { kind, value, per, least = 1, steps = [] } = metric
  const when = within(metric)
  if (kind === 'funnel') {
    const depth = `toInt64(windowFunnel(${metric.window.toMs - metric.window.fromMs})(toUInt64(greatest(rel, 0)), ${steps.map((step) => `${isOf(step)} AND ${when}`).join(', ')}))`
    return [
      `toInt64(${depth} = ${steps.length})`,
      'toInt64(1)',
      'toInt64(0)',
      'toInt64(0)',
      'toInt64(-1)',
      `[${depth}]`,
      '[toUInt64(1)]',
      'toInt64(-1)',
    ]
  }
  if (value === undefined) throw new Error(`the metric ${metricKey(metric)} has no value`)
  const sums = isShare(metric)
    ? [
        `toInt64(${sumOf(value, when)} >= ${least})`,
        'toInt64(1)',
        `toInt64(${sumOf(value, BEFORE)} >= ${least})`,
        'toInt64(1)',
      ]
    : [
        sumOf(value, when),
        per === undefined ? 'toInt64(1)' : sumOf(per, when),
        sumOf(value, BEFORE),
        per === undefined ? 'toInt64(1)' : sumOf(per, BEFORE),
      ]
  const first = `if(countIf(${isOf(value)} AND ${when} AND ${figure(value)} > 0) = 0, toInt64(-1), ${firstOf(value, when)})`
  if (kind !== 'quantile') return [...sums, first, NO_HISTOGRAM]
  const { value: one, counts } = observation(value)
  const seen = `${isOf(value)} AND ${counts} AND ${when}`
  // One session per unit, chosen by hash: values of one unit are not independent, and a confidence band over all of
  // them would be too narrow.
  const pick = `if(countIf(${seen}) = 0, toInt64(-1), argMinIf(${one}, cityHash64(fact), ${seen}))`
  const histogram = `sumMapIf([${one}], [toUInt64(1)], ${seen})`
  return [...sums, first, `tupleElement(${histogram}, 1)`, `tupleElement(${histogram}, 2)`, pick]
}

/** An array with one tuple per metric, over rows grouped by unit. */
export const outcomesOf = (metrics: readonly MetricDefinition[]): string =>
  `[${metrics.map((metric) => `(${[quoted(metricKey(metric)), `toInt64(${metric.window.toMs})`, ...figures(metric)].join(', ')})`).join(', ')}]`

/** Time of the latest fact that any of the metrics uses, ms since the first exposure. */
export const reachOf = (metrics: readonly MetricDefinition[]): number =>
  Math.max(0, ...metrics.map(({ window }) => window.toMs))

/** Columns of a fact's row, in order; 0 for columns that a kind of fact does not have. */
export const SESSION_FACTS: readonly string[] = COLUMN_NAMES.map((name) => `f.${name} AS s_${name}`)
export const NO_SESSION: readonly string[] = COLUMN_NAMES.map((name) => `toInt64(0) AS s_${name}`)
export const ACTION_FACTS: readonly string[] = [
  'toString(act.action) AS a_action',
  'act.watched_ms AS a_watched_ms',
  'toInt64(act.rating_centi) AS a_rating_centi',
]
export const NO_ACTION: readonly string[] = [
  "'' AS a_action",
  'toInt64(0) AS a_watched_ms',
  'toInt64(0) AS a_rating_centi',
]
