import type { Store } from '../../platform/clickhouse/index.ts'
import { keptOffsets } from './expiry.ts'
import { params, stretches, unaccounted, within, type Place, type Run } from './sets.ts'

/** A fault in every stretch of 65,536 offsets, for six billion of them. */
const MAX_STRETCHES = 100_000

/**
 * Offsets below the cut that neither landed nor are accounted for otherwise, in order: what the audit calls "neither
 * landed nor dead". Rows that may have expired are not among them.
 */
export async function* missingRuns(store: Store, place: Place, now: number): AsyncGenerator<Run> {
  const { from, except } = await keptOffsets(store, place, now)
  const found = await store.rows<{ stretch: string }>({
    sql: stretches(place, except, MAX_STRETCHES),
    params: params(place, from),
  })
  for (const { stretch } of found) {
    const part = within(place, from, Number(stretch))
    const runs = await store.rows<{ first: string; last: string }>({
      // Neighbours have the same difference of offset and rank.
      sql: `SELECT min(_offset) AS first, max(_offset) AS last FROM (
          SELECT _offset, _offset - toInt64(row_number() OVER (ORDER BY _offset)) AS run FROM (${unaccounted(place.topic, except)})
        ) GROUP BY run ORDER BY first`,
      params: params(part.place, part.from),
    })
    for (const { first, last } of runs) yield { first: Number(first), last: Number(last) }
  }
}
