import type { Store } from '../../platform/clickhouse/port.ts'
import { newBlocks, readCursor, saveCursor, type Block } from './cursor.ts'
import { ERASURE_MARKS } from './ddl.ts'
import { eventsTable, workOf, type LeastEvent, type TouchedDomain } from './domain.ts'
import { Known } from './known.ts'
import {
  recomputeFresh,
  recomputeTouched,
  rowsToJudge,
  stateCount,
  statesInSlice,
  statesTouched,
  type Batch,
} from './queries.ts'

export interface StepResult {
  /** Marks processed; 0 = nothing to do. */
  readonly marks: number
}

/** Marks recomputed at once: limits the memory of one recomputation. */
const BATCH_MARKS = 100_000

/** Kept by the caller between steps. If it is lost, or another process made steps, the state is read again. */
export interface Memory {
  known?: Known
}

/**
 * Processes one bounded batch: recomputes the keys of the oldest unprocessed blocks, then saves the progress. After a
 * kill between the two, the batch is recomputed with equal versions and changes nothing.
 */
export async function recomputeStep(
  store: Store,
  domain: TouchedDomain,
  batchMarks = BATCH_MARKS,
  memory?: Memory,
): Promise<StepResult> {
  const [keys, erasures] = [
    await readCursor(store, workOf(domain, 'keys'), eventsTable(domain)),
    await readCursor(store, workOf(domain, 'erasures'), ERASURE_MARKS),
  ]
  const blocks = within(await newBlocks(store, eventsTable(domain), keys), batchMarks)
  const erased = (await newBlocks(store, ERASURE_MARKS, erasures)).at(-1)
  const last = blocks.at(-1)
  if (last === undefined && erased === undefined) return { marks: 0 }
  const batch: Batch = {
    after: keys.block,
    upTo: last?.block ?? keys.block,
    ...(erased !== undefined && { erased: { after: erasures.block, upTo: erased.block } }),
  }
  const known = memory === undefined ? undefined : await recall(store, domain, memory, keys.place)
  // The cache is ahead of the state until the step has ended, so a step that fails drops it.
  if (memory !== undefined) delete memory.known
  await recompute(store, domain, batch, known)
  if (last !== undefined) await store.exec(saveCursor(keys, last))
  if (erased !== undefined) await store.exec(saveCursor(erasures, erased))
  if (memory !== undefined && known !== undefined && known.size <= MAX_KNOWN)
    memory.known = Object.assign(known, { cursor: keys.base + batch.upTo })
  return { marks: blocks.reduce((sum, { rows }) => sum + rows, 0) + (erased?.rows ?? 0) }
}

/**
 * Recomputes the keys of the whole index, whatever was recomputed before: for rows that came back to it. Keys that are
 * right stay as they are; progress is not touched.
 */
export async function recomputeAll(store: Store, domain: TouchedDomain, batchMarks = BATCH_MARKS): Promise<void> {
  for (let block = 0; ;) {
    const last = within(await newBlocks(store, eventsTable(domain), { block }), batchMarks).at(-1)
    if (last === undefined) return
    await store.exec(recomputeTouched(domain, { after: block, upTo: last.block }))
    block = last.block
  }
}

/** The first blocks with this many marks together; at least one. */
function within(blocks: readonly Block[], marks: number): readonly Block[] {
  let sum = 0
  const over = blocks.findIndex(({ rows }) => (sum += rows) > marks)
  return over === -1 ? blocks : blocks.slice(0, Math.max(1, over))
}

/** Maximum number of keys in memory (600 MB). With more keys, every batch is recomputed completely. */
const MAX_KNOWN = 20_000_000
/** Keys per answer of the store. */
const KNOWN_AT_ONCE = 2_000_000

/** Loads the state of all keys up to a place of the cursor. */
async function recall(store: Store, domain: TouchedDomain, memory: Memory, place: number): Promise<Known | undefined> {
  if (domain.least === undefined || memory.known?.cursor === place) return memory.known
  const [{ rows: keys } = { rows: 0 }] = await store.rows<{ rows: number }>(stateCount(domain))
  if (keys > MAX_KNOWN) return undefined
  const known = new Known(place)
  const of = Math.ceil(keys / KNOWN_AT_ONCE)
  for (let at = 0; at < of; at++)
    known.learn(await store.bytes(statesInSlice(domain, domain.least, { of, at }), 'RowBinary'))
  return known
}

function recompute(store: Store, domain: TouchedDomain, batch: Batch, known: Known | undefined): Promise<void> {
  const { least } = domain
  if (known === undefined || least === undefined) return store.exec(recomputeTouched(domain, batch))
  if (batch.erased !== undefined) return recomputeAndLearn(store, domain, least, batch, known)
  return recomputeNews(store, domain, least, batch, known)
}

/** Recomputes only the keys that these blocks may change. */
async function recomputeNews(
  store: Store,
  domain: TouchedDomain,
  least: LeastEvent,
  batch: Batch,
  known: Known,
): Promise<void> {
  const { fresh, changed, allFresh } = known.judge(await store.bytes(rowsToJudge(domain, least, batch), 'RowBinary'))
  if (allFresh || fresh.length > 0) await store.exec(recomputeFresh(domain, batch, allFresh ? undefined : fresh))
  if (changed.length > 0) await recomputeAndLearn(store, domain, least, batch, known, changed)
}

async function recomputeAndLearn(
  store: Store,
  domain: TouchedDomain,
  least: LeastEvent,
  batch: Batch,
  known: Known,
  hashes?: readonly string[],
): Promise<void> {
  await store.exec(recomputeTouched(domain, batch, hashes))
  known.learn(await store.bytes(statesTouched(domain, least, batch, hashes), 'RowBinary'))
}

/** Recomputes until everything that had landed at the time of the call is processed. */
export async function settle(store: Store, domain: TouchedDomain, batchMarks = BATCH_MARKS): Promise<number> {
  let marks = 0
  for (let step = 1; step > 0; marks += step) step = (await recomputeStep(store, domain, batchMarks)).marks
  return marks
}
