/**
 * How many inserts a second all partitions may begin because of age. Inserts, not rows, are what small machines run
 * out of; a batch that is full does not ask.
 */
export interface Budget {
  /** Takes one, when there is one. */
  take(): boolean
}

/** A bucket that fills at `perSecond` and holds half a second's worth. */
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
