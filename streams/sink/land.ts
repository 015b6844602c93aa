import type { Clock } from '../../platform/clock.ts'
import type { AvroInsert } from '../../platform/clickhouse/port.ts'
import { errorMessage } from '../../platform/errors.ts'
import { retry } from '../../platform/retry.ts'
import { fateOf } from './fate.ts'
import type { Rows } from './rows.ts'
import type { Walk } from './walk.ts'
import { dedupToken, insertStatement, type LandingTarget, type PartName } from './statement.ts'

/** How data of one writer schema is inserted. */
export interface LandingPlan {
  readonly fingerprint: string
  readonly target: LandingTarget
  readonly structure: string
  /** Header of the Avro file: wrapper schema and sync marker. */
  readonly header: Uint8Array
  readonly sync: Uint8Array
  /** Finds unreadable data without trial inserts; if absent, only bisection finds it. */
  readonly walk?: Walk
}

export interface Landing {
  readonly clock: Clock
  readonly insert: (insert: AvroInsert) => Promise<void>
  /**
   * The lease under which the statement may write. Resolves when there is a fresh lease; rejects when the generation is
   * over.
   */
  readonly lease: () => Promise<number>
  /** Once aborted, failures are not retried: the intent stays open, and the next owner lands the batch. */
  readonly signal: AbortSignal
  /** Called for each failed attempt; the statement is retried unless the generation is over. */
  readonly onRetry: (name: PartName, error: unknown, tries: number) => void
}

/** A row that the engine cannot read, found by bisection. */
export interface PoisonRow {
  readonly offset: number
  readonly message: string
}

const BACKOFF = { firstMs: 100, maxMs: 5_000 }

/**
 * Lands all rows of a part, each exactly once, and returns the rows that cannot be read.
 *
 * Which rows are poison, and in which pieces the rest lands, depends only on the bytes, and every piece has its own
 * token. A replay that starts again with the whole part therefore ends with the same pieces and the same poison.
 */
export async function landPart(landing: Landing, plan: LandingPlan, name: PartName, rows: Rows): Promise<PoisonRow[]> {
  const error = await insertUntilKnown(landing, plan, name, rows, 0, rows.count)
  if (error === undefined) return []
  const faults = plan.walk === undefined ? NO_FAULTS : rows.faults(plan.walk)
  const poison = [...faults].map(([row, message]): PoisonRow => ({ offset: rows.offset(row), message }))
  if (faults.size === 0) await landHalves(landing, plan, name, rows, 0, rows.count, error, poison)
  else if (faults.size < rows.count)
    await landRange(landing, plan, { ...name, sifted: true }, rows.without(faults), 0, rows.count - faults.size, poison)
  return poison
}

const NO_FAULTS: ReadonlyMap<number, string> = new Map()

async function landRange(
  landing: Landing,
  plan: LandingPlan,
  name: PartName,
  rows: Rows,
  from: number,
  to: number,
  poison: PoisonRow[],
): Promise<void> {
  const whole = from === 0 && to === rows.count
  const own = { ...name, rows: whole ? undefined : { from, to } }
  const error = await insertUntilKnown(landing, plan, own, rows, from, to)
  if (error !== undefined) await landHalves(landing, plan, name, rows, from, to, error, poison)
}

/** Lands a refused piece as two halves; a refused single row is poison. */
async function landHalves(
  landing: Landing,
  plan: LandingPlan,
  name: PartName,
  rows: Rows,
  from: number,
  to: number,
  error: unknown,
  poison: PoisonRow[],
): Promise<void> {
  if (to - from === 1) {
    poison.push({ offset: rows.offset(from), message: errorMessage(error) })
    return
  }
  const middle = (from + to) >>> 1
  await landRange(landing, plan, name, rows, from, middle, poison)
  await landRange(landing, plan, name, rows, middle, to, poison)
}

/** Retries the identical statement until it has landed (undefined) or its bytes are proven unreadable (the error). */
async function insertUntilKnown(
  landing: Landing,
  plan: LandingPlan,
  name: PartName,
  rows: Rows,
  from: number,
  to: number,
): Promise<unknown> {
  const token = dedupToken(name)
  const body = [plan.header, ...rows.blocks(from, to, plan.sync)]
  let hasLease = false
  const attempt = async (tries: number): Promise<unknown> => {
    hasLease = false
    const leaseEnd = await landing.lease()
    hasLease = true
    const sql = insertStatement(plan.target, name.partition, token, leaseEnd, to - from)
    return landing.insert({ sql, structure: plan.structure, body, queryId: `${token}-${leaseEnd}-${tries}` }).then(
      () => undefined,
      (error: unknown) => {
        if (fateOf(error) === 'poison') return error
        // Counted although the generation may be over: a statement that the engine refused for its lease shows here.
        landing.onRetry(name, error, tries)
        throw error
      },
    )
  }
  // Without a lease the generation is over, and the next owner lands the batch.
  return retry(
    attempt,
    { backoff: BACKOFF, retryable: () => hasLease },
    { clock: landing.clock, signal: landing.signal },
  )
}
