import type { Query } from '../../../platform/clickhouse/index.ts'
import { inSlice as sliceOf, type Slice } from '../../../platform/clickhouse/slices.ts'
import { landingTable } from '../../../schemas/topics.ts'
import { SEGMENT_NAMES, segmentOf, SEGMENTS } from './ddl.ts'
import { SESSION_KEY } from './pipeline.ts'
import { SESSIONS, sessionRows, STORED_NAMES } from './row.ts'

/** One thread, which gives way to inserts and answers where the process may ask for that. */
const BACKGROUND = 'async_insert = 0, insert_deduplicate = 0, max_threads = 1, os_threads_nice_value_query = 19'

/** How far segments and sessions are made, a row a partition of the log. */
const PROGRESS = 'qoe_session_progress_v1'

/** Order: one row a partition stands after merges. */
export const progressTable = `CREATE TABLE IF NOT EXISTS ${PROGRESS} (partition Int32, offset Int64, received_ms Int64)
ENGINE = ReplacingMergeTree(offset) ORDER BY partition`

export interface Cursor {
  readonly partition: number
  /** Of the first record not dealt with. */
  readonly offset: number
  /** Latest receipt of a record before it, ms. */
  readonly received: number
}

/** Places of a partition, from (inclusive) to (exclusive), and the latest receipt of a record before them, ms. */
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
 * A record may reach the log so long after its receipt that a later one comes first, ms: past the longest time a
 * producer tries.
 */
const LATE_MS = 3_600_000

/**
 * Rows of the log between places. Their receipt tells which parts of the table hold none: places alone would read all
 * there are.
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
 * Receipt of the newest row there is, ms; 0 = none. The table is partitioned by it, so its parts know: no row is read.
 */
export const newestQuery = `SELECT toFloat64(toUnixTimestamp64Milli(max(received_time))) AS newest FROM ${TELEMETRY}`
const KEY = SESSION_KEY.join(', ')
const TOUCHED = 'qoe_session_touched_v1'

/**
 * Adds what these records of some sessions say to the state of their segments: once or twice is the same. Slices bound
 * its memory, which goes by segments, not by records.
 */
export const segmentsQuery = (
  ranges: readonly Range[],
  slice: Slice,
): string => `INSERT INTO ${SEGMENTS} (${SEGMENT_NAMES.join(', ')})
SETTINGS ${BACKGROUND}, max_block_size = 16384, min_insert_block_size_rows = 65536
${segmentOf(`(SELECT * FROM ${TELEMETRY} WHERE (${within(ranges)}) AND ${inSlice(slice)})`)}`

/**
 * Which sessions a step reduces: the log is searched once for them, however many statements share the work.
 * Order: read by step. TTL: a step that was killed is found again in the log.
 */
export const touchedTable = `CREATE TABLE IF NOT EXISTS ${TOUCHED} (step String, clock LowCardinality(String), session_id String, instance Int64, made DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY step TTL made + INTERVAL 1 HOUR SETTINGS ttl_only_drop_parts = 1`

/** A step's name is its places: the same step of another job touches the same sessions. */
export const stepOf = (ranges: readonly Range[]): string =>
  ranges.map(({ partition, from, to }) => `${partition}:${from}-${to}`).join(' ')

export const touchQuery = (ranges: readonly Range[]): string => `INSERT INTO ${TOUCHED} (step, ${KEY})
SETTINGS ${BACKGROUND}
SELECT DISTINCT '${stepOf(ranges)}', ${KEY} FROM ${TELEMETRY} WHERE ${within(ranges)}`

export const touchedCount = (step: string): string =>
  `SELECT toFloat64(count()) AS rows FROM ${TOUCHED} WHERE step = '${step}'`

export const inSlice = (slice: Slice): string => sliceOf(KEY, slice)

export const touchedIn = (step: string, slice: Slice): string =>
  `(${KEY}) IN (SELECT ${KEY} FROM ${TOUCHED} WHERE step = '${step}' AND ${inSlice(slice)})`

/**
 * Reduces the sessions that meet the condition, whole, from their segments. Slices bound its memory: spilled groups
 * took six times as long.
 */
export const reduceQuery = (condition: string): string => `INSERT INTO ${SESSIONS} (${STORED_NAMES.join(', ')})
SETTINGS ${BACKGROUND}, optimize_on_insert = 0, max_block_size = 16384, max_bytes_before_external_group_by = 0, max_bytes_ratio_before_external_group_by = 0
${sessionRows(SEGMENTS, condition)}`

export const saveQuery = (ranges: readonly Range[]): string => `INSERT INTO ${PROGRESS} (partition, offset, received_ms)
SETTINGS ${BACKGROUND}
SELECT each.1, each.2, greatest(each.3, ifNull((SELECT toUnixTimestamp64Milli(max(received_time)) FROM ${TELEMETRY} WHERE ${within(ranges)}), 0))
FROM (SELECT arrayJoin([${ranges.map(({ partition, to, received }) => `(toInt32(${partition}), toInt64(${to}), toInt64(${received}))`).join(', ')}]) AS each)`

export const segmentCount = `SELECT toFloat64(count()) AS rows FROM ${SEGMENTS}`
