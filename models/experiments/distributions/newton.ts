/** A tail at u: its logarithm, and that of the density in u. */
export type LogTail = (u: number) => readonly [tail: number, density: number]

/**
 * The u where a tail is e^target, by Newton's method on its logarithm. The densities here are log-concave in u (ln x,
 * or logit x), so the logarithm of a tail is concave (Bagnoli & Bergstrom 2005): after one step every iterate lies on
 * one side of the root and approaches it; no bracket is needed.
 * @param direction +1 for a lower tail (it rises with u), −1 for an upper one
 */
export function quantileOfLogTail(logTail: LogTail, target: number, start: number, direction: 1 | -1): number {
  let u = start
  for (let round = 0; round < 200; round++) {
    const [tail, density] = logTail(u)
    // Past what a double holds (x = e^u is 0 or infinite): so is the quantile.
    if (tail === -Infinity) return u
    // A tail that is full has no slope left: the step is bounded, the next one knows more.
    const step = Math.max(-20, Math.min(20, (target - tail) * Math.exp(tail - density)))
    const next = u + direction * step
    if (Math.abs(step) <= 1e-9) return next
    u = next
  }
  return u
}
