import type { Query, Store } from '../../platform/clickhouse/index.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'

/** A profile's events before a time on one clock: what its tombstone asks to delete. */
export interface Erasure {
  readonly topic: TopicName
  readonly clock: string
  readonly profile: string
  /** Exclusive, ms since the epoch of that clock. */
  readonly until: number
  /** Identifies the erasure: the tombstone's event id. */
  readonly id: string
  /** Wall clock, ms. */
  readonly now: number
}

/**
 * Deletes rows permanently, after entries in the ledger of removed rows; if killed in between, it is repeated.
 * Aggregates do not depend on it: they exclude the rows from the moment the tombstone landed. A domain's index keeps
 * the place and key of the rows until they expire there, because versions of its keys are counted from them.
 */
export async function eraseRows(store: Store, erasure: Erasure): Promise<void> {
  await store.exec(removalEntry(erasure))
  await store.exec({ sql: `DELETE FROM ${landingTable(erasure.topic)} WHERE ${CONDITION}`, params: paramsOf(erasure) })
}

// The tombstone itself stays, so that a replay does not restore the profile.
const CONDITION =
  "clock = {clock:String} AND profile_id = {profile:String} AND event_time < fromUnixTimestamp64Milli({until:Int64}) AND action != 'erasure'"

const paramsOf = ({ clock, profile, until }: Erasure): NonNullable<Query['params']> => ({ clock, profile, until })

const removalEntry = (erasure: Erasure): Query => ({
  sql: `INSERT INTO audit_removed_v1 (topic, partition, offset, event_id, reason, request, noticed_time) SETTINGS insert_deduplicate = 0
    SELECT {topic:String}, _partition, _offset, event_id, 'erased', {id:String}, fromUnixTimestamp64Milli({now:Int64})
    FROM ${landingTable(erasure.topic)} WHERE ${CONDITION}`,
  params: { ...paramsOf(erasure), topic: erasure.topic, id: erasure.id, now: erasure.now },
})
