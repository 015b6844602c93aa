import { differenceOf, type Effect, estimateOf, type Scale, welchDf } from './effect.ts'
import { covariance, type Sums, variance } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/** Totals of a unit after and before its exposure, summed over an arm's units. */
export interface CovariedSums {
  readonly n: number
  readonly post: Omit<Sums, 'n'>
  readonly pre: Omit<Sums, 'n'>
  readonly product: number
}

/** An arm's outcome and covariate, each linear in its units: means here, ratios in `ratio-cuped.ts`. */
export interface Covaried {
  readonly n: number
  readonly post: { readonly mean: number; readonly variance: number }
  readonly pre: { readonly mean: number; readonly variance: number }
  readonly covariance: number
}

const moments = (n: number, sums: Omit<Sums, 'n'>): Covaried['post'] => ({
  mean: sums.sum / n,
  variance: variance({ n, ...sums }),
})

export const covaried = ({ n, post, pre, product }: CovariedSums): Covaried => ({
  n,
  post: moments(n, post),
  pre: moments(n, pre),
  covariance: covariance(n, post.sum, pre.sum, product),
})

const pooled = (a: CovariedSums, b: CovariedSums): CovariedSums => {
  const add = (x: Omit<Sums, 'n'>, y: Omit<Sums, 'n'>): Omit<Sums, 'n'> => ({
    sum: x.sum + y.sum,
    sumSquares: x.sumSquares + y.sumSquares,
  })
  return { n: a.n + b.n, post: add(a.post, b.post), pre: add(a.pre, b.pre), product: a.product + b.product }
}

/** Regression slope of the outcome on the covariate, pooled over both arms; 0 if either does not vary. */
export function theta(control: CovariedSums, treatment: CovariedSums): number {
  const { post, pre, covariance: together } = covaried(pooled(control, treatment))
  return post.variance > 0 && pre.variance > 0 ? together / pre.variance : 0
}

/** Variance of an arm's mean of `a`·post + `b`·pre. */
const linear = ({ n, post, pre, covariance: together }: Covaried, a: number, b: number): number =>
  Math.max(0, a * a * post.variance + b * b * pre.variance + 2 * a * b * together) / n

/**
 * The effect after removing what the covariate explains (CUPED: Deng, Xu, Kohavi & Walker 2013), relative to the
 * control's own, unadjusted mean. The covariate must be from before the exposure: one that the treatment changes would
 * remove part of the effect.
 */
export function cupedEffect(control: Covaried, treatment: Covaried, slope: number, scale: Scale): Computed<Effect> {
  if (control.n < 2 || treatment.n < 2) return because('there are too few units')
  const adjusted = (arm: Covaried) => ({
    n: arm.n,
    mean: arm.post.mean - slope * arm.pre.mean,
    variance: linear(arm, 1, -slope) * arm.n,
  })
  const [c, t] = [adjusted(control), adjusted(treatment)]
  const absolute = differenceOf(estimateOf(c), estimateOf(t), 'absolute')
  if ('notComputable' in absolute) return absolute
  const df = welchDf([
    { variance: c.variance / c.n, n: c.n },
    { variance: t.variance / t.n, n: t.n },
  ])
  const n = c.n + t.n
  if (scale === 'absolute') return { effect: absolute.mean, se: Math.sqrt(absolute.variance), df, n }
  const base = control.post.mean
  if (base === 0) return because('the baseline is zero')
  // The control's outcome is in both the difference and the denominator; the covariates' means differ only by chance,
  // so they add no term here.
  const own = -treatment.post.mean / base ** 2
  const spread = linear(treatment, 1 / base, -slope / base) + linear(control, own, slope / base)
  return spread > 0
    ? { effect: absolute.mean / Math.abs(base), se: Math.sqrt(spread), df, n }
    : because('there is no variation')
}

/** CUPED for means. */
export const cuped = (control: CovariedSums, treatment: CovariedSums, scale: Scale): Computed<Effect> =>
  control.n < 2 || treatment.n < 2
    ? because('there are too few units')
    : cupedEffect(covaried(control), covaried(treatment), theta(control, treatment), scale)
