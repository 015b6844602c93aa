import { normal } from '../distributions/index.ts'
import { unitsToOpen } from '../scorecard/index.ts'
import { discoveryMultiplier } from '../statistics/index.ts'

/** A metric on past days: moments of single units over its window. */
export interface Past {
  readonly units: number
  readonly mean: number
  readonly variance: number
  /** Units with a non-zero outcome. */
  readonly nonzero: number
  readonly skewness: number
}

/** One arm beside the control, as the scorecard will judge it. */
export interface Comparison {
  readonly alpha: number
  /** N* of both arms. */
  readonly plannedUnits: number
  /** Cells of the family, metrics times arms: the first discovery among them needs that much more evidence (e-BH). */
  readonly hypotheses: number
}

/** Probability that an effect of the detectable size is found. */
const PLANNED_POWER = 0.8
const POWER_Z = normal.quantile(PLANNED_POWER)

/**
 * The relative effect that `units` of both arms find with power 0.8 as a discovery, by intervals that hold at any time
 * and without variance reduction. Null while the scorecard would not show an interval: too few or too skewed outcomes,
 * or a baseline that is not apart from zero.
 */
export function detectableEffect(past: Past, { hypotheses, ...plan }: Comparison, units: number): number | null {
  const perArm = units / 2
  if (past.mean === 0 || !(past.variance > 0) || perArm < unitsToOpen(past)) return null
  const needed = discoveryMultiplier(units, plan, hypotheses)
  if (needed * Math.sqrt(past.variance / perArm) >= Math.abs(past.mean)) return null
  return ((needed + POWER_Z) * Math.sqrt((2 * past.variance) / perArm)) / Math.abs(past.mean)
}

export interface Course {
  readonly past: Past
  readonly comparison: Comparison
  /** Units of both arms that have joined by a time after the start, ms. */
  readonly joined: (ms: number) => number
  /** End of the metric's window: a unit counts when it has closed. */
  readonly windowMs: number
}

/** At a time after the start: units whose window has closed, and what they find. */
export function detectableAfter(
  { past, comparison, joined, windowMs }: Course,
  ms: number,
): { readonly units: number; readonly effect: number | null } {
  const units = ms < windowMs ? 0 : Math.floor(joined(ms - windowMs))
  return { units, effect: detectableEffect(past, comparison, units) }
}
