import type { Migration } from '../../platform/clickhouse/index.ts'
import { releasedWindow } from '../../schemas/landing.ts'
import { landingTable } from '../../schemas/topics.ts'
import { segmentFill, segmentTable, segmentView } from './session/ddl.ts'
import { progressTable, touchedTable } from './session/job-queries.ts'
import { sessionTable } from './session/row.ts'
import { COLUMNS, KEY, STATE } from './state.ts'

/**
 * Immutable with its view, whose identity is part of what makes a replay exact: a change is `qoe_minute_v2`,
 * back-filled from raw.
 */
export const TARGET = 'qoe_minute_v1'

/**
 * The state of each record alone. The view needs no GROUP BY: the target merges equal keys as it writes the block and
 * ever after. Names get a prefix inside, since an alias would hide the column it is made of.
 */
export const STATE_OF_RECORD = `SELECT ${COLUMNS.map(({ name }) => `_${name} AS ${name}`).join(', ')}
FROM (
  SELECT
    ${COLUMNS.map(({ name, from }) => `${from} AS _${name}`).join(',\n    ')}
  FROM ${landingTable('playback.telemetry')}
)`

const target = `CREATE TABLE IF NOT EXISTS ${TARGET}
(
  ${[...KEY.map(({ name, type }) => `${name} ${type}`), ...STATE.map(({ name, type }) => `${name} SimpleAggregateFunction(max, ${type})`)].join(',\n  ')}
)
ENGINE = AggregatingMergeTree
-- No PARTITION BY: minutes come from clients' clocks, and one insert with a hundred months would be refused for ever.
-- Order: a live answer reads some minutes of one clock, which lie together; within them a segment is one row.
ORDER BY (${KEY.map(({ name }) => name).join(', ')})
-- No TTL: a minute of a session is one row for six or more of its telemetry, and history is asked for by the year.
-- Small parts stay compact: a merge into one file a column took 400 MB of buffers and more CPU (measured).
SETTINGS non_replicated_deduplication_window = ${releasedWindow('playback.telemetry')}, min_bytes_for_wide_part = 134217728`

const view = `CREATE MATERIALIZED VIEW IF NOT EXISTS ${TARGET}_mv TO ${TARGET} AS
${STATE_OF_RECORD}`

export const migrations: Migration[] = [
  { id: 'qoe/minute_v1', statements: [target, view] },
  // What landed before is filled in; rows that land meanwhile come twice, which changes no maximum.
  { id: 'qoe/segment_v1', statements: [segmentTable, segmentView, segmentFill] },
  // Filled by the job that keeps it and, from now on, the segments: its first step begins where the log does.
  {
    id: 'qoe/session_v1',
    statements: [sessionTable, progressTable, touchedTable, 'DROP VIEW IF EXISTS qoe_segment_v1_mv'],
  },
]
