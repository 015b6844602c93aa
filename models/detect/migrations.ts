import type { Migration } from '../../platform/clickhouse/index.ts'

export const INCIDENTS = 'qoe_incident_v1'
export const ACTIONS = 'qoe_incident_action_v1'
export const CHECKPOINTS = 'qoe_detect_checkpoint_v1'

export const migrations: readonly Migration[] = [
  {
    id: 'detect/v1',
    statements: [
      // Incidents as the role last told them; the greatest version stands. `body` is the whole of it, the columns are
      // what is asked by. Order: an incident is one row, and a clock's lie together. No partitions, no TTL: a few a
      // day, and people look for last year's.
      `CREATE TABLE IF NOT EXISTS ${INCIDENTS} (
        clock LowCardinality(String), number UInt32, id String, start Int64, found Int64, end Int64 COMMENT '-1 while it goes on', version UInt64, body String CODEC(ZSTD(1))
      ) ENGINE = ReplacingMergeTree(version) ORDER BY (clock, number)`,
      // What operators said: one row an action, written by the API, never changed. A repeated insert is the same row.
      // Order: actions are asked for by incident. No TTL: they are part of its history.
      `CREATE TABLE IF NOT EXISTS ${ACTIONS} (
        incident String, at Int64 COMMENT 'wall clock, ms', id String, kind LowCardinality(String), by String, until Int64 COMMENT 'ms of the clock; -1 = none'
      ) ENGINE = ReplacingMergeTree ORDER BY (incident, at, id)`,
      // All that detection knows of a clock, to go on from: the greatest version stands (docs/decisions/0019).
      // Order: one row a clock. No TTL: it is replaced every minute; a clock that is silent keeps what it had.
      `CREATE TABLE IF NOT EXISTS ${CHECKPOINTS} (
        clock String, version UInt64, at Int64 COMMENT 'wall clock, ms', state String CODEC(ZSTD(3))
      ) ENGINE = ReplacingMergeTree(version) ORDER BY clock`,
    ],
  },
]
