import type { Query } from '../../../platform/clickhouse/index.ts'
import { rowCodec } from '../../../platform/clickhouse/row-codec.ts'
import {
  CARRIED,
  COUNTED,
  MAX_GROWTH,
  MINUTE_MS,
  SILENCE_MS,
  SPREAD,
  SUMS,
  type MinuteDimension,
  type SumName,
} from '../definitions.ts'
import { plainMoments } from '../plain/minutes.ts'
import { bucketSql, STARTUP_PARTS } from '../sketch.ts'
import { EVERYTHING, MINUTE_STATE, TARGET, type StatesRead } from '../state.ts'
import type { MinuteCell } from './spread.ts'

/** Minutes of a clock, by the start of the first and of the last, ms. */
export interface MinuteRange {
  readonly clock: string
  readonly from: number
  readonly to: number
}

/** All cells of a minute. */
export interface Minute {
  /** Start, ms of the clock. */
  readonly minute: number
  readonly cells: readonly MinuteCell[]
}

const DIMENSIONS = ['country', 'asn', 'oca', 'device', 'app_version'] as const
const bySum = <T>(of: (name: SumName) => T): Record<SumName, T> =>
  Object.fromEntries(SUMS.map((name) => [name, of(name)])) as Record<SumName, T>

/** A row: a `MinuteCell` and its minute. */
export const ROLLUP = rowCodec({
  minute: 'Int64',
  country: 'LowCardinality(String)',
  asn: 'Int32',
  oca: 'LowCardinality(String)',
  device: 'LowCardinality(String)',
  app_version: 'LowCardinality(String)',
  ...bySum(() => 'Int64' as const),
  startups: 'Map(Int64, UInt64)',
})

/**
 * Minutes of a clock from their stored states. Uses only integers, so that sums are the same in any order. Rows are
 * ROLLUP's.
 *
 * Let a, b, c be what a segment last reported before, in, and first after the minute [M, E). A segment's counters are 0
 * at its start: that is `a` if nothing was reported before. Growth is spread evenly over its span (p -> q: a -> b, or a
 * -> c if nothing was reported in the minute; then b -> c) and cut at M and E; growth beyond the elapsed time is scaled
 * down to it. A span longer than SILENCE_MS, or without a start, has no usable growth: the segment counts in `unknown`.
 *
 * spread.ts has the same algebra in memory, with the reasons.
 */
export const minuteRollups = (
  range: MinuteRange,
  dimensions: readonly MinuteDimension[] = DIMENSIONS,
  reading = EVERYTHING,
): Query =>
  rollup(moments(shares(spans(neighbours(dimensions, reading), dimensions), dimensions), dimensions), range, dimensions)

/** The same of plain CMCD, from its records (plain/minutes.ts). In a statement of its own: planning both took 2 s. */
export const plainRollups = (
  range: MinuteRange,
  dimensions: readonly MinuteDimension[] = DIMENSIONS,
  reading = EVERYTHING,
): Query => rollup(plainMoments(dimensions, momentNames(dimensions), reading), range, dimensions)

/** Sums of rows of `momentNames`, one a session and minute. */
function rollup(rows: string, { clock, from, to }: MinuteRange, dimensions: readonly MinuteDimension[]): Query {
  const by = dimensions.join(', ')
  const dimension = (name: MinuteDimension): string => (dimensions.includes(name) ? name : name === 'asn' ? '0' : `''`)
  return {
    sql: `
SELECT ${ROLLUP.select({
      minute: 'M',
      country: dimension('country'),
      asn: dimension('asn'),
      oca: dimension('oca'),
      device: dimension('device'),
      app_version: dimension('app_version'),
      ...bySum((name) => name),
      startups: 'startups',
    })}
FROM (
  SELECT
    M, ${by},
    sum(attempt) AS attempts,
    sum(play) AS plays,
    sum(playing) AS concurrent_plays,
    sum(over AND waited_ms = -1 AND b_errors_fatal = 0) AS ebvs,
    sum(over AND waited_ms = -1 AND b_errors_fatal > 0) AS vsf,
    sum(over AND waited_ms = -1 AND b_errors_fatal > 0 AND b_errors_business = 0) AS vsf_technical,
    sum(over AND waited_ms != -1 AND b_errors_fatal > 0 AND b_errors_business = 0) AS vpf_technical,
    sumIf(waited_ms, play AND waited_ms >= 0) AS startup_ms,
    ${CARRIED.map((name) => `sum(in_${name}) AS ${name}`).join(', ')},
    sum(b_seen AND NOT known) AS unknown,
    sum(b_clamped) AS clamped,
    sumMapIf(map(startup_bucket, toUInt64(1)), play AND waited_ms >= 0) AS startups
  FROM (${rows})
  GROUP BY M, ${by}
  HAVING ${NOT_EMPTY}
)
ORDER BY M, ${by}
SETTINGS ${SETTINGS}`,
    params: { clock, from, to, first: from - SILENCE_MS, last: to + SILENCE_MS },
  }
}

/** Cells without any of these are left out. */
const NOT_EMPTY =
  'attempts + plays + concurrent_plays + ebvs + vsf + wall_ms + media_ms + bits_played + errors_technical + errors_business + errors_fatal + unknown + clamped > 0'

/** Limit of one statement: a day of 5,000 cells a minute needs several statements, an hour does not. */
export const MAX_CELLS = 300_000
const MAX_SECONDS = 20
// Measured at 300,000 segments: lazy branches and just-in-time compilation cost more here than they save.
const SETTINGS = `max_threads = 1, short_circuit_function_evaluation = 'disable', compile_expressions = 0, max_execution_time = ${MAX_SECONDS}, timeout_overflow_mode = 'throw', max_rows_to_read = 50000000, read_overflow_mode = 'throw', max_result_rows = ${MAX_CELLS}, result_overflow_mode = 'throw'`

type Dimensions = readonly MinuteDimension[]
const STARTS = ['session_start', 'segment_start', 'startup_ms']
/** Columns that decide how the end of a segment is counted. */
const ENDS = ['a_ended', 'b_ended', 'b_clamped', 'b_errors_fatal', 'b_errors_business']
const TOLD = MINUTE_STATE.filter((name) => name !== 'minute')

/**
 * a, b and c of every segment reported around each minute. Counters only grow, so the smallest of the later minutes is
 * the next one's.
 */
function neighbours(dimensions: Dimensions, { valueOf, condition }: StatesRead): string {
  const last = (when: string, of: string): string[] => [
    `countIf(${when}) > 0 AS ${of}_seen`,
    ...TOLD.map((name) => `maxIf(s_${name}, ${when}) AS ${of}_${name === 'last_time' ? 'time' : name}`),
  ]
  return `
  SELECT M, M + ${MINUTE_MS} AS E, segment,
    ${[...[...dimensions, ...STARTS].map((name) => `max(s_${name}) AS ${name}`), ...last('minute < M', 'a'), ...last('minute = M', 'b')].join(', ')},
    countIf(minute > M) > 0 AS c_seen, minIf(s_last_time, minute > M) AS c_time,
    ${CARRIED.map((name) => `minIf(s_${name}, minute > M) AS c_${name}`).join(', ')}
  FROM (
    -- 64 bits of hash stand for a segment: they group five times faster than its text.
    SELECT cityHash64(session_id, instance, segment) AS key, segment, minute, ${[...dimensions.map((name) => `max(${valueOf(name)}) AS s_${name}`), ...[...STARTS, ...TOLD].map((name) => `max(${name}) AS s_${name}`)].join(', ')}
    FROM ${TARGET}
    WHERE clock = {clock:String} AND minute >= {first:Int64} AND minute <= {last:Int64} AND ${condition}
    GROUP BY key, segment, minute
  )
  ARRAY JOIN range(greatest(minute - ${SILENCE_MS}, {from:Int64}), least(minute + ${SILENCE_MS}, {to:Int64}) + 1, ${MINUTE_MS}) AS M
  GROUP BY M, key, segment`
}

/**
 * One level of the statement: lists the columns it keeps from the level below and reads only those. Lists are short and
 * aliases are not nested, because both increase the planner's time.
 */
const level = (from: string, keep: readonly string[], columns: readonly string[]): string => `
  SELECT ${[...keep, ...columns].join(', ')}
  FROM (${from})`

const growth = (to: string, from: string): string => `least(greatest(${to} - ${from}, 0), ${MAX_GROWTH})`

const P_TIME = 'if(a_seen, a_time, segment_start)'
const Q_TIME = 'if(b_seen, b_time, c_time)'

/** Growth over the two spans that touch the minute, and their ends. */
const spans = (from: string, dimensions: Dimensions): string =>
  level(
    from,
    ['M', 'E', 'segment', ...dimensions, ...STARTS, 'b_seen', 'b_time', 'c_time', ...ENDS],
    [
      `${P_TIME} AS p_time`,
      `${Q_TIME} AS q_time`,
      `if(b_seen AND c_seen AND c_time - b_time <= ${SILENCE_MS}, E - b_time, 0) AS tail`,
      `(a_seen OR segment_start >= M - ${SILENCE_MS}) AND (b_seen OR c_seen) AND ${P_TIME} < E AND ${Q_TIME} >= ${P_TIME} AND ${Q_TIME} - ${P_TIME} <= ${SILENCE_MS} AS known`,
      ...SPREAD.map(
        (name) =>
          `${growth(`if(b_seen, b_${name}, c_${name})`, `if(a_seen, a_${name}, 0)`)} AS grown_${name}, ${growth(`c_${name}`, `b_${name}`)} AS later_${name}`,
      ),
      ...COUNTED.map((name) => `${growth(`b_${name}`, `if(a_seen, a_${name}, 0)`)} AS new_${name}`),
    ],
  )

/** The share of the growth that falls into the minute. Growth beyond the elapsed time is scaled down to it. */
function shares(from: string, dimensions: Dimensions): string {
  const cuts = level(
    from,
    [
      'M',
      'E',
      'segment',
      ...dimensions,
      ...STARTS,
      'b_seen',
      ...ENDS,
      'known',
      'tail',
      ...SPREAD.flatMap((name) => [`grown_${name}`, `later_${name}`]),
      ...COUNTED.map((name) => `new_${name}`),
    ],
    [
      'if(known, greatest(least(E, q_time) - p_time, 0), 0) AS until',
      'if(known, greatest(least(greatest(M, p_time), least(E, q_time)) - p_time, 0), 0) AS since',
      'greatest(q_time - p_time, grown_wall_ms, 1) AS span',
      'greatest(c_time - b_time, later_wall_ms, 1) AS tail_span',
    ],
  )
  return level(
    cuts,
    ['M', 'E', 'segment', ...dimensions, ...STARTS, 'b_seen', ...ENDS, 'known'],
    [
      ...SPREAD.map(
        (name) =>
          `intDiv(grown_${name} * until, span) - intDiv(grown_${name} * since, span) + intDiv(later_${name} * tail, tail_span) AS in_${name}`,
      ),
      ...COUNTED.map((name) => `if(b_seen AND known, new_${name}, 0) AS in_${name}`),
      'session_start + startup_ms AS first_frame',
    ],
  )
}

/** What each minute knows of each session. `waited_ms`: -1 = no first frame; below -1 = one of unknown start-up. */
const momentNames = (dimensions: Dimensions): string[] => [
  'M',
  ...dimensions,
  ...['b_seen', 'b_clamped', 'b_errors_fatal', 'b_errors_business', 'known'],
  ...[...SPREAD, ...COUNTED].map((name) => `in_${name}`),
  ...['waited_ms', 'over', 'attempt', 'play', 'playing', 'startup_bucket'],
]

/** Requests, first frames and ends. */
const moments = (from: string, dimensions: Dimensions): string =>
  level(
    from,
    [
      'M',
      ...dimensions,
      'b_seen',
      'b_clamped',
      'b_errors_fatal',
      'b_errors_business',
      'known',
      ...[...SPREAD, ...COUNTED].map((name) => `in_${name}`),
    ],
    [
      'startup_ms AS waited_ms',
      'b_ended AND NOT a_ended AS over',
      'segment = 0 AND session_start >= M AND session_start < E AS attempt',
      'startup_ms >= 0 AND segment_start <= first_frame AND first_frame >= M AND first_frame < E AS play',
      // Counted if the session was playing when the minute began, or if its first frame was in the minute: a change of
      // OCA within the minute adds no play.
      'startup_ms >= 0 AND first_frame < E AND in_watched_ms > 0 AND (segment_start <= M OR segment_start <= first_frame) AS playing',
      `${bucketSql('startup_ms', STARTUP_PARTS)} AS startup_bucket`,
    ],
  )
