import type { Store } from '../../platform/clickhouse/index.ts'
import { landingTable } from '../../schemas/topics.ts'
import {
  addsUp,
  inLedger,
  keptOffsets,
  ledgerHolds,
  outside,
  params,
  STRETCH,
  type Kept,
  type Place,
} from '../audit/index.ts'

/** The sink's ledger: it counts places, so it is not filled but made anew. */
export const LEDGER = 'sink_ledger_v1'

/**
 * Writes the ledger of a partition anew from its rows, where rows cannot have expired, if it does not hold exactly
 * them. Only when every offset is accounted for once: the ledger is the proof of what landed, and is kept as long as
 * rows are missing. Returns whether it was written. A kill between the two statements leaves a ledger that holds
 * nothing, which the next call writes.
 */
export async function mendLedger(store: Store, place: Place, now: number): Promise<boolean> {
  const kept = await keptOffsets(store, place, now)
  if ((await ledgerHolds(store, place, kept)) || !(await addsUp(store, place, kept))) return false
  await store.exec({
    sql: `ALTER TABLE ${LEDGER} DELETE WHERE ${inLedger(kept.except)} SETTINGS mutations_sync = 1`,
    params: params(place, kept.from),
  })
  await store.exec({ sql: fromRows(place, kept), params: params(place, kept.from) })
  return true
}

/** Rows that were removed on purpose had landed: the ledger counts them too. */
const fromRows = ({ topic }: Place, { except }: Kept): string => `INSERT INTO ${LEDGER}
  (topic, partition, min_offset, max_offset, rows, offset_sum, offset_xor, received_until)
SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT {topic:String}, {partition:Int32}, min(o), max(o), count(), sum(o), groupBitXor(cityHash64(o)), max(at)
FROM (
  SELECT _offset AS o, received_time AS at FROM ${landingTable(topic)} WHERE _partition = {partition:Int32}
  UNION ALL
  SELECT offset AS o, max(noticed_time) AS at FROM audit_removed_v1 WHERE topic = {topic:String} AND partition = {partition:Int32} GROUP BY offset
)
WHERE o >= {from:Int64} AND o < {end:Int64} AND ${outside('o', except)}
GROUP BY intDiv(o, ${STRETCH})`
