import type { Migration } from '../../platform/clickhouse/index.ts'

export const migrations: readonly Migration[] = [
  {
    id: 'audit/v1',
    statements: [
      // Rows that left a landing table on purpose, such as a profile's that asked to be erased: what the sink's ledger
      // and clients' journals count and raw no longer holds. One entry a row, written before the deletion; a deletion
      // that was begun and is done again writes equal entries. Order: by place in the log. No TTL: it outlives raw, as
      // the ledger does.
      `CREATE TABLE IF NOT EXISTS audit_removed_v1 (
        topic LowCardinality(String), partition Int32, offset Int64, event_id FixedString(16), reason LowCardinality(String), request String,
        noticed_time DateTime64(3, 'UTC')
      ) ENGINE = ReplacingMergeTree ORDER BY (topic, partition, offset)`,
    ],
  },
]
