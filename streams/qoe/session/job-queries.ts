import type { Query } from '../../../platform/clickhouse/index.ts'
import { inRange, type TextRange } from '../../../platform/clickhouse/ranges.ts'
import { inSlice as sliceOf, type Slice } from '../../../platform/clickhouse/slices.ts'
import { landingTable } from '../../../schemas/topics.ts'
import { READING_NAMES, readingRows, READINGS, TIMELINE_NAMES, TIMELINES, timelinesOf } from '../plain/tables.ts'
import { SEGMENT_NAMES, segmentOf, SEGMENTS } from './ddl.ts'
import { SESSION_KEY } from './pipeline.ts'
import { plainSessionRows, SESSIONS, sessionRows, STORED_NAMES } from './row.ts'

/** One thread, with lower priority than inserts and queries where the process may request that. */
const BACKGROUND = 'async_insert = 0, insert_deduplicate = 0, max_threads = 1, os_threads_nice_value_query = 19'

/** Progress of segments and sessions, one row per partition of the log. */
const PROGRESS = 'qoe_session_progress_v1'

/** Order: one row per partition remains after merges. */
export const progressTable = `CREATE TABLE IF NOT EXISTS ${PROGRESS} (partition Int32, offset Int64, received_ms Int64)
ENGINE = ReplacingMergeTree(offset) ORDER BY partition`

export interface Cursor {
  readonly partition: number
  /** Offset of the first record not processed. */
  readonly offset: number
  /** Latest receipt of a record before it, ms. */
  readonly received: number
}

/** Offsets of a partition, from (inclusive) to (exclusive), and the latest receipt of a record before them, ms. */
export interface Range {
  readonly partition: number
  readonly from: number
  readonly to: number
  readonly received: number
}

export const cursorsQuery: Query = {
  sql: `SELECT partition, toFloat64(max(p.offset)) AS offset, toFloat64(argMax(received_ms, p.offset)) AS received FROM ${PROGRESS} AS p GROUP BY partition`,
  params: {},
}

/**
 * Longest time from a record's receipt to its arrival in the log, ms, during which later ones may come first: longer
 * than any producer retries.
 */
const LATE_MS = 3_600_000

/**
 * Rows of the log in these offset ranges. The receipt time lets the engine skip parts of the table: by offsets alone it
 * would read all parts.
 */
const within = (ranges: readonly Range[]): string =>
  ranges
    .map(
      ({ partition, from, to, received }) =>
        `(_partition = ${partition} AND _offset >= ${from} AND _offset < ${to} AND received_time >= fromUnixTimestamp64Milli(toInt64(${Math.max(0, received - LATE_MS)})))`,
    )
    .join(' OR ')

const TELEMETRY = landingTable('playback.telemetry')
/**
 * Receipt of the newest row, ms; 0 = none. The table is partitioned by it, so its parts have the answer and no row is
 * read.
 */
export const newestQuery = `SELECT toFloat64(toUnixTimestamp64Milli(max(received_time))) AS newest FROM ${TELEMETRY}`
const KEY = SESSION_KEY.join(', ')
const TOUCHED = 'qoe_session_touched_v1'

/**
 * Merges records of some sessions into the state of their segments; repeating it changes nothing. Slices limit memory
 * use, which grows with the number of segments, not of records.
 */
export const segmentsQuery = (
  ranges: readonly Range[],
  slice: Slice,
): string => `INSERT INTO ${SEGMENTS} (${SEGMENT_NAMES.join(', ')})
SETTINGS ${BACKGROUND}, max_block_size = 16384, min_insert_block_size_rows = 65536
${segmentOf(`(SELECT * FROM ${TELEMETRY} WHERE (${within(ranges)}) AND ${inSlice(slice)})`)}`

const fillTimelines = (records: string): string => `INSERT INTO ${TIMELINES} (${TIMELINE_NAMES.join(', ')})
SETTINGS ${BACKGROUND}
${timelinesOf(records)}`

/** Adds the records of plain CMCD to the timelines of their sessions; repeating it changes nothing. */
export const timelinesQuery = (ranges: readonly Range[]): string =>
  fillTimelines(`(SELECT * FROM ${TELEMETRY} WHERE ${within(ranges)})`)
/** The same from all of the landing table. */
export const timelineFill = fillTimelines(TELEMETRY)

/**
 * The sessions that a step reduces: the log is searched for them once, however many statements share the work. Order:
 * read by step. TTL: a killed step is found again in the log.
 */
export const touchedTable = `CREATE TABLE IF NOT EXISTS ${TOUCHED} (step String, clock LowCardinality(String), session_id String, instance Int64, made DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY step TTL made + INTERVAL 1 HOUR SETTINGS ttl_only_drop_parts = 1`

/** A step is named after its offsets: the same step of another job touches the same sessions. */
export const stepOf = (ranges: readonly Range[]): string =>
  ranges.map(({ partition, from, to }) => `${partition}:${from}-${to}`).join(' ')

export const touchQuery = (ranges: readonly Range[]): string => `INSERT INTO ${TOUCHED} (step, ${KEY})
SETTINGS ${BACKGROUND}
SELECT DISTINCT '${stepOf(ranges)}', ${KEY} FROM ${TELEMETRY} WHERE ${within(ranges)}`

export const touchedBy = (step: string): string => `${TOUCHED} WHERE step = '${step}'`

const inSlice = (slice: Slice): string => sliceOf(KEY, slice)

/** Part of the sessions: a range, and where that has too many segments, a slice of it. */
export const partOf = (range: TextRange, slice: Slice): string =>
  `${inRange('session_id', range)} AND ${inSlice(slice)}`

/** The touched sessions in a part. */
export const touchedIn = (step: string, part: string): string =>
  `${part} AND (${KEY}) IN (SELECT ${KEY} FROM ${touchedBy(step)} AND ${part})`

const REDUCING = `${BACKGROUND}, optimize_on_insert = 0, max_block_size = 16384, max_bytes_before_external_group_by = 0, max_bytes_ratio_before_external_group_by = 0`
const ofPlain = (condition: string): string => `(${KEY}) IN (SELECT ${KEY} FROM ${TIMELINES} WHERE ${condition})`

/**
 * Reduces sessions that meet the condition, as a whole, from their segments. Slices limit memory use: spilled groups
 * took six times as long.
 */
export const reduceQuery = (condition: string): string => `INSERT INTO ${SESSIONS} (${STORED_NAMES.join(', ')})
SETTINGS ${REDUCING}
${sessionRows(SEGMENTS, condition)}`

/** Whether any of these sessions has a timeline. */
export const plainCount = (condition: string): string =>
  `SELECT toFloat64(count()) AS rows FROM (SELECT 1 FROM ${TIMELINES} WHERE ${condition} LIMIT 1)`

/** The same where some of the sessions are plain CMCD: their timelines are read, then each kind is reduced. */
export const mixedQueries = (condition: string): readonly string[] => [
  `INSERT INTO ${READINGS} (${READING_NAMES.join(', ')})
SETTINGS ${BACKGROUND}
${readingRows(TIMELINES, condition)}`,
  reduceQuery(`(${condition}) AND NOT ${ofPlain(condition)}`),
  `INSERT INTO ${SESSIONS} (${STORED_NAMES.join(', ')})
SETTINGS ${REDUCING}
${plainSessionRows(SEGMENTS, `${READINGS} FINAL`, ofPlain(condition))}`,
]

export const saveQuery = (ranges: readonly Range[]): string => `INSERT INTO ${PROGRESS} (partition, offset, received_ms)
SETTINGS ${BACKGROUND}
SELECT each.1, each.2, greatest(each.3, ifNull((SELECT toUnixTimestamp64Milli(max(received_time)) FROM ${TELEMETRY} WHERE ${within(ranges)}), 0))
FROM (SELECT arrayJoin([${ranges.map(({ partition, to, received }) => `(toInt32(${partition}), toInt64(${to}), toInt64(${received}))`).join(', ')}]) AS each)`
