import type { Interval } from './interval.ts'

/** The direction in which a metric improves. */
export type Better = 'up' | 'down'

/** The verdict of a guardrail: not worse than the margin allows, worse than it, or undecided. */
export type GuardrailVerdict = 'not inferior' | 'inferior' | 'undecided'

/**
 * Non-inferiority by the interval (at any time if it is anytime-valid): not worse by `margin` or more. For harm, the
 * whole interval must lie beyond the margin.
 */
export function guardrail([lower, upper]: Interval, margin: number, better: Better): GuardrailVerdict {
  const [worst, best] = better === 'up' ? [lower, upper] : [-upper, -lower]
  if (worst > -margin) return 'not inferior'
  return best < -margin ? 'inferior' : 'undecided'
}

/**
 * Equivalence: no difference of `margin` or more in either direction, since the whole interval lies inside. Failing to
 * find a difference is not enough.
 */
export const isNoDifference = ([lower, upper]: Interval, margin: number): boolean => lower > -margin && upper < margin
