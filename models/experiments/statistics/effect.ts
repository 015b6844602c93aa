import type { Moments } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/**
 * Absolute: in the metric's unit. Relative: divided by the absolute value of the control's mean, so that the sign keeps
 * its meaning for negative means.
 */
export type Scale = 'absolute' | 'relative'

/** The difference between treatment and control, and its precision. */
export interface Effect {
  readonly effect: number
  /** Standard error, above 0. */
  readonly se: number
  /** Welch–Satterthwaite, from the variances of the units on either scale. */
  readonly df: number
  /** Units of both arms. */
  readonly n: number
}

/** An estimated mean with the variance of the estimate (not of a unit). */
export interface Estimate {
  readonly mean: number
  readonly variance: number
}

export const estimateOf = ({ n, mean, variance }: Moments): Estimate => ({ mean, variance: variance / n })

/** Welch 1947: degrees of freedom of a sum of independent variances, each of n − 1. */
export function welchDf(parts: readonly { readonly variance: number; readonly n: number }[]): number {
  const total = parts.reduce((sum, { variance }) => sum + variance, 0)
  return total ** 2 / parts.reduce((sum, { variance, n }) => sum + variance ** 2 / (n - 1), 0)
}

/**
 * Difference of two independent means; on the relative scale by the delta method, including the control's own error.
 */
export function differenceOf(control: Estimate, treatment: Estimate, scale: Scale): Computed<Estimate> {
  if (!(control.variance + treatment.variance > 0)) return because('there is no variation')
  const difference = treatment.mean - control.mean
  if (scale === 'absolute') return { mean: difference, variance: treatment.variance + control.variance }
  if (control.mean === 0) return because('the baseline is zero')
  const square = control.mean ** 2
  const variance = treatment.variance / square + (control.variance * treatment.mean ** 2) / square ** 2
  // A treatment that is always 0 is exactly 100 % below any control, so there is no error to report.
  return variance > 0 ? { mean: difference / Math.abs(control.mean), variance } : because('there is no variation')
}

/** The effect on a mean, a share, a ratio (`ratio.ts`) or a quantile (`quantile.ts`). */
export function effectOf(control: Moments, treatment: Moments, scale: Scale): Computed<Effect> {
  const [c, t] = [estimateOf(control), estimateOf(treatment)]
  const found = differenceOf(c, t, scale)
  if ('notComputable' in found) return found
  const df = welchDf([
    { variance: c.variance, n: control.n },
    { variance: t.variance, n: treatment.n },
  ])
  return { effect: found.mean, se: Math.sqrt(found.variance), df, n: control.n + treatment.n }
}
