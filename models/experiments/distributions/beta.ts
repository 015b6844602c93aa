import { incompleteBeta } from './incomplete-beta.ts'
import { quantileOfLogTail } from './newton.ts'
import { isf as normalIsf } from './normal.ts'

/** P(X ≤ x); a, b ≥ 0.01. */
export const cdf = (x: number, a: number, b: number): number =>
  x <= 0 ? 0 : x >= 1 ? 1 : Math.exp(incompleteBeta(a, b, x, 1 - x).lower)

/** P(X > x). */
export const sf = (x: number, a: number, b: number): number =>
  x <= 0 ? 1 : x >= 1 ? 0 : Math.exp(incompleteBeta(a, b, x, 1 - x).upper)

/** ln(x / (1 − x)) with one tail (≤ ½) at the given size, from the normal approximation of the logit. */
export function logitQuantile(a: number, b: number, tail: number, isLower: boolean): number {
  if (tail <= 0) return isLower ? -Infinity : Infinity
  const z = normalIsf(tail) * (isLower ? -1 : 1)
  const start = Math.log(a / b) + z * Math.sqrt(1 / a + 1 / b)
  return quantileOfLogTail(
    (u) => {
      const { lower, upper, density } = incompleteBeta(a, b, 1 / (1 + Math.exp(-u)), 1 / (1 + Math.exp(u)))
      return [isLower ? lower : upper, density]
    },
    Math.log(tail),
    start,
    isLower ? 1 : -1,
  )
}

const fromLogit = (u: number): number => 1 / (1 + Math.exp(-u))

/** The x with P(X ≤ x) = p, 0 ≤ p ≤ 1. */
export const quantile = (p: number, a: number, b: number): number =>
  fromLogit(p <= 0.5 ? logitQuantile(a, b, p, true) : logitQuantile(a, b, 1 - p, false))

/** The x with P(X > x) = q, 0 ≤ q ≤ 1. */
export const isf = (q: number, a: number, b: number): number =>
  fromLogit(q <= 0.5 ? logitQuantile(a, b, q, false) : logitQuantile(a, b, 1 - q, true))
