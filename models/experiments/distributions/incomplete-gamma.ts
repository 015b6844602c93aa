import { deviance, HALF_LN_2PI, stirlingError } from './gamma-function.ts'

/** Natural logarithms of the two tails; the smaller one is computed directly, never as 1 − the other. */
export interface LogTails {
  readonly lower: number
  readonly upper: number
  /** Log density in ln x (gamma) or logit x (beta), for Newton's method on that scale. */
  readonly density: number
}

/** At the ends, where the terms of the general formulas are infinite. */
export const NOTHING_BELOW: LogTails = { lower: -Infinity, upper: 0, density: -Infinity }
export const NOTHING_ABOVE: LogTails = { lower: 0, upper: -Infinity, density: -Infinity }

/**
 * Convergence tolerance of a continued fraction (NaN counts as converged): rounding can keep its last factors a unit or
 * two away from 1 forever.
 */
export const CLOSE = 5e-16

/** ln(1 − e^v), v ≤ 0. */
const complement = (v: number): number => (v > -0.693 ? Math.log(-Math.expm1(v)) : Math.log1p(-Math.exp(v)))

/** Both tails from the computed one, which rounding must not lift above 1. */
export function tailsOf(computed: number, isLower: boolean, density: number): LogTails {
  const one = Math.min(computed, 0)
  return isLower ? { lower: one, upper: complement(one), density } : { lower: complement(one), upper: one, density }
}

/** Σ xⁿ / ((a+1)…(a+n)) (Abramowitz & Stegun 6.5.29). */
function series(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let n = 1; term > sum * 1e-17; n++) sum += term *= x / (a + n)
  return sum
}

/** The continued fraction of Q (Abramowitz & Stegun 6.5.31, even part) by Lentz's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let value = d
  for (let n = 1; ; n++) {
    const numerator = -n * (n - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    const change = c * d
    value *= change
    if (!(Math.abs(change - 1) > CLOSE)) return value
  }
}

/** ln P(a, x) and ln Q(a, x), the regularised incomplete gamma functions; a ≥ 0.01, x ≥ 0. */
export function incompleteGamma(a: number, x: number): LogTails {
  if (x === 0) return NOTHING_BELOW
  if (x === Infinity) return NOTHING_ABOVE
  const density = 0.5 * Math.log(a) - HALF_LN_2PI - deviance(a, x) - stirlingError(a)
  const isLower = x < a + 1
  return tailsOf(density + (isLower ? Math.log(series(a, x) / a) : Math.log(fraction(a, x))), isLower, density)
}
