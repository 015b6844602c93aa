import { releasedWindow } from '../../../schemas/landing.ts'
import { landingTable } from '../../../schemas/topics.ts'
import { COLUMNS, KEY, storedType } from './columns.ts'

/** A change becomes `qoe_segment_v2`, filled from raw. */
export const SEGMENTS = 'qoe_segment_v1'

/**
 * The state of each record of a table alone; the target merges equal keys when it writes the block and in later merges.
 */
export const SEGMENT_OF_RECORD = segmentOf(landingTable('playback.telemetry'))

/** Inner names get a prefix, because an alias would hide the column that it is computed from. */
export function segmentOf(table: string): string {
  const names = [...KEY, ...COLUMNS].map(({ name }) => name)
  const sources = [
    ...KEY.map(({ name }) => `${name} AS _${name}`),
    ...COLUMNS.map(({ name, from }) => `${from} AS _${name}`),
  ]
  return `SELECT ${names.map((name) => `_${name} AS ${name}`).join(', ')}
FROM (
  SELECT
    ${sources.join(',\n    ')}
  FROM ${table}
)`
}

export const segmentTable = `CREATE TABLE IF NOT EXISTS ${SEGMENTS}
(
  ${[...KEY.map(({ name, type }) => `${name} ${type}`), ...COLUMNS.map((column) => `${column.name} ${storedType(column)}`)].join(',\n  ')},
  -- Session ids made in order of time put sessions of one day side by side: a question about a day skips the others.
  INDEX begun session_start TYPE minmax GRANULARITY 1
)
ENGINE = AggregatingMergeTree
-- No PARTITION BY: rows of one segment must meet in one part, and its only times are a client's.
-- Order: rows of one session lie together, which the timeline, the session list and every merge read.
ORDER BY (${KEY.map(({ name }) => name).join(', ')})
-- No TTL: a segment is one row for all its telemetry, and sessions are compared over years. It names no person.
-- Small parts stay compact: with fifty columns a wide part opens a buffer for each.
SETTINGS non_replicated_deduplication_window = ${releasedWindow('playback.telemetry')}, min_bytes_for_wide_part = 134217728`

/**
 * Filled the table until `qoe_session_v1` existed: a third view on the landing table doubled the time of an insert
 * (decision 0020).
 */
export const segmentView = `CREATE MATERIALIZED VIEW IF NOT EXISTS ${SEGMENTS}_mv TO ${SEGMENTS} AS
${SEGMENT_OF_RECORD}`

export const SEGMENT_NAMES = [...KEY, ...COLUMNS].map(({ name }) => name)

export const segmentFill = `INSERT INTO ${SEGMENTS} (${SEGMENT_NAMES.join(', ')})
SETTINGS async_insert = 0, insert_deduplicate = 0, max_threads = 1, max_block_size = 16384, min_insert_block_size_rows = 16384
${SEGMENT_OF_RECORD}`
