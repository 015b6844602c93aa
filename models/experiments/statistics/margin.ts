import type { Interval } from './interval.ts'

/** Which way a metric is better. */
export type Better = 'up' | 'down'

/** What the interval says of a guardrail: no worse than the margin allows, worse than it, or neither yet. */
export type GuardrailVerdict = 'not inferior' | 'inferior' | 'undecided'

/**
 * Non-inferiority by the interval (anytime ones may be asked at any time): no worse by `margin` or more. Harm needs the
 * whole interval beyond the margin.
 */
export function guardrail([lower, upper]: Interval, margin: number, better: Better): GuardrailVerdict {
  const [worst, best] = better === 'up' ? [lower, upper] : [-upper, -lower]
  if (worst > -margin) return 'not inferior'
  return best < -margin ? 'inferior' : 'undecided'
}

/**
 * No difference of `margin` or more either way: the whole interval lies inside. That no difference was found is not
 * enough.
 */
export const isNoDifference = ([lower, upper]: Interval, margin: number): boolean => lower > -margin && upper < margin
