import type { Query } from '../../platform/clickhouse/index.ts'
import type { MinuteCell } from './cells.ts'
import type { MinuteOfCells } from './detector.ts'

/** Minutes of a clock, by the start of the first and of the last, ms. */
export interface CellRange {
  readonly clock: string
  readonly from: number
  readonly to: number
}

/** A row of `minuteCells`. */
export interface CellRow extends Omit<MinuteCell, 'startups' | 'errors'> {
  /** Start of the minute, ms. */
  readonly minute: number
  /** Buckets of start-up time, one for each play, in order. */
  readonly startups: readonly number[]
  readonly errors_technical: number
}

const MINUTE_MS = 60_000
/** As in the definitions of `qoe_minute_v1`: a longer silence tells nothing of the time between. */
const SILENCE_MS = 300_000
const MOST_GROWTH = 9_000_000_000_000

/** Bounds of one statement: a day of 5,000 cells a minute is no single question, an hour is. */
export const MOST_ROWS = 300_000
const MOST_SECONDS = 20
const SETTINGS = `max_threads = 1, short_circuit_function_evaluation = 'disable', compile_expressions = 0, max_execution_time = ${MOST_SECONDS}, timeout_overflow_mode = 'throw', max_rows_to_read = 50000000, read_overflow_mode = 'throw', max_result_rows = ${MOST_ROWS}, result_overflow_mode = 'throw'`

const DIMENSIONS = ['country', 'asn', 'oca', 'device', 'app_version']
const SPREAD = ['stall_ms', 'watched_ms', 'wall_ms']
const COUNTERS = [...SPREAD, 'errors_technical', 'errors_business', 'errors_fatal']
const CONSTANTS = [...DIMENSIONS, 'session_start', 'segment_start', 'startup_ms']

/**
 * Cells of the stored minutes, whole numbers only. What falls into a minute is told as the live view tells it: counters of a
 * segment grow evenly between the moments it was heard, cut at the minute's ends; more than SILENCE_MS apart nothing is known.
 * A failure with a business error (a limit, a right) is neither an exit nor a technical failure.
 */
export function minuteCells({ clock, from, to }: CellRange): Query {
  return {
    sql: `
SELECT
  toFloat64(M) AS minute, ${DIMENSIONS.join(', ')},
  toFloat64(sum(attempt)) AS attempts, toFloat64(sum(play)) AS plays,
  toFloat64(sumIf(waited_ms, play)) AS startup_ms, arraySort(groupArrayIf(toFloat64(startup_bucket), play)) AS startups,
  toFloat64(sum(over AND waited_ms < 0 AND b_errors_fatal > 0 AND b_errors_business = 0)) AS start_failures,
  toFloat64(sum(over AND waited_ms < 0 AND b_errors_fatal = 0)) AS ebvs,
  toFloat64(sum(playing)) AS concurrent_plays, toFloat64(sum(in_stall_ms)) AS stall_ms, toFloat64(sum(in_watched_ms)) AS watched_ms,
  toFloat64(sum(over AND waited_ms >= 0 AND b_errors_fatal > 0 AND b_errors_business = 0)) AS playback_failures,
  toFloat64(sum(new_errors_technical)) AS errors_technical
FROM (${moments(shares(neighbours()))})
GROUP BY M, ${DIMENSIONS.join(', ')}
HAVING attempts + plays + start_failures + ebvs + concurrent_plays + watched_ms + playback_failures + errors_technical > 0
ORDER BY minute, ${DIMENSIONS.join(', ')}
SETTINGS ${SETTINGS}`,
    params: { clock, from, to, first: from - SILENCE_MS, last: to + SILENCE_MS },
  }
}

/** What a segment last said before (a), in (b) and first after (c) each minute. Counters only grow: the least of later minutes is the next one's. */
function neighbours(): string {
  const told = ['last_time', ...COUNTERS, 'ended']
  const last = (when: string, of: string): string => `countIf(${when}) > 0 AS ${of}_seen, ${told.map((name) => `maxIf(s_${name}, ${when}) AS ${of}_${name}`).join(', ')}`
  return `
  SELECT M, segment, ${CONSTANTS.map((name) => `max(s_${name}) AS ${name}`).join(', ')},
    ${last('minute < M', 'a')}, ${last('minute = M', 'b')},
    countIf(minute > M) > 0 AS c_seen, ${['last_time', ...SPREAD].map((name) => `minIf(s_${name}, minute > M) AS c_${name}`).join(', ')}
  FROM (
    SELECT cityHash64(session_id, instance, segment) AS key, segment, minute, ${[...CONSTANTS, ...told].map((name) => `max(${name}) AS s_${name}`).join(', ')}
    FROM qoe_minute_v1
    WHERE clock = {clock:String} AND minute >= {first:Int64} AND minute <= {last:Int64}
    GROUP BY key, segment, minute
  )
  ARRAY JOIN range(greatest(minute - ${SILENCE_MS}, {from:Int64}), least(minute + ${SILENCE_MS}, {to:Int64}) + 1, ${MINUTE_MS}) AS M
  GROUP BY M, key, segment`
}

const growth = (to: string, from: string): string => `least(greatest(${to} - ${from}, 0), ${MOST_GROWTH})`

/** The part of a counter's growth that falls into the minute: from p to q, and from b on to c. More growth than time passed is scaled down to the time. */
function shares(from: string): string {
  const spans = `
  SELECT *, M + ${MINUTE_MS} AS E,
    if(a_seen, a_last_time, segment_start) AS p_time, if(b_seen, b_last_time, c_last_time) AS q_time,
    if(b_seen AND c_seen AND c_last_time - b_last_time <= ${SILENCE_MS}, E - b_last_time, 0) AS tail,
    (a_seen OR segment_start >= M - ${SILENCE_MS}) AND (b_seen OR c_seen) AND p_time < E AND q_time >= p_time AND q_time - p_time <= ${SILENCE_MS} AS known,
    if(known, greatest(least(E, q_time) - p_time, 0), 0) AS until,
    if(known, greatest(least(greatest(M, p_time), least(E, q_time)) - p_time, 0), 0) AS since,
    ${SPREAD.map((name) => `${growth(`if(b_seen, b_${name}, c_${name})`, `if(a_seen, a_${name}, 0)`)} AS grown_${name}, ${growth(`c_${name}`, `b_${name}`)} AS later_${name}`).join(',\n    ')},
    greatest(q_time - p_time, grown_wall_ms, 1) AS span, greatest(c_last_time - b_last_time, later_wall_ms, 1) AS tail_span
  FROM (${from})`
  return `
  SELECT M, E, segment, ${CONSTANTS.join(', ')}, a_ended, b_ended, b_errors_fatal, b_errors_business,
    if(b_seen AND known, ${growth('b_errors_technical', 'if(a_seen, a_errors_technical, 0)')}, 0) AS new_errors_technical,
    ${['stall_ms', 'watched_ms'].map((name) => `intDiv(grown_${name} * until, span) - intDiv(grown_${name} * since, span) + intDiv(later_${name} * tail, tail_span) AS in_${name}`).join(', ')}
  FROM (${spans})`
}

/** Requests, first frames and ends. */
const moments = (from: string): string => `
  SELECT M, ${DIMENSIONS.join(', ')}, startup_ms AS waited_ms, b_errors_fatal, b_errors_business, new_errors_technical, in_stall_ms, in_watched_ms,
    session_start + startup_ms AS first_frame, b_ended AND NOT a_ended AS over,
    segment = 0 AND session_start >= M AND session_start < E AS attempt,
    startup_ms >= 0 AND segment_start <= first_frame AND first_frame >= M AND first_frame < E AS play,
    startup_ms >= 0 AND first_frame < E AND in_watched_ms > 0 AND (segment_start <= M OR segment_start <= first_frame) AS playing,
    -- Five significant bits: buckets at most 3.2 % wide, in integers.
    startup_ms - startup_ms % greatest(1, intDiv(roundToExp2(greatest(startup_ms, 1)), 32)) AS startup_bucket
  FROM (${from})`

/** Rows as minutes of cells, oldest first. The table keeps errors by class, not by code. */
export function decodeCells(rows: readonly CellRow[]): MinuteOfCells[] {
  const minutes = Map.groupBy(rows, ({ minute }) => minute)
  return [...minutes].sort(([a], [b]) => a - b).map(([minute, own]) => ({ minute, cells: own.map(toCell) }))
}

function toCell({ startups, errors_technical, minute: _, ...cell }: CellRow): MinuteCell {
  const counts = Map.groupBy(startups, (bucket) => bucket)
  return { ...cell, startups: [...counts].map(([bucket, plays]) => [bucket, plays.length] as const), errors: errors_technical > 0 ? { technical: errors_technical } : {} }
}
