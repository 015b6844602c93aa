import type { Migration } from '../../../platform/clickhouse/migrate.ts'
import { METRICS, REVISIONS } from '../../../schemas/experiments/tables.ts'

/** Decisions of people, a few thousand in years: never expired, and looked up by name. */
export const migrations: readonly Migration[] = [
  {
    id: 'experiments/definitions/v1',
    statements: [
      // Order: the latest revision of an experiment. The window refuses a second revision of one number (registry.ts).
      `CREATE TABLE IF NOT EXISTS ${REVISIONS} (id String, revision UInt32, body String, written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (id, revision) SETTINGS non_replicated_deduplication_window = 100000`,
      // Order: the versions of a metric.
      `CREATE TABLE IF NOT EXISTS ${METRICS} (id String, version UInt32, body String, written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (id, version) SETTINGS non_replicated_deduplication_window = 100000`,
    ],
  },
]
