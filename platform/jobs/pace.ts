import type { Clock } from '../clock.ts'
import type { Budget } from './budget.ts'
import type { Job } from './job.ts'

const DEFAULT_SHARE = 0.1
/**
 * Jobs begin and end while another rests, which changes the length of its rest: it is recomputed at this interval, ms.
 */
const RECKON_MS = 1_000

/** Keeps one step within the budget: measures its work and rests in proportion. */
export interface Pace {
  pace<T>(piece: () => Promise<T>): Promise<T>
  /** Rests for the work that the step did outside its pieces; called once, when the step has ended. */
  finish(): Promise<void>
}

export function startPace(job: Job, budget: Budget, clock: Clock, stopping: AbortSignal): Pace {
  const shareOf = (tookMs: number): number =>
    typeof job.share === 'function' ? job.share(tookMs) : (job.share ?? DEFAULT_SHARE)
  const begun = clock.now()
  /** Time spent in pieces and the rests after them, ms. */
  let inside = 0
  budget.busy(job.name, shareOf(0))
  /** On the budget's clock: the time at which all work so far is compensated by rest. */
  let due = budget.virtualNow()

  const pay = async (tookMs: number): Promise<void> => {
    const share = shareOf(tookMs)
    due += tookMs / share
    budget.busy(job.name, share)
    for (let wait = budget.waitMs(due); wait > 0 && !stopping.aborted; wait = budget.waitMs(due))
      await clock.sleep(Math.min(wait, RECKON_MS), stopping).catch(() => undefined)
  }
  return {
    async pace(piece) {
      const started = clock.now()
      try {
        return await piece()
      } finally {
        await pay(clock.now() - started)
        inside += clock.now() - started
      }
    },
    async finish() {
      await pay(Math.max(0, clock.now() - begun - inside))
      budget.idle(job.name)
    },
  }
}
