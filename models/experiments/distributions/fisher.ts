import { logitQuantile } from './beta.ts'
import { incompleteBeta } from './incomplete-beta.ts'
import type { LogTails } from './incomplete-gamma.ts'

/** F = (X₁/d₁) / (X₂/d₂) is (d₂/d₁) times the odds of a beta variable of d₁/2 and d₂/2. */
const tails = (f: number, d1: number, d2: number): LogTails =>
  incompleteBeta(d1 / 2, d2 / 2, (d1 * f) / (d1 * f + d2), d2 / (d1 * f + d2))

/** P(F ≤ f); d1, d2 degrees of freedom. */
export const cdf = (f: number, d1: number, d2: number): number =>
  f <= 0 ? 0 : f === Infinity ? 1 : Math.exp(tails(f, d1, d2).lower)

/** P(F > f). */
export const sf = (f: number, d1: number, d2: number): number =>
  f <= 0 ? 1 : f === Infinity ? 0 : Math.exp(tails(f, d1, d2).upper)

const fromLogit = (u: number, d1: number, d2: number): number => (d2 / d1) * Math.exp(u)

/** The f with P(F ≤ f) = p, 0 ≤ p ≤ 1. */
export const quantile = (p: number, d1: number, d2: number): number =>
  fromLogit(p <= 0.5 ? logitQuantile(d1 / 2, d2 / 2, p, true) : logitQuantile(d1 / 2, d2 / 2, 1 - p, false), d1, d2)

/** The f with P(F > f) = q, 0 ≤ q ≤ 1. */
export const isf = (q: number, d1: number, d2: number): number =>
  fromLogit(q <= 0.5 ? logitQuantile(d1 / 2, d2 / 2, q, false) : logitQuantile(d1 / 2, d2 / 2, 1 - q, true), d1, d2)
