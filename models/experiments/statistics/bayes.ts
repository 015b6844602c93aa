import { normal } from '../distributions/index.ts'
import type { Scale } from './effect.ts'
import { around, type Interval } from './interval.ts'
import { because, type Computed } from './outcome.ts'

/** A normal prior of the effect; without one, the improper flat prior is used. */
export interface Prior {
  readonly mean: number
  readonly variance: number
  readonly scale: Scale
}

export interface Posterior {
  readonly effect: number
  readonly se: number
  readonly interval: Interval
  /** Probability that the treatment is greater. */
  readonly chanceToWin: number
  /** Expected loss if the control is kept, and if the treatment is chosen. */
  readonly risk: { readonly control: number; readonly treatment: number }
}

/** Converts a prior to the other scale, using the size of the control's mean. */
function onScale(
  { mean, variance, scale }: Prior,
  wanted: Scale,
  controlMean: number,
): { mean: number; variance: number } {
  if (scale === wanted) return { mean, variance }
  const factor = wanted === 'absolute' ? Math.abs(controlMean) : 1 / Math.abs(controlMean)
  return { mean: mean * factor, variance: variance * factor ** 2 }
}

/**
 * Normal posterior of an effect. Valid once, at the planned end: with a flat prior and continuous looking, seven of ten
 * experiments without an effect appear to win.
 */
export function posterior(
  data: { readonly effect: number; readonly se: number },
  scale: Scale,
  controlMean: number,
  alpha: number,
  prior?: Prior,
): Computed<Posterior> {
  if (prior !== undefined && prior.scale !== scale && controlMean === 0) return because('the baseline is zero')
  const belief = prior === undefined ? { mean: 0, variance: Infinity } : onScale(prior, scale, controlMean)
  const [told, believed] = [1 / data.se ** 2, 1 / belief.variance]
  const effect = (data.effect * told + belief.mean * believed) / (told + believed)
  const se = Math.sqrt(1 / (told + believed))
  const z = effect / se
  const risk = {
    control: effect * normal.cdf(z) + se * normal.pdf(z),
    treatment: se * normal.pdf(z) - effect * normal.sf(z),
  }
  return { effect, se, interval: around(effect, normal.isf(alpha / 2) * se, 'both'), chanceToWin: normal.cdf(z), risk }
}
