import { BITRATE_SPACE, COLUMNS, COUNTERS, finalised, GREATEST, INSTANCE_DIMENSIONS, NONE, SEGMENT_DIMENSIONS, STARTUPS, STATES, STATE_SPACE } from './columns.ts'
import type { Level } from './levels.ts'
import { HARD_CLOSE_MS, IDLE_MS, SETTLED_MS, STALL_CAP_MS, START_TIMEOUT_MS } from './rules.ts'

/**
 * Sessions in SQL: the same reduction as reduce.ts, level by level; a question pays for the columns it uses (levels.ts).
 * Parameters: clock, now (watermark of the clock, ms). No alias uses another of its own level.
 */

const total = (names: readonly string[]): string => names.map((name) => `s_${name}`).join(' + ')

const STALLS = ['stall_connection', 'stall_decoder', 'stall_ad']
const STALL_MS = total(STALLS.map((name) => `${name}_ms`))
const WATCHED_MS = `${total(['starting_ms', 'playing_ms', 'seeking_ms'])} + ${STALL_MS}`
/** Of plain CMCD only start-up and stalls are counters. */
const CMCD_KNOWN = 's_stall_connection_ms + if(segment = 0, greatest(s_startup_ms, 0), 0)'

/**
 * Segments, `s_` before every column. `rows` is a condition on stored rows: on what is constant within an instance alone,
 * since a row may hold a part of a segment.
 */
export const segmentLevels = (rows: string): Level[] => [
  // 64 bits of hash stand for a session: they group several times faster than its text.
  { columns: ['max(session_id) AS s_session_id', 'max(instance) AS s_instance', ...COLUMNS.map((column) => `${finalised(column)} AS s_${column.name}`)], where: `clock = {clock:String} AND (${rows})`, groupBy: ['cityHash64(session_id, instance) AS key', 'segment'] },
  {
    columns: [
      'segment AS s_segment',
      `${STALL_MS} AS s_stall_ms`,
      `${total(STALLS.map((name) => `${name}_count`))} AS s_stall_count`,
      `if(s_source = 'cmcd', ${CMCD_KNOWN}, ${WATCHED_MS}) AS s_watched_ms`,
      `if(s_source = 'cmcd', ${CMCD_KNOWN}, ${WATCHED_MS} + ${total(['paused_ms', 'waiting_ms'])}) AS s_wall_ms`,
    ],
  },
]

/** Columns of a segment that add up: what 'segment' metrics are made of. */
const SEGMENT_SUMS = [...COUNTERS, 'stall_ms', 'stall_count', 'watched_ms', 'wall_ms'] as const

const SPAN = { segment: 1, start: 2, last: 3, wall: 4 } as const
const span = (i: string, part: keyof typeof SPAN): string => `tupleElement(spans[${i}], ${SPAN[part]})`

/** Sessions: instances with the facts of reduce.ts under the same names, 0 and 1 for no and yes. `more` adds aggregates over segments. */
export function sessionLevels(more: readonly string[] = []): Level[] {
  const each = (names: readonly string[], by: string): string[] => names.map((name) => `${by}(s_${name}) AS ${name}`)
  const grouped = [
    'max(s_session_id) AS session_id', 'max(s_instance) AS instance',
    ...each(INSTANCE_DIMENSIONS, 'max'), ...each(SEGMENT_SUMS, 'sum'), ...each(STARTUPS, 'max'), ...each(GREATEST, 'max'),
    ...each(['session_start', 'last_time', 'last_state', 'ended', 'clamped', 'last_seq'], 'max'),
    'max(s_finished) AS told_finished', 'max(s_start_timeout) AS told_timeout', 'max(s_failed_business) AS told_business',
    'min(s_first_bitrate) AS first_bitrate', 'min(s_live_latency_least_ms) AS least_latency', "max(s_source = 'cmcd') AS cmcd",
    'count() AS segments', 'sum(s_seqs) AS records',
    ...each(['watched', 'errors', 'end_reasons'], 'maxMap'), 'minMap(s_errors_first) AS errors_first',
    'arraySort(groupArray((s_segment, s_segment_start, s_last_time, s_wall_ms))) AS spans',
    'arrayDistinct(arraySort(groupArray(s_oca))) AS ocas',
    ...more,
  ]
  return [{ columns: grouped, groupBy: ['key'] }, FACTS, ENDINGS]
}

/** Time that the last record of each segment does not account for until the next one's start. */
const HIDDEN = `arrayMap(i -> greatest(0, if(i < length(spans), ${span('i + 1', 'start')}, ${span('i', 'last')}) - if(i = 1, least(session_start, ${span('1', 'start')}), ${span('i', 'start')}) - ${span('i', 'wall')}), arrayEnumerate(spans))`
const UNION = `tupleElement(arrayFold((acc, x) -> (acc.1 + greatest(0, x.2 - greatest(x.1, acc.2)), greatest(acc.2, x.2)),
  arrayZip(mapKeys(watched), mapValues(watched)), (toInt64(0), toInt64(-9223372036854775808))), 1)`

const FACTS: Level = { columns: [
  'NOT cmcd AS exact', 'startup_ms >= 0 AS play', 'errors_fatal > 0 AS fatal', 'last_seq + 1 AS expected', '{now:Int64} - last_time AS silent',
  `ended OR {now:Int64} - last_time >= ${IDLE_MS} AS closed`,
  `if(ended, 0, least(greatest({now:Int64} - last_time, 0), ${IDLE_MS})) AS tail_ms`,
  `${HIDDEN} AS hidden_parts`,
  `told_timeout OR (errors_fatal = 0 AND starting_ms - ad_playing_ms >= ${START_TIMEOUT_MS}) AS late`,
  `least(stall_ms, greatest(stall_count, 1) * ${STALL_CAP_MS}) AS stall_capped_ms`,
  'if(startup_ms < 0, -1, greatest(0, startup_ms - greatest(startup_player_ms, 0) - greatest(startup_drm_ms, 0) - greatest(startup_ad_ms, 0))) AS startup_content_ms',
  `if(first_bitrate = ${NONE}, -1, first_bitrate % ${BITRATE_SPACE}) AS first_kbps`,
  `if(least_latency = ${NONE}, -1, least_latency) AS live_latency_least`,
  `${UNION} AS unique_ms`,
  'tupleElement(arraySort(x -> (x.2, x.1), arrayZip(mapKeys(end_reasons), mapValues(end_reasons)))[-1], 1) AS end_reason',
  `last_state >= 0 AND last_state % ${STATE_SPACE} = ${STATES.indexOf('r') + 1} AS stalled`,
] }

/** Attempts end in exactly one way. */
const ENDINGS: Level = { columns: [
  'arraySum(hidden_parts) + tail_ms AS hidden_ms',
  `multiIf(NOT closed, 0, silent >= ${SETTLED_MS}, 3, ended OR silent >= ${HARD_CLOSE_MS}, 2, 1) AS status`,
  'NOT play AND (fatal OR late) AND told_business AS vsf_business',
  'NOT play AND (fatal OR late) AND NOT told_business AS vsf_technical',
  'NOT play AND late AS vsf_timeout',
  'closed AND NOT play AND NOT (fatal OR late) AS ebvs',
  'play AND fatal AND told_business AS vpf_business',
  'play AND fatal AND NOT told_business AS vpf_technical',
  'play AND NOT fatal AND told_finished AS finished',
  'closed AND play AND NOT fatal AND NOT told_finished AS quit',
  'closed AND play AND NOT fatal AND NOT told_finished AND stalled AS exit_in_stall',
] }

/** Place of the segment that showed the first frame, from 1: the last one begun by then; 0 without a first frame. */
export const FRAME_PLACE = `if(startup_ms < 0, 0, greatest(1, toInt64(arrayLastIndex(x -> x.${SPAN.start} <= session_start + startup_ms, spans))))`

/** Dimensions that questions may group by and filter on. */
export const CONSTANT = ['title_id', 'country', 'region', 'device', 'player', 'stream_type', 'stream_format', 'source'] as const satisfies readonly (typeof INSTANCE_DIMENSIONS)[number][]
export const VARYING = SEGMENT_DIMENSIONS
