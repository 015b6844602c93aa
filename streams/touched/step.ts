import type { Store } from '../../platform/clickhouse/port.ts'
import type { LeastEvent, TouchedDomain } from './domain.ts'
import { Known } from './known.ts'
import {
  engineTime,
  landedErasures,
  landedInserts,
  pause,
  progress,
  recomputeFresh,
  recomputeTouched,
  rowsToJudge,
  saveProgress,
  stateCount,
  statesInSlice,
  statesTouched,
  watermark,
  type Landed,
  type Which,
} from './queries.ts'

export interface StepResult {
  /** Marks processed; 0 = nothing to do. */
  readonly marks: number
  /** Landing time up to which every touched key is recomputed, ms. */
  readonly cursor: number
  /** Landing time up to which no insert was in progress, ms: no more rows can land before it. */
  readonly upTo: number
}

/** Marks recomputed at once: limits the memory of one recomputation. */
const BATCH_MARKS = 100_000

/** Kept by the caller between steps. If it is lost, or another process made steps, the state is read again. */
export interface Memory {
  known?: Known
}

/**
 * Processes one bounded batch: recomputes the keys of the oldest unprocessed inserts, then saves the progress. After a
 * kill between the two, the batch is recomputed with equal versions and changes nothing.
 */
export async function recomputeStep(
  store: Store,
  domain: TouchedDomain,
  batchMarks = BATCH_MARKS,
  memory?: Memory,
): Promise<StepResult> {
  const after = await number(store.rows<{ cursor: string }>(progress(domain)), 'cursor')
  const step = await nextStep(store, domain, after, batchMarks)
  const { marks, cursor, upTo } = step
  if (marks === 0) return step
  const batch = { after, upTo: cursor }
  const which = await erasuresAmong(store, batch)
  const known = memory === undefined ? undefined : await recall(store, domain, memory, after)
  // The cache is ahead of the state until the step has ended, so a step that fails drops it.
  if (memory !== undefined) delete memory.known
  if (known === undefined || domain.least === undefined) await store.exec(recomputeTouched(domain, batch, which))
  else if (which.erasures) await recomputeAndLearn(store, domain, domain.least, batch, known, which)
  else await recomputeNews(store, domain, domain.least, batch, known)
  await store.exec(saveProgress(domain, cursor))
  if (memory !== undefined && known !== undefined && known.size <= MAX_KNOWN)
    memory.known = Object.assign(known, { cursor })
  return { marks, cursor, upTo }
}

/** The oldest inserts past `after`, as many as one recomputation takes. */
async function nextStep(store: Store, domain: TouchedDomain, after: number, batchMarks: number): Promise<StepResult> {
  const upTo = await number(store.rows<{ upTo: string }>(watermark(domain)), 'upTo')
  const inserts = await store.rows<{ at: string; marks: number }>(landedInserts(domain, { after, upTo }))
  let marks = 0
  let cursor = after
  for (const insert of inserts) {
    if (marks > 0 && marks + insert.marks > batchMarks) break
    marks += insert.marks
    cursor = Number(insert.at)
  }
  return { marks, cursor, upTo }
}

async function erasuresAmong(store: Store, batch: Landed): Promise<{ readonly erasures: boolean }> {
  const [erasures] = await store.rows<{ tombstones: number }>(landedErasures(batch))
  return { erasures: (erasures?.tombstones ?? 0) > 0 }
}

/**
 * Recomputes the keys of the whole index, whatever was recomputed before: for rows that came back to it. Keys that are
 * right stay as they are; progress is not touched.
 */
export async function recomputeAll(store: Store, domain: TouchedDomain, batchMarks = BATCH_MARKS): Promise<void> {
  for (let after = 0; ;) {
    const { marks, cursor } = await nextStep(store, domain, after, batchMarks)
    if (marks === 0) return
    const batch = { after, upTo: cursor }
    await store.exec(recomputeTouched(domain, batch, await erasuresAmong(store, batch)))
    after = cursor
  }
}

/** Maximum number of keys in memory (600 MB). With more keys, every batch is recomputed completely. */
const MAX_KNOWN = 20_000_000
/** Keys per answer of the store. */
const KNOWN_AT_ONCE = 2_000_000

/** Loads the state of all keys up to a landing time. */
async function recall(store: Store, domain: TouchedDomain, memory: Memory, after: number): Promise<Known | undefined> {
  if (domain.least === undefined || memory.known?.cursor === after) return memory.known
  const keys = await number(store.rows<{ rows: number }>(stateCount(domain)), 'rows')
  if (keys > MAX_KNOWN) return undefined
  const known = new Known(after)
  const of = Math.ceil(keys / KNOWN_AT_ONCE)
  for (let at = 0; at < of; at++)
    known.learn(await store.bytes(statesInSlice(domain, domain.least, { of, at }), 'RowBinary'))
  return known
}

/** Recomputes only the keys that these inserts may change. */
async function recomputeNews(
  store: Store,
  domain: TouchedDomain,
  least: LeastEvent,
  batch: Landed,
  known: Known,
): Promise<void> {
  const { fresh, changed, allFresh } = known.judge(await store.bytes(rowsToJudge(domain, least, batch), 'RowBinary'))
  if (allFresh || fresh.length > 0) await store.exec(recomputeFresh(domain, batch, allFresh ? undefined : fresh))
  if (changed.length > 0) await recomputeAndLearn(store, domain, least, batch, known, { hashes: changed })
}

async function recomputeAndLearn(
  store: Store,
  domain: TouchedDomain,
  least: LeastEvent,
  batch: Landed,
  known: Known,
  which: Which,
): Promise<void> {
  await store.exec(recomputeTouched(domain, batch, which))
  known.learn(await store.bytes(statesTouched(domain, least, batch, which), 'RowBinary'))
}

/**
 * An insert in progress holds back what landed after it started, ms. `settle` waits this long for it, because it may
 * hang.
 */
const MAX_WAIT_MS = 30_000

/** Recomputes until everything that had landed at the time of the call is processed. */
export async function settle(store: Store, domain: TouchedDomain, batchMarks = BATCH_MARKS): Promise<number> {
  const called = await number(store.rows<{ now: string }>(engineTime), 'now')
  let marks = 0
  for (;;) {
    const step = await recomputeStep(store, domain, batchMarks)
    marks += step.marks
    if (step.marks > 0) continue
    if (step.upTo >= called || (await number(store.rows<{ now: string }>(engineTime), 'now')) > called + MAX_WAIT_MS)
      return marks
    await store.rows(pause)
  }
}

export async function number<K extends string>(
  answer: Promise<Record<K, string | number>[]>,
  column: K,
): Promise<number> {
  const [row] = await answer
  return Number(row?.[column] ?? 0)
}
