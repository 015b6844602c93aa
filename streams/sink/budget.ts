/**
 * How many inserts per second all partitions together may start because of batch age. Small machines run out of
 * inserts, not rows. A full batch does not need the budget.
 */
export interface Budget {
  /** Takes one insert from the budget; false if there is none. */
  take(): boolean
}

/** A token bucket that refills at `perSecond` and holds half a second's worth. */
export function insertBudget(perSecond: number, now: () => number): Budget {
  const most = Math.max(1, perSecond / 2)
  let level = most
  let at = now()
  return {
    take() {
      const instant = now()
      level = Math.min(most, level + ((instant - at) / 1_000) * perSecond)
      at = instant
      if (level < 1) return false
      level--
      return true
    },
  }
}
