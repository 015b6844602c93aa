import type { Metric } from '../metrics/metric.ts'
import { and, conditionsOf, CODES, heardSince, isVarying, withErrors, type Dimension, type Period, type Scope } from './ask.ts'
import type { Level } from './levels.ts'
import { FRAME_PLACE, segmentLevels, sessionLevels } from './pipeline.ts'
import { LONGEST_MS } from './rules.ts'

/**
 * Sessions, or their parts, with what each adds to each metric: the rows under every cell and under every list of sessions,
 * so that a list recomputes to its cell.
 *
 * Columns beside those of a session: n0, d0, n1 … (a metric's numerator and denominator), w0 … (does the row count),
 * hidden (ms), is_last, and the varying dimensions where `byPart`.
 */
export interface Cells {
  readonly levels: readonly Level[]
  /** Rows are parts of sessions. */
  readonly byPart: boolean
}

export function cellsOf(scope: Scope, metrics: readonly Metric[], groupBy: readonly Dimension[], periods: readonly Period[]): Cells {
  const conditions = conditionsOf(scope)
  const byPart = conditions.parts !== undefined || groupBy.some(isVarying)
  const time = timeOf(scope, metrics)
  const segments = metrics.flatMap((metric, i) => (metric.place === 'segment' ? [`toInt64(${metric.numerator}) AS n${i}`, `toInt64(${metric.denominator}) AS d${i}`] : []))
  const range = and([conditions.rows, startsWithin(periods, time)])
  const begun = time !== 'start' ? and([range, heardSince(range, Math.min(...periods.map(({ from }) => from)))]) : range
  const coded = scope.filters?.error_code !== undefined
  const rows = coded || groupBy.includes('error_code') ? and([begun, withErrors(begun, coded)]) : begun
  const levels: Level[] = [
    ...segmentLevels(rows), { columns: segments },
    ...sessionLevels(byPart ? [partsOf(metrics)] : sumsOf(metrics)),
    ...sessionFilter(conditions.sessions, periods, time),
    ...(groupBy.includes('error_code') ? [{ columns: [`arrayJoin(${CODES}) AS error_code`], apart: true }] : []),
    ...(byPart ? splitLevels(metrics) : [{ columns: ['hidden_ms AS hidden', '1 AS is_first', '1 AS is_frame', '1 AS is_last'] }]),
    { columns: metrics.flatMap(values) }, ...(conditions.parts === undefined ? [] : [{ columns: [], where: conditions.parts, apart: true }]),
  ]
  return { byPart, levels }
}

/** A start is constant in the stored rows, so it is asked of them alone. */
function sessionFilter(sessions: string, periods: readonly Period[], time: Time): Level[] {
  const conditions = [...(sessions === '1' ? [] : [sessions]), ...(time !== 'start' ? [timeWithin(periods, time)] : [])]
  return conditions.length === 0 ? [] : [{ columns: [], where: and(conditions) }]
}

const within = (column: string, { from, to }: Period): string => `(${column} >= ${whole(from)} AND ${column} < ${whole(to)})`
const whole = (ms: number): string => String(Math.trunc(ms))

/** On stored rows: a session's start is constant. By its end, or open, a session is looked for among those begun up to a week before. */
const startsWithin = (periods: readonly Period[], time: Time): string =>
  periods.map(({ from, to }) => within('session_start', { from: time === 'start' ? from : from - LONGEST_MS, to })).join(' OR ')

/** Open is what began before the end of the period and was heard after its start. */
export const belongs = (time: Time, period: Period): string =>
  (time === 'open' ? `(last_time >= ${whole(period.from)} AND session_start < ${whole(period.to)})` : within(timeColumn(time), period))
const timeWithin = (periods: readonly Period[], time: Time): string => `(${periods.map((period) => belongs(time, period)).join(' OR ')})`

type Time = Metric['time'] | 'open'
export const timeOf = (scope: Pick<Scope, 'time'>, metrics: readonly Metric[]): Time => scope.time ?? metrics[0]?.time ?? 'start'

export const timeColumn = (time: Time): string => (time === 'end' ? 'last_time' : 'session_start')

const sumsOf = (metrics: readonly Metric[]): string[] =>
  metrics.flatMap(({ place }, i) => (place === 'segment' ? [`sum(n${i}) AS n${i}`, `sum(d${i}) AS d${i}`] : []))

/** Of each segment its varying dimensions and what it adds to the metrics that add up. */
function partsOf(metrics: readonly Metric[]): string {
  const of = (letter: string): string => `CAST([${metrics.flatMap(({ place }, i) => (place === 'segment' ? [`${letter}${i}`] : [])).join(', ')}], 'Array(Int64)')`
  return `arraySort(p -> p.1, groupArray((s_segment, s_oca, s_pathway, s_asn, s_app_version, ${of('n')}, ${of('d')}))) AS parts`
}

const splitLevels = (metrics: readonly Metric[]): Level[] => {
  const own = metrics.flatMap(({ place }, i) => (place === 'segment' ? [i] : []))
  return [
    { columns: ['arrayJoin(arrayEnumerate(parts)) AS place'], apart: true },
    {
      columns: [
        'parts[place].2 AS oca', 'parts[place].3 AS pathway', 'parts[place].4 AS asn', 'parts[place].5 AS app_version',
        'hidden_parts[place] + if(place = length(parts), tail_ms, 0) AS hidden', 'place = 1 AS is_first', `place = ${FRAME_PLACE} AS is_frame`, 'place = length(parts) AS is_last',
        ...own.flatMap((i, at) => [`parts[place].6[${at + 1}] AS n${i}`, `parts[place].7[${at + 1}] AS d${i}`]),
      ],
    },
  ]
}

const FLAGS = { segment: '1', first: 'is_first', frame: 'is_frame', last: 'is_last' } as const

/** A session's own value is booked on one of its parts, and only where the metric looks at the session at all. */
function values({ place, where, numerator, denominator }: Metric, i: number): string[] {
  const counts = `(${where}) AND ${FLAGS[place]}`
  // A value may divide by what is 0 where it does not count.
  return [`${counts} AS w${i}`, ...(place === 'segment' ? [] : [`if(${counts}, toInt64(${numerator}), 0) AS n${i}`, `if(${counts}, toInt64(${denominator}), 0) AS d${i}`])]
}
