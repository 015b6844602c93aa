import type { Migration } from '../../../platform/clickhouse/migrate.ts'
import { DEFINITIONS, METRICS, REVISIONS } from '../../../schemas/experiments/tables.ts'

/** Decisions made by users, a few thousand in years: without TTL, looked up by name. */
export const migrations: readonly Migration[] = [
  {
    id: 'experiments/definitions/v1',
    statements: [
      // Order: for the latest revision of an experiment. The deduplication window rejects a second revision with the
      // same number (registry.ts).
      `CREATE TABLE IF NOT EXISTS ${REVISIONS} (id String, revision UInt32, body String, written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (id, revision) SETTINGS non_replicated_deduplication_window = 100000`,
      // Order: the versions of a metric.
      `CREATE TABLE IF NOT EXISTS ${METRICS} (id String, version UInt32, body String, written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (id, version) SETTINGS non_replicated_deduplication_window = 100000`,
    ],
  },
  {
    id: 'experiments/flags/v1',
    statements: [
      // Order: for the latest revision of each definition of a kind. The window is that of experiments' revisions.
      `CREATE TABLE IF NOT EXISTS ${DEFINITIONS} (kind LowCardinality(String), id String, revision UInt32, body String, written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (kind, id, revision) SETTINGS non_replicated_deduplication_window = 100000`,
    ],
  },
]
