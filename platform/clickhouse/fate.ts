import type { Clock } from '../clock.ts'
import { errorMessage } from '../errors.ts'
import { StoreError, type Query } from './port.ts'

export interface FateOptions {
  /** Polling interval, ms. */
  readonly pollMs: number
  /**
   * The server writes its query log every 7.5 s by default, so a missing entry means something only after this time,
   * ms.
   */
  readonly logDelayMs: number
  /** Longest time to keep polling while the server cannot be reached, ms. */
  readonly patienceMs: number
}

export interface FateQuestion extends Partial<FateOptions> {
  readonly queryId: string
  readonly ask: <T>(query: Query) => Promise<T[]>
  readonly clock: Clock
  /** Why the answer was lost: connection reset, timeout. */
  readonly cause: unknown
}

interface Outcome {
  readonly type: string
  readonly code: number
  readonly message: string
}

const DEFAULTS: FateOptions = { pollMs: 250, logDelayMs: 10_000, patienceMs: 60_000 }

/**
 * Determines the outcome of a statement whose answer was lost; the outcome is queried, never guessed. Resolves if the
 * statement finished; throws the engine's own error if it failed; throws engine code 0 if it is neither running nor in
 * the log. In the last case the caller repeats the identical statement, and its token drops rows that have already
 * landed.
 */
export async function settleFate(question: FateQuestion): Promise<void> {
  const { clock, queryId, cause } = question
  const { pollMs, logDelayMs, patienceMs } = { ...DEFAULTS, ...question }
  const started = clock.now()
  let reachable = started
  for (let silentSince: number | undefined; ;) {
    const state = await look(question)
    if (state === 'finished') return
    if (state === 'running') silentSince = undefined
    if (state === 'unreachable' && clock.now() - reachable > patienceMs) break
    if (state !== 'unreachable') reachable = clock.now()
    if (state === 'silent') {
      silentSince ??= clock.now()
      if (clock.now() - silentSince >= logDelayMs) break
    }
    await clock.sleep(pollMs)
  }
  throw new StoreError(`the fate of statement ${queryId} is unknown: ${errorMessage(cause)}`, 0, cause)
}

async function look(question: FateQuestion): Promise<'finished' | 'running' | 'silent' | 'unreachable'> {
  try {
    const running = await question.ask<{ running: number }>(runningQuery(question.queryId))
    if (Number(running[0]?.running) > 0) return 'running'
    const [outcome] = await question.ask<Outcome>(outcomeQuery(question.queryId))
    if (outcome === undefined) return 'silent'
    if (outcome.type === 'QueryFinish') return 'finished'
    throw new Failed(new StoreError(outcome.message, Number(outcome.code), question.cause))
  } catch (error) {
    if (error instanceof Failed) throw error.reason
    return 'unreachable'
  }
}

/** The failure of the statement itself, as opposed to a failure of the outcome query. */
class Failed extends Error {
  readonly reason: StoreError

  constructor(reason: StoreError) {
    super(reason.message)
    this.reason = reason
  }
}

export const runningQuery = (queryId: string): Query => ({
  sql: 'SELECT count() AS running FROM system.processes WHERE query_id = {query_id:String}',
  params: { query_id: queryId },
})

// Today's and yesterday's log only: the log is ordered by date, and a statement does not outlive its process by more.
export const outcomeQuery = (queryId: string): Query => ({
  sql: `SELECT toString(type) AS type, exception_code AS code, exception AS message
    FROM system.query_log
    WHERE event_date >= yesterday() AND query_id = {query_id:String} AND type != 'QueryStart'
    ORDER BY event_time_microseconds DESC LIMIT 1`,
  params: { query_id: queryId },
})
