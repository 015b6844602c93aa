import type { Store } from '../../platform/clickhouse/index.ts'
import { DAY_MS } from '../../platform/time.ts'
import { TOPICS } from '../../schemas/topics.ts'
import { params, type Kept, type Place, type Run } from './sets.ts'

/** More batches than this with a wrong log time are a fault by themselves: the audit shows their rows as missing. */
const MAX_EXCEPTIONS = 1_000

/**
 * The offsets in which raw must still have every landed row. A batch spans at most the log's retention, so a batch whose
 * newest row is older than the TTL minus the retention (and a day) may have lost rows to the TTL.
 *
 * The log is in order of log time, so old batches lie before the first one that is not old. An old one behind it has a
 * wrong log time (a foreign producer's clock): it is left out by itself, and hides nothing of what lies before it.
 */
export async function keptOffsets(store: Store, place: Place, now: number): Promise<Kept> {
  const { keepDays, retentionMs } = TOPICS[place.topic]
  if (keepDays === undefined) return { from: place.start, except: [] }
  const old = `received_until < fromUnixTimestamp64Milli(toInt64(${now - keepDays * DAY_MS + retentionMs + DAY_MS}))`
  const ahead = `received_until > fromUnixTimestamp64Milli(toInt64(${now + DAY_MS}))`
  const [first] = await batches(store, place, `NOT (${old}) AND NOT (${ahead})`, 'min(min_offset)')
  const from = await pastBatches(store, place, `${old}${first === undefined ? '' : ` AND min_offset < ${first}`}`)
  return { from, except: await exceptions(store, place, `${old} AND min_offset >= ${from}`) }
}

/** The offset past these batches. Batches of two schemas interleave, so a batch that crosses it moves it. */
async function pastBatches(store: Store, place: Place, condition: string): Promise<number> {
  const past = async (where: string): Promise<number> =>
    (await batches(store, place, where, 'max(max_offset) + 1'))[0] ?? place.start
  let boundary = Math.max(place.start, await past(condition))
  for (;;) {
    const further = Math.max(boundary, await past(`min_offset < ${boundary}`))
    if (further === boundary) return boundary
    boundary = further
  }
}

async function exceptions(store: Store, place: Place, condition: string): Promise<readonly Run[]> {
  const rows = await store.rows<{ first: string; last: string }>({
    sql: `SELECT min_offset AS first, max_offset AS last FROM ${LEDGER} AND ${condition} ORDER BY first LIMIT ${MAX_EXCEPTIONS}`,
    params: params(place),
  })
  const runs: Run[] = []
  for (const { first, last } of rows)
    runs.push(await widened(store, place, { first: Number(first), last: Number(last) }))
  return runs
}

/** A run and the batches of other schemas that lie between its offsets. */
async function widened(store: Store, place: Place, run: Run): Promise<Run> {
  const overlapping = `min_offset <= ${run.last} AND max_offset >= ${run.first}`
  const [first = run.first, last = run.last] = await batches(
    store,
    place,
    overlapping,
    'min(min_offset)',
    'max(max_offset)',
  )
  return first === run.first && last === run.last ? run : widened(store, place, { first, last })
}

const LEDGER =
  'sink_ledger_v1 WHERE topic = {topic:String} AND partition = {partition:Int32} AND max_offset < {end:Int64}'

/** Figures of the batches that meet a condition; none if there are no such batches. */
async function batches(store: Store, place: Place, condition: string, ...figures: string[]): Promise<number[]> {
  const [row] = await store.rows<{ found: string; figures: string[] }>({
    sql: `SELECT toString(count()) AS found, [${figures.map((figure) => `toString(${figure})`).join(', ')}] AS figures FROM ${LEDGER} AND ${condition}`,
    params: params(place),
  })
  return row === undefined || row.found === '0' ? [] : row.figures.map(Number)
}
