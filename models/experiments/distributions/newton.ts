/** A tail at u: its logarithm, and the logarithm of the density in u. */
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
    // Beyond the range of a double (x = e^u is 0 or infinite), so is the quantile.
    if (tail === -Infinity) return u
    // A tail close to 1 has no slope: the step is bounded, and the next iteration corrects it.
    const step = Math.max(-20, Math.min(20, (target - tail) * Math.exp(tail - density)))
    const next = u + direction * step
    if (Math.abs(step) <= 1e-9) return next
    u = next
  }
  return u
}
