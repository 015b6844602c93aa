/**
 * The CPU budget that all jobs of a process share. A job that worked for `t` ms with a share `s` of a core rests until
 * `t / s` ms have passed since it began. That time is counted on the budget's own clock, which runs slower than real
 * time while the shares of the busy jobs sum to more than the limit. So:
 *
 * - a job never takes more than its share,
 * - all together never take more than the limit,
 * - slowdown is proportional: a job with long steps does not starve the others.
 *
 * Source: virtual time of weighted fair queueing (Parekh & Gallager, "A Generalized Processor Sharing Approach to Flow
 * Control", 1993), for work whose length is known only when it is done.
 */
export interface Budget {
  /** Current time on the budget's clock, ms. */
  virtualNow(): number
  /** Counts a job as busy with a share; another call replaces the share. */
  busy(job: string, share: number): void
  /** The job neither works nor rests any more. */
  idle(job: string): void
  /**
   * Real time until the budget's clock reaches `due`, assuming that the set of busy jobs does not change, ms; 0 if it
   * has passed.
   */
  waitMs(due: number): number
}

/** `limit`: cores that all jobs together may use. `now`: wall clock, ms. */
export function createBudget(limit: number, now: () => number): Budget {
  const shares = new Map<string, number>()
  let [seen, virtual] = [now(), 0]
  const speed = (): number => limit / Math.max(limit, sum(shares.values()))
  const virtualNow = (): number => {
    const at = now()
    // The wall clock may be set back; the budget's clock never goes back.
    virtual += Math.max(0, at - seen) * speed()
    seen = at
    return virtual
  }
  return {
    virtualNow,
    busy(job, share) {
      virtualNow()
      shares.set(job, share)
    },
    idle(job) {
      virtualNow()
      shares.delete(job)
    },
    // Rounded up: a timer that fires a fraction of a millisecond early would have to be set again.
    waitMs: (due) => Math.max(0, Math.ceil((due - virtualNow() - ROUNDING) / speed())),
  }
}

/** Tolerance for rounding errors in sums of fractions, ms. */
const ROUNDING = 1e-6

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}
