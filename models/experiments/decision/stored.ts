import type { Migration } from '../../../platform/clickhouse/migrate.ts'
import type { Store } from '../../../platform/clickhouse/port.ts'
import { claim } from '../definitions/revisions.ts'
import { fingerprint, canonical, type DecisionRecord } from './record.ts'

export const DECISIONS = 'experiment_decision_v1'

/** Order: the decisions on one experiment. No TTL: they are the reason for what was done. */
export const decisionMigrations: readonly Migration[] = [
  {
    id: 'experiments/decisions/v1',
    statements: [
      `CREATE TABLE IF NOT EXISTS ${DECISIONS} (id String, number UInt32, body String CODEC(ZSTD(3)), written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (id, number) SETTINGS non_replicated_deduplication_window = 100000`,
    ],
  },
]

/** A record with the SHA-256 of its canonical bytes, as it was stored. */
export interface StoredDecision {
  readonly sha256: string
  readonly record: DecisionRecord
}

/** Oldest first. */
export const decisionsOn = async (store: Store, experiment: string): Promise<StoredDecision[]> =>
  (
    await store.rows<{ body: string }>({
      sql: `SELECT body FROM ${DECISIONS} WHERE id = {id:String} ORDER BY number`,
      params: { id: experiment },
    })
  ).map(({ body }) => JSON.parse(body) as StoredDecision)

/** Stores a record; undefined if another one with its number was written first. */
export async function storeDecision(store: Store, record: DecisionRecord): Promise<StoredDecision | undefined> {
  const stored = { sha256: fingerprint(record), record }
  return (await claim(store, {
    table: DECISIONS,
    key: { id: record.experiment, number: record.number },
    body: canonical(stored),
  }))
    ? stored
    : undefined
}

/** Whether a record is as it was written, and follows the one before it. */
export const isIntact = ({ sha256, record }: StoredDecision, before: StoredDecision | undefined): boolean =>
  fingerprint(record) === sha256 && record.previous === (before === undefined ? '' : fingerprint(before.record))
