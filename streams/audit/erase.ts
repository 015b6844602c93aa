import type { Query, Store } from '../../platform/clickhouse/index.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'

/** A profile's events before a time, in one clock: what its tombstone asks to be deleted. */
export interface Erasure {
  readonly topic: TopicName
  readonly clock: string
  readonly profile: string
  /** Exclusive, ms since the epoch of that clock. */
  readonly until: number
  /** Names the erasure: the tombstone's event id. */
  readonly id: string
  /** Wall clock, ms. */
  readonly now: number
}

/**
 * Deletes rows for good, entries in the ledger of removed rows first: killed in between, it is simply done again.
 * Aggregates do not wait for it: they leave the rows out from the moment the tombstone landed. The index of a domain
 * keeps the place and key of the rows until they expire there: versions of its keys are counted from them.
 */
export async function eraseRows(store: Store, erasure: Erasure): Promise<void> {
  await store.exec(removalEntry(erasure))
  await store.exec({ sql: `DELETE FROM ${landingTable(erasure.topic)} WHERE ${CONDITION}`, params: paramsOf(erasure) })
}

// The tombstone itself stays: it keeps a replay from bringing anybody back.
const CONDITION =
  "clock = {clock:String} AND profile_id = {profile:String} AND event_time < fromUnixTimestamp64Milli({until:Int64}) AND action != 'erasure'"

const paramsOf = ({ clock, profile, until }: Erasure): NonNullable<Query['params']> => ({ clock, profile, until })

const removalEntry = (erasure: Erasure): Query => ({
  sql: `INSERT INTO audit_removed_v1 (topic, partition, offset, event_id, reason, request, noticed_time) SETTINGS insert_deduplicate = 0
    SELECT {topic:String}, _partition, _offset, event_id, 'erased', {id:String}, fromUnixTimestamp64Milli({now:Int64})
    FROM ${landingTable(erasure.topic)} WHERE ${CONDITION}`,
  params: { ...paramsOf(erasure), topic: erasure.topic, id: erasure.id, now: erasure.now },
})
