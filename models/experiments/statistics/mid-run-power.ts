import { normal } from '../distributions/index.ts'
import { anytimeMultiplier } from './anytime.ts'
import type { Effect } from './effect.ts'
import { because, type Computed } from './outcome.ts'

/** The analysis planned for the end of the experiment. */
export type Reading =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'anytime'; readonly plannedUnits: number }
  | { readonly kind: 'bayes'; readonly prior: { readonly mean: number; readonly variance: number } }

export interface Target {
  /** In the unit of the effect. */
  readonly effect: number
  readonly power: number
  readonly alpha: number
  /** Number of goal metrics, all of which must be detected; comparisons with the control for each. */
  readonly metrics?: number
  readonly comparisons?: number
}

/** Probability that an effect of the target's size is detected if `more` times the present number of units join. */
export function powerAfter(
  { se, n }: Pick<Effect, 'se' | 'n'>,
  more: number,
  { effect, alpha, metrics = 1, comparisons = 1 }: Target,
  reading: Reading,
): number {
  const own = alpha / (metrics * comparisons)
  const then = se / Math.sqrt(1 + more)
  const found = (threshold: number, shift: number): number =>
    normal.sf((threshold - shift) / then) + normal.sf((threshold + shift) / then)
  if (reading.kind === 'anytime')
    return found(anytimeMultiplier(n * (1 + more), { alpha: own, plannedUnits: reading.plannedUnits }) * then, effect)
  if (reading.kind === 'fixed') return found(normal.isf(own / 2) * then, effect)
  const { mean, variance } = reading.prior
  const needed = normal.isf(own / 2) * then * Math.sqrt(1 + then ** 2 / variance)
  return found(needed, effect + (then ** 2 * mean) / variance)
}

/** Tolerance of the power; the published cases use the same. */
const NEAR = 1e-5
/** Upper limit: 2^27 times the present number of units. */
const DOUBLINGS = 27

/** How many times the present number of units must join until the target's power is reached; 0 if it is reached now. */
export function unitsYetToJoin(
  now: Pick<Effect, 'se' | 'n'>,
  target: Target,
  reading: Reading,
): Computed<{ readonly factor: number; readonly units: number }> {
  const wanted = target.power ** (1 / (target.metrics ?? 1))
  const missing = (more: number): number => wanted - powerAfter(now, more, target, reading)
  if (missing(0) < 0) return { factor: 0, units: 0 }
  let high = 1
  while (missing(high) > 0) if ((high *= 2) > 2 ** DOUBLINGS) return because('no number of units reaches that power')
  let [low, factor] = [0, high]
  for (let lack = missing(factor); Math.abs(lack) >= NEAR && high - low > 1e-12 * high; lack = missing(factor)) {
    if (lack < 0) high = factor
    else low = factor
    factor = (low + high) / 2
  }
  return { factor, units: factor * now.n }
}
