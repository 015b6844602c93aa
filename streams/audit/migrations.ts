import type { Migration } from '../../platform/clickhouse/index.ts'

export const migrations: readonly Migration[] = [
  {
    id: 'audit/v1',
    statements: [
      // Rows removed from a landing table on purpose, for example for a profile that asked to be erased: the sink's
      // ledger and clients' journals count them, but raw no longer has them. One entry per row, written before the
      // deletion; a repeated deletion writes equal entries. Order: by place in the log. No TTL: like the ledger it
      // outlives raw.
      `CREATE TABLE IF NOT EXISTS audit_removed_v1 (
        topic LowCardinality(String), partition Int32, offset Int64, event_id FixedString(16), reason LowCardinality(String), request String,
        noticed_time DateTime64(3, 'UTC')
      ) ENGINE = ReplacingMergeTree ORDER BY (topic, partition, offset)`,
    ],
  },
]
