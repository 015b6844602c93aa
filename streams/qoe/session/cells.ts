import type { Metric } from '../metrics/metric.ts'
import { and, conditionsOf, CODES, isVarying, type Dimension, type Period, type Scope } from './ask.ts'
import { sessionLevels } from './facts.ts'
import type { Level } from './levels.ts'
import { VARYING } from './pipeline.ts'
import { partsName } from './row.ts'

/**
 * Sessions, or their parts, with their contribution to each metric. Cells and lists of sessions use the same rows, so
 * the sum of a list equals its cell.
 *
 * Columns in addition to those of a session: n0, d0, n1 … (a metric's numerator and denominator), w0 … (whether the row
 * counts), hidden (ms), is_last, part_from and part_to (ms, the time range of the part), and the varying dimensions
 * with `byPart`.
 */
export interface Cells {
  readonly levels: readonly Level[]
  /** True if rows are parts of sessions. */
  readonly byPart: boolean
}

export function cellsOf(
  scope: Scope,
  metrics: readonly Metric[],
  groupBy: readonly Dimension[],
  periods: readonly Period[],
): Cells {
  const conditions = conditionsOf(scope)
  const byPart = conditions.parts !== undefined || groupBy.some(isVarying)
  const time = timeOf(scope, metrics)
  const levels: Level[] = [
    ...sessionLevels(and([conditions.rows, timeWithin(periods, time)])),
    ...(groupBy.includes('error_code') ? [{ columns: [`arrayJoin(${CODES}) AS error_code`], apart: true }] : []),
    ...(byPart
      ? PARTS
      : [{ columns: ['hidden_ms AS hidden', '1 AS is_first', '1 AS is_frame', '1 AS is_last', ...ALWAYS] }]),
    { columns: metrics.flatMap((metric, i) => values(metric, i, byPart)) },
    ...(conditions.parts === undefined ? [] : [{ columns: [], where: conditions.parts, apart: true }]),
  ]
  return { byPart, levels }
}

const within = (column: string, { from, to }: Period): string =>
  `(${column} >= ${whole(from)} AND ${column} < ${whole(to)})`
const whole = (ms: number): string => String(Math.trunc(ms))

/** A session is open in the period if it began before the period's end and was reported after its start. */
export const belongs = (time: Time, period: Period): string =>
  time === 'open'
    ? `(last_time >= ${whole(period.from)} AND session_start < ${whole(period.to)})`
    : within(timeColumn(time), period)
const timeWithin = (periods: readonly Period[], time: Time): string =>
  `(${periods.map((period) => belongs(time, period)).join(' OR ')})`

type Time = Metric['time'] | 'open'
export const timeOf = (scope: Pick<Scope, 'time'>, metrics: readonly Metric[]): Time =>
  scope.time ?? metrics[0]?.time ?? 'start'

export const timeColumn = (time: Time): string => (time === 'end' ? 'last_time' : 'session_start')

const ALWAYS = [`toInt64(${-(2 ** 53)}) AS part_from`, `toInt64(${2 ** 53}) AS part_to`]

/**
 * One row per segment of a session: its varying dimensions and its share of hidden time. A part lasts for its wall time
 * plus its hidden time; the last part lasts until the last known time.
 */
const PARTS: readonly Level[] = [
  { columns: [`arrayCumSum(arrayMap((hid, wall) -> hid + wall, hidden_parts, ${partsName('wall_ms')})) AS part_ends`] },
  { columns: ['arrayJoin(arrayEnumerate(hidden_parts)) AS place'], apart: true },
  {
    columns: [
      ...VARYING.map((name) => `${partsName(name)}[place] AS ${name}`),
      'hidden_parts[place] + if(place = length(hidden_parts), tail_ms, 0) AS hidden',
      'place = 1 AS is_first',
      'place = frame_place AS is_frame',
      'place = length(hidden_parts) AS is_last',
      `if(place = 1, ${-(2 ** 53)}, session_start + part_ends[greatest(place, 2) - 1]) AS part_from`,
      `if(place = length(hidden_parts), ${2 ** 53}, session_start + part_ends[place]) AS part_to`,
    ],
  },
]

const FLAGS = { segment: '1', first: 'is_first', frame: 'is_frame', last: 'is_last' } as const

/**
 * Expression of a metric that adds up over segments: for one segment, or for all of them, whose sums are the session's
 * own columns.
 */
const ofSegment = (sql: string, byPart: boolean): string =>
  sql.replace(/\bs_(\w+)/g, (_, name: string) => (byPart ? `${partsName(name)}[place]` : name))

/** A session's own value is assigned to one of its parts, and only if the metric counts the session. */
function values({ place, where, numerator, denominator }: Metric, i: number, byPart: boolean): string[] {
  const counts = `(${where}) AND ${FLAGS[place]}`
  if (place === 'segment')
    return [
      `${counts} AS w${i}`,
      `toInt64(${ofSegment(numerator, byPart)}) AS n${i}`,
      `toInt64(${ofSegment(denominator, byPart)}) AS d${i}`,
    ]
  // Guards against division by 0 in rows that do not count.
  return [
    `${counts} AS w${i}`,
    `if(${counts}, toInt64(${numerator}), 0) AS n${i}`,
    `if(${counts}, toInt64(${denominator}), 0) AS d${i}`,
  ]
}
