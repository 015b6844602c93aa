import { erfc } from './error-function.ts'
import { HALF_LN_2PI } from './gamma-function.ts'

export const pdf = (x: number): number => Math.exp(-0.5 * x * x - HALF_LN_2PI)

/** P(X > x). */
export const sf = (x: number): number => (x < 0 ? 1 - 0.5 * erfc(-x * Math.SQRT1_2) : 0.5 * erfc(x * Math.SQRT1_2))

/** P(X ≤ x). */
export const cdf = (x: number): number => sf(-x)

/** Abramowitz & Stegun 26.2.23, |error| < 4.5e-4 for 0 < q ≤ ½. */
function start(q: number): number {
  const t = Math.sqrt(-2 * Math.log(q))
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
}

/**
 * The x with P(X > x) = q, 0 ≤ q ≤ 1: Halley steps, each of which cubes the error; the start is less accurate in the
 * far tail, hence three.
 */
export function isf(q: number): number {
  if (q === 0.5) return 0
  if (q > 0.5) return -isf(1 - q)
  if (q <= 0) return Infinity
  let x = start(q)
  for (let round = 0; round < 3; round++) {
    const error = (q - sf(x)) / pdf(x)
    x -= error / (1 - (x * error) / 2)
  }
  return x
}

/** The x with P(X ≤ x) = p, 0 ≤ p ≤ 1. */
export const quantile = (p: number): number => -isf(p)
