import { student } from '../distributions/index.ts'
import type { Effect } from './effect.ts'

/** Lower and upper end; infinite on the open side of a one-sided interval. */
export type Interval = readonly [lower: number, upper: number]

/** The alternative: any difference, a greater treatment, or a lesser one. */
export type Side = 'both' | 'greater' | 'lesser'

export interface Verdict {
  readonly interval: Interval
  /** Under the hypothesis of no effect. */
  readonly p: number
}

export function around(centre: number, halfwidth: number, side: Side): Interval {
  if (side === 'greater') return [centre - halfwidth, Infinity]
  return [side === 'lesser' ? -Infinity : centre - halfwidth, centre + halfwidth]
}

/**
 * Welch's t test: valid once, at a size fixed in advance; with repeated looks it rejects a true null in a third of
 * runs.
 */
export function welch({ effect, se, df }: Effect, alpha: number, side: Side = 'both'): Verdict {
  const halfwidth = student.isf(side === 'both' ? alpha / 2 : alpha, df) * se
  const t = effect / se
  const p = side === 'both' ? 2 * student.sf(Math.abs(t), df) : student.sf(side === 'greater' ? t : -t, df)
  return { interval: around(effect, halfwidth, side), p: Math.min(1, p) }
}
