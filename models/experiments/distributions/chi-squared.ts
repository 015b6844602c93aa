import { incompleteGamma } from './incomplete-gamma.ts'
import { quantileOfLogTail } from './newton.ts'
import { isf as normalIsf } from './normal.ts'

/** P(X ≤ x), df degrees of freedom (df ≥ 0.02). */
export const cdf = (x: number, df: number): number =>
  x <= 0 ? 0 : x === Infinity ? 1 : Math.exp(incompleteGamma(df / 2, x / 2).lower)

/** P(X > x). */
export const sf = (x: number, df: number): number =>
  x <= 0 ? 1 : x === Infinity ? 0 : Math.exp(incompleteGamma(df / 2, x / 2).upper)

/** ln x with the smaller tail at e^target, from a normal approximation of ln X with its tail at the same place. */
function logQuantile(df: number, tail: number, isLower: boolean): number {
  if (tail <= 0) return isLower ? -Infinity : Infinity
  const a = df / 2
  const z = normalIsf(tail) * (isLower ? -1 : 1)
  // Wilson & Hilferty 1931; if the cube is not positive, the leading power term of the lower tail is used.
  const cube = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a))
  const start = cube > 0.2 ? Math.log(a) + 3 * Math.log(cube) : Math.log(a) + Math.log(tail) / a
  return quantileOfLogTail(
    (u) => {
      const { lower, upper, density } = incompleteGamma(a, Math.exp(u))
      return [isLower ? lower : upper, density]
    },
    Math.log(tail),
    start,
    isLower ? 1 : -1,
  )
}

/** The x with P(X ≤ x) = p, 0 ≤ p ≤ 1. */
export const quantile = (p: number, df: number): number =>
  2 * Math.exp(p <= 0.5 ? logQuantile(df, p, true) : logQuantile(df, 1 - p, false))

/** The x with P(X > x) = q, 0 ≤ q ≤ 1. */
export const isf = (q: number, df: number): number =>
  2 * Math.exp(q <= 0.5 ? logQuantile(df, q, false) : logQuantile(df, 1 - q, true))
