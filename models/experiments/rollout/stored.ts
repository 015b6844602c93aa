import type { Migration } from '../../../platform/clickhouse/migrate.ts'
import type { Store } from '../../../platform/clickhouse/port.ts'
import { claim } from '../definitions/revisions.ts'
import type { RolloutEvent } from './rollout.ts'

export const ROLLOUTS = 'experiment_rollout_v1'

/** Order: the events of one experiment. No TTL: they are a part of its audit trail. */
export const rolloutMigrations: readonly Migration[] = [
  {
    id: 'experiments/rollouts/v1',
    statements: [
      `CREATE TABLE IF NOT EXISTS ${ROLLOUTS} (id String, number UInt32, body String, written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (id, number) SETTINGS non_replicated_deduplication_window = 100000`,
    ],
  },
]

/** Oldest first. */
export const rolloutOf = async (store: Store, experiment: string): Promise<RolloutEvent[]> =>
  (
    await store.rows<{ body: string }>({
      sql: `SELECT body FROM ${ROLLOUTS} WHERE id = {id:String} ORDER BY number`,
      params: { id: experiment },
    })
  ).map(({ body }) => JSON.parse(body) as RolloutEvent)

/** Returns false if another event with its number was written first. */
export const storeRolloutEvent = (store: Store, event: RolloutEvent): Promise<boolean> =>
  claim(store, {
    table: ROLLOUTS,
    key: { id: event.experiment, number: event.number },
    body: JSON.stringify(event),
  })
