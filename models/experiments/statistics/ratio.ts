import { covariance, type Moments, type Sums, variance } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/** Numerator and denominator totals of units, summed over an arm's units. */
export interface RatioSums {
  readonly n: number
  readonly numerator: Omit<Sums, 'n'>
  readonly denominator: Omit<Sums, 'n'>
  readonly product: number
}

/**
 * The ratio of two totals with the variance of one unit's share in it, by the delta method: units remain the unit of
 * analysis, however many sessions they have (Deng, Knoblich & Lu 2018, section 3).
 */
export function ratioOf({ n, numerator, denominator, product }: RatioSums): Computed<Moments> {
  if (n < 2) return because('there are too few units')
  if (denominator.sum === 0) return because('a denominator is zero')
  const mean = numerator.sum / denominator.sum
  const scale = denominator.sum / n
  const linear =
    variance({ n, ...numerator }) +
    mean ** 2 * variance({ n, ...denominator }) -
    2 * mean * covariance(n, numerator.sum, denominator.sum, product)
  return { n, mean, variance: Math.max(0, linear) / scale ** 2 }
}
