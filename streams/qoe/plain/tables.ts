import { releasedWindow } from '../../../schemas/landing.ts'
import { landingTable } from '../../../schemas/topics.ts'
import { KEY as SEGMENT_KEY } from '../session/columns.ts'
import { compose } from '../session/levels.ts'
import { COLUMNS as MINUTE_COLUMNS, DIMENSIONS, KEY as MINUTE_KEY, type StateColumn } from '../state.ts'
import { DERIVED_LIST, readingLevels } from './levels.ts'
import { countedRecords, IS_PLAIN, RECORDS, RECORDS_OF_ROW } from './record.ts'

/**
 * The records of plain CMCD as sets: by session, which the job of sessions fills (session/job.ts), and by minute, which a
 * view fills, because the live view reads minutes at once. What a timeline says is stored beside it: planning both in
 * the statement that makes sessions took ten times as long as making them (3 s). A change becomes `_v2`.
 */
export const TIMELINES = 'qoe_timeline_v1'
export const READINGS = 'qoe_reading_v1'
export const PLAIN_MINUTES = 'qoe_plain_minute_v1'

const TELEMETRY = landingTable('playback.telemetry')
const SET = `records SimpleAggregateFunction(groupUniqArrayArray, ${RECORDS})`
const KEY_NAMES = SEGMENT_KEY.map(({ name }) => name)
const segmentKey = KEY_NAMES.join(', ')
const minuteKey = MINUTE_KEY.map(({ name }) => name).join(', ')
const column = ({ name, type }: { name: string; type: string }): string => `${name} ${type}`

/** The set of each record of a table alone: the target merges equal keys. */
export const timelinesOf = (table: string): string => `SELECT ${segmentKey}, ${RECORDS_OF_ROW} AS records
FROM ${table} WHERE ${IS_PLAIN}`
export const TIMELINE_OF_RECORD = timelinesOf(TELEMETRY)
export const TIMELINE_NAMES = [...KEY_NAMES, 'records']

const timelineTable = `CREATE TABLE IF NOT EXISTS ${TIMELINES}
(
  ${SEGMENT_KEY.map(column).join(',\n  ')},
  ${SET}
)
ENGINE = AggregatingMergeTree
-- No PARTITION BY: rows of one session must meet in one part, and its only times are a client's.
-- Order: that of the segments, beside which it is read, a session as a whole.
ORDER BY (${segmentKey})
-- No TTL: a session is reduced again as a whole whenever a record of it lands.
SETTINGS min_bytes_for_wide_part = 134217728, index_granularity_bytes = 1048576`

export const READING_NAMES = [...KEY_NAMES, 'derived', 'size']
const readingTable = `CREATE TABLE IF NOT EXISTS ${READINGS}
(
  ${SEGMENT_KEY.map(column).join(',\n  ')},
  derived Array(Int64), size UInt64
)
ENGINE = ReplacingMergeTree(size)
-- Order: that of the segments, which it is joined to. A reading of more records replaces one of fewer.
ORDER BY (${segmentKey})
-- No TTL: one row a segment, read when a record of it lands.
SETTINGS min_bytes_for_wide_part = 134217728`

const VALUES: readonly StateColumn[] = [...DIMENSIONS, ...MINUTE_COLUMNS.filter(({ name }) => name === 'clamped')]
/** Dimensions and `clamped`, as `qoe_minute_v1` has them. */
export const PLAIN_MINUTE_VALUES = VALUES.map(({ name }) => name)

export const PLAIN_MINUTE_OF_RECORD = `SELECT ${[...MINUTE_KEY, ...VALUES].map(({ name }) => `_${name} AS ${name}`).join(', ')}, _records AS records
FROM (
  SELECT
    ${[...MINUTE_KEY, ...VALUES].map(({ name, from }) => `${from} AS _${name}`).join(',\n    ')},
    ${RECORDS_OF_ROW} AS _records
  FROM ${TELEMETRY} WHERE ${IS_PLAIN}
)`

const minuteTable = `CREATE TABLE IF NOT EXISTS ${PLAIN_MINUTES}
(
  ${MINUTE_KEY.map(column).join(',\n  ')},
  ${VALUES.map(({ name, type }) => `${name} SimpleAggregateFunction(max, ${type})`).join(',\n  ')},
  ${SET}
)
ENGINE = AggregatingMergeTree
-- No PARTITION BY: minutes come from clients' clocks, and one insert with a hundred months would be refused for ever.
-- Order: an answer reads some minutes of one clock, which lie together, as in qoe_minute_v1.
ORDER BY (${minuteKey})
-- No TTL: minutes are asked for by the year, and a minute of a session is one row.
SETTINGS non_replicated_deduplication_window = ${releasedWindow('playback.telemetry')}, min_bytes_for_wide_part = 134217728`

const minuteView = `CREATE MATERIALIZED VIEW IF NOT EXISTS ${PLAIN_MINUTES}_mv TO ${PLAIN_MINUTES} AS
${PLAIN_MINUTE_OF_RECORD}`

const minuteFill = `INSERT INTO ${PLAIN_MINUTES} (${minuteKey}, ${PLAIN_MINUTE_VALUES.join(', ')}, records)
SETTINGS async_insert = 0, insert_deduplicate = 0, max_threads = 1
${PLAIN_MINUTE_OF_RECORD}`

export const PLAIN_DDL: readonly string[] = [timelineTable, readingTable, minuteTable, minuteView, minuteFill]

/** One sorted list a group of the records that count, of rows whose set is named `stored`. */
export const SORTED_RECORDS = `${countedRecords('arraySort(groupUniqArrayArray(stored))')} AS records`

/** Readings of timelines (or of a subquery of the same columns) that meet the condition: key, `derived`, `size`. */
export const readingRows = (timelines: string, condition: string): string =>
  compose(
    `(SELECT ${segmentKey}, records AS stored FROM ${timelines} WHERE ${condition})`,
    [
      { columns: [SORTED_RECORDS], groupBy: KEY_NAMES },
      ...readingLevels('segment = 0'),
      { columns: [`${DERIVED_LIST} AS derived`, 'length(records) AS size'], apart: true },
    ],
    READING_NAMES,
  )

/**
 * Segments with `derived`, what the timeline of a segment gives in place of its columns (levels.ts). `readings`: stored
 * ones, or a subquery of them.
 */
export const withReadings = (segments: string, readings: string, condition: string): string => `(
SELECT * FROM (SELECT * FROM ${segments} WHERE ${condition}) AS told
ANY LEFT JOIN (SELECT ${segmentKey}, derived FROM ${readings} WHERE ${condition}) AS reading
USING (${segmentKey}))`
