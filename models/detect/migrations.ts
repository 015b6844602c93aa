import type { Migration } from '../../platform/clickhouse/index.ts'

export const INCIDENTS = 'qoe_incident_v1'
export const ACTIONS = 'qoe_incident_action_v1'
export const CHECKPOINTS = 'qoe_detect_checkpoint_v1'

export const migrations: readonly Migration[] = [
  {
    id: 'detect/v1',
    statements: [
      // The latest state of each incident; the greatest version wins. `body` is the whole incident, the other columns
      // are for filtering. Order: an incident is one row, and rows of a clock lie together. No partitions and no TTL:
      // there are a few a day, and users look for last year's.
      `CREATE TABLE IF NOT EXISTS ${INCIDENTS} (
        clock LowCardinality(String), number UInt32, id String, start Int64, found Int64, end Int64 COMMENT '-1 while it goes on', version UInt64, body String CODEC(ZSTD(1))
      ) ENGINE = ReplacingMergeTree(version) ORDER BY (clock, number)`,
      // Operators' actions: one row per action, written by the API and never changed. A repeated insert gives the same
      // row. Order: actions are queried by incident. No TTL: they are part of the incident's history.
      `CREATE TABLE IF NOT EXISTS ${ACTIONS} (
        incident String, at Int64 COMMENT 'wall clock, ms', id String, kind LowCardinality(String), by String, until Int64 COMMENT 'ms of the clock; -1 = none'
      ) ENGINE = ReplacingMergeTree ORDER BY (incident, at, id)`,
      // Detection state of a clock, to resume from: the greatest version wins (docs/decisions/0019). Order: one row per
      // clock. No TTL: the row is replaced every minute, and a silent clock keeps its state.
      `CREATE TABLE IF NOT EXISTS ${CHECKPOINTS} (
        clock String, version UInt64, at Int64 COMMENT 'wall clock, ms', state String CODEC(ZSTD(3))
      ) ENGINE = ReplacingMergeTree(version) ORDER BY clock`,
    ],
  },
]
