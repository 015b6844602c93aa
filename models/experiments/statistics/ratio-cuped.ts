import { type Covaried, cupedEffect } from './cuped.ts'
import type { Effect, Scale } from './effect.ts'
import { covariance } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/** The four totals of a unit, in this order. */
export type Totals = readonly [
  numerator: number,
  denominator: number,
  numeratorBefore: number,
  denominatorBefore: number,
]

/** Sums of the totals and of their products over an arm's units; `products[i][j]` for j ≤ i. */
export interface RatioCovariedSums {
  readonly n: number
  readonly sums: Totals
  readonly products: readonly (readonly number[])[]
}

/**
 * Ratios after and before exposure, linearised in the units by the delta method: a unit without history adds nothing to
 * the ratio before.
 */
export function linearised({ n, sums, products }: RatioCovariedSums): Covaried {
  const [m, d, mBefore, dBefore] = sums.map((sum) => sum / n) as unknown as Totals
  const post = [1 / d, -m / d ** 2, 0, 0]
  const pre = [0, 0, 1 / dBefore, -mBefore / dBefore ** 2]
  const together = (a: readonly number[], b: readonly number[]): number =>
    a.reduce(
      (sum, x, i) =>
        sum +
        b.reduce(
          (row, y, j) =>
            row +
            (x === 0 || y === 0
              ? 0
              : x * y * covariance(n, sums[i]!, sums[j]!, products[Math.max(i, j)]![Math.min(i, j)]!)),
          0,
        ),
      0,
    )
  return {
    n,
    post: { mean: m / d, variance: together(post, post) },
    pre: { mean: mBefore / dBefore, variance: together(pre, pre) },
    covariance: together(post, pre),
  }
}

/** CUPED of a ratio by the same ratio before exposure; a covariate that explains nothing gives the plain ratio. */
export function ratioCuped(control: RatioCovariedSums, treatment: RatioCovariedSums, scale: Scale): Computed<Effect> {
  if (control.n < 2 || treatment.n < 2) return because('there are too few units')
  if ([control, treatment].some(({ sums: [, d, , before] }) => d === 0 || before === 0))
    return because('a denominator is zero')
  const [c, t] = [linearised(control), linearised(treatment)]
  const spread = c.pre.variance + t.pre.variance
  const slope = spread > 0 ? (c.covariance + t.covariance) / spread : 0
  return cupedEffect(c, t, Math.abs(slope) < 1e-8 ? 0 : slope, scale)
}
