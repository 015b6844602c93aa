import type { Clock } from '../clock.ts'
import type { Budget } from './budget.ts'
import type { Job } from './job.ts'

const DEFAULT_SHARE = 0.1
/** Others begin and end while a job rests: how long its rest lasts is worked out again after so long, ms. */
const RECKON_MS = 1_000

/** Keeps one step within the budget: what it worked is added up, and paid for by resting. */
export interface Pace {
  pace<T>(piece: () => Promise<T>): Promise<T>
  /** Rests for all that the step did outside of its pieces; to be called once, when it has ended. */
  finish(): Promise<void>
}

export function startPace(job: Job, budget: Budget, clock: Clock, stopping: AbortSignal): Pace {
  const shareOf = (tookMs: number): number =>
    typeof job.share === 'function' ? job.share(tookMs) : (job.share ?? DEFAULT_SHARE)
  const begun = clock.now()
  /** Time inside of pieces and of the rests after them, ms. */
  let inside = 0
  budget.busy(job.name, shareOf(0))
  /** On the budget's clock: everything so far is paid for. */
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
