import { derivedPart, isDerived, OWN_COUNTERS } from '../plain/levels.ts'
import {
  BITRATE_SPACE,
  COLUMNS,
  COUNTERS,
  finalised,
  GREATEST,
  INSTANCE_DIMENSIONS,
  NONE,
  SEGMENT_DIMENSIONS,
  STARTUPS,
  STATES,
  STATE_SPACE,
  type SegmentColumn,
} from './columns.ts'
import type { Level } from './levels.ts'

/**
 * Reduces segments to sessions in SQL: the first half of reduce.ts, level by level, without anything that depends on
 * the time of a query. The job (job.ts) stores the result (row.ts); queries continue from there (facts.ts).
 */

/** A session: one instance of a session id on a clock. The prefix of the sort order of both tables. */
export const SESSION_KEY = ['clock', 'session_id', 'instance'] as const

const total = (names: readonly string[]): string => names.map((name) => `s_${name}`).join(' + ')

const STALLS = ['stall_connection', 'stall_decoder', 'stall_ad']
const STALL_MS = total(STALLS.map((name) => `${name}_ms`))
const WATCHED_MS = `${total(['starting_ms', 'playing_ms', 'seeking_ms'])} + ${STALL_MS}`

/** What a timeline gives in place of the column, where there is one: `derived` is not empty (plain/tables.ts). */
function finalOf(column: SegmentColumn): string {
  const own = finalised(column)
  if (!isDerived(column.name)) return own
  const condition = OWN_COUNTERS.includes(column.name)
    ? `notEmpty(max(derived)) AND ${own} <= 0`
    : 'notEmpty(max(derived))'
  return `if(${condition}, ${derivedPart('max(derived)', column.name)}, ${own})`
}

/**
 * Segments, with the prefix `s_` on every column; of plain CMCD from rows with `derived`. `rows` is a condition on stored rows. It may only test what is
 * constant within an instance, since a row may hold only a part of a segment.
 */
export const segmentLevels = (rows: string, isPlain = false): Level[] => [
  {
    columns: [
      ...COLUMNS.map((column) => `${isPlain ? finalOf(column) : finalised(column)} AS s_${column.name}`),
      `${isPlain ? derivedPart('max(derived)', 'timeline_size') : '0'} AS s_timeline_size`,
    ],
    where: rows,
    groupBy: [...SESSION_KEY, 'segment'],
  },
  {
    columns: [
      'segment AS s_segment',
      `${STALL_MS} AS s_stall_ms`,
      `${total(STALLS.map((name) => `${name}_count`))} AS s_stall_count`,
      `${WATCHED_MS} AS s_watched_ms`,
      `${WATCHED_MS} + ${total(['paused_ms', 'waiting_ms'])} AS s_wall_ms`,
    ],
  },
]

/** Columns of a segment that add up: 'segment' metrics are made of them. */
export const SEGMENT_SUMS = [...COUNTERS, 'stall_ms', 'stall_count', 'watched_ms', 'wall_ms'] as const

/** Request to first frame at the latest, ms: below -1 a start-up is unknown, and no longer than this. */
export const FIRST_FRAME_BY = 'if(startup_ms < -1, -2 - startup_ms, startup_ms)'

const SPAN = { segment: 1, start: 2, last: 3, wall: 4 } as const
const span = (i: string, part: keyof typeof SPAN): string => `tupleElement(spans[${i}], ${SPAN[part]})`

const each = (names: readonly string[], by: string): string[] => names.map((name) => `${by}(s_${name}) AS ${name}`)

/**
 * Sessions grouped from segments. `each_` is a column of every segment, in the order of `places`. Each is a list of
 * numbers, because one list of tuples took four times as long.
 */
const grouped = (isPlain: boolean): Level => ({
  columns: [
    ...each(INSTANCE_DIMENSIONS, 'max'),
    ...each(SEGMENT_SUMS, 'sum'),
    ...each(
      STARTUPS.filter((name) => name !== 'startup_ms'),
      'max',
    ),
    ...each(GREATEST, 'max'),
    // Of plain CMCD, what is known goes before what is bounded (below -1), and that before no first frame at all (-1).
    isPlain
      ? 'if(max(s_startup_ms) < 0, min(s_startup_ms), max(s_startup_ms)) AS startup_ms'
      : 'max(s_startup_ms) AS startup_ms',
    `${isPlain ? 'min' : 'max'}(s_session_start) AS session_start`,
    'sum(s_timeline_size) AS timeline_size',
    ...each(['last_time', 'last_state', 'ended', 'clamped', 'last_seq'], 'max'),
    'max(s_finished) AS told_finished',
    'max(s_start_timeout) AS told_timeout',
    'max(s_failed_business) AS told_business',
    'min(s_first_bitrate) AS first_bitrate',
    'min(s_live_latency_least_ms) AS least_latency',
    "max(s_source = 'cmcd') AS cmcd",
    'count() AS segments',
    'sum(s_seqs) AS records',
    ...each(['watched', 'errors', 'end_reasons'], 'maxMap'),
    'minMap(s_errors_first) AS errors_first',
    'arraySort(groupArray((s_segment, s_segment_start, s_last_time, s_wall_ms))) AS spans',
    'groupArray(s_segment) AS places',
    ...[...SEGMENT_DIMENSIONS, ...SEGMENT_SUMS].map((name) => `groupArray(s_${name}) AS each_${name}`),
  ],
  groupBy: SESSION_KEY,
})

/** Hidden time of each segment: from its start to the next one's (of the last: to its last record), minus wall time. */
const HIDDEN = `arrayMap(i -> greatest(0, if(i < length(spans), ${span('i + 1', 'start')}, ${span('i', 'last')}) - if(i = 1, least(session_start, ${span('1', 'start')}), ${span('i', 'start')}) - ${span('i', 'wall')}), arrayEnumerate(spans))`
const UNION = `tupleElement(arrayFold((acc, x) -> (acc.1 + greatest(0, x.2 - greatest(x.1, acc.2)), greatest(acc.2, x.2)),
  arrayZip(mapKeys(watched), mapValues(watched)), (toInt64(0), toInt64(-9223372036854775808))), 1)`

/** Columns of a reduced session, computed from its other columns. */
export const REDUCED = {
  hidden_parts: HIDDEN,
  unique_ms: UNION,
  end_reason: 'tupleElement(arraySort(x -> (x.2, x.1), arrayZip(mapKeys(end_reasons), mapValues(end_reasons)))[-1], 1)',
  first_kbps: `if(first_bitrate = ${NONE}, -1, first_bitrate % ${BITRATE_SPACE})`,
  live_latency_least: `if(least_latency = ${NONE}, -1, least_latency)`,
  stalled: `last_state >= 0 AND last_state % ${STATE_SPACE} = ${STATES.indexOf('r') + 1}`,
  // Position of the segment that showed the first frame, from 1: the last one that had started by then; 0 without a
  // first frame.
  frame_place: `if(startup_ms = -1, 0, greatest(1, toInt64(arrayLastIndex(x -> x.${SPAN.start} <= session_start + ${FIRST_FRAME_BY}, spans))))`,
} as const

/** Sessions whose segments meet the condition (see `segmentLevels`), by `SESSION_KEY`. */
export const reductionLevels = (rows: string, isPlain: boolean): Level[] => [
  ...segmentLevels(rows, isPlain),
  grouped(isPlain),
  { columns: Object.entries(REDUCED).map(([name, sql]) => `${sql} AS ${name}`) },
]

/** Dimensions to group by and filter on. */
export const CONSTANT = [
  'title_id',
  'country',
  'region',
  'device',
  'player',
  'stream_type',
  'stream_format',
  'source',
] as const satisfies readonly (typeof INSTANCE_DIMENSIONS)[number][]
export const VARYING = SEGMENT_DIMENSIONS
