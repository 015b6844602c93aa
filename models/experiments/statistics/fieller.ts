import { normal } from '../distributions/index.ts'
import type { Estimate } from './effect.ts'
import type { Interval } from './interval.ts'
import { because, type Computed } from './outcome.ts'

/**
 * Interval of the relative effect by Fieller's theorem (1954): unlike the delta method it is valid even if the
 * control's mean is imprecise, and it reports when that mean cannot be distinguished from zero.
 */
export function fiellerInterval(
  control: Estimate,
  treatment: Estimate,
  alpha: number,
): Computed<{ readonly interval: Interval }> {
  if (control.mean === 0) return because('the baseline is zero')
  const z = normal.isf(alpha / 2)
  const ratio = treatment.mean / control.mean
  const g = (z ** 2 * control.variance) / control.mean ** 2
  if (g >= 1) return because('the baseline cannot be told from zero')
  const reach = (z / Math.abs(control.mean)) * Math.sqrt(ratio ** 2 * control.variance + (1 - g) * treatment.variance)
  const ends = [(ratio - reach) / (1 - g) - 1, (ratio + reach) / (1 - g) - 1] as const
  // Relative to the absolute value of the baseline, so that the sign keeps its meaning for negative means.
  return { interval: control.mean > 0 ? ends : [-ends[1], -ends[0]] }
}
