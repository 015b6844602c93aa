import { student } from '../distributions/index.ts'
import type { Effect } from './effect.ts'

/** Lower and upper end; infinite on the open side of a one-sided interval. */
export type Interval = readonly [lower: number, upper: number]

/** What is looked for: any difference, a treatment that is greater, one that is lesser. */
export type Side = 'both' | 'greater' | 'lesser'

export interface Verdict {
  readonly interval: Interval
  /** Of no effect. */
  readonly p: number
}

export function around(centre: number, halfwidth: number, side: Side): Interval {
  if (side === 'greater') return [centre - halfwidth, Infinity]
  return [side === 'lesser' ? -Infinity : centre - halfwidth, centre + halfwidth]
}

/**
 * Welch's t test: valid once, at a size that was fixed before; looked at again and again it rejects the truth in a
 * third of runs.
 */
export function welch({ effect, se, df }: Effect, alpha: number, side: Side = 'both'): Verdict {
  const halfwidth = student.isf(side === 'both' ? alpha / 2 : alpha, df) * se
  const t = effect / se
  const p = side === 'both' ? 2 * student.sf(Math.abs(t), df) : student.sf(side === 'greater' ? t : -t, df)
  return { interval: around(effect, halfwidth, side), p: Math.min(1, p) }
}
