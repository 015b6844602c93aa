import { normal } from '../distributions/index.ts'
import type { Moments } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/** Number of units, and totals of a unit: its observations, and how many of them are at or below the quantile. */
export interface Clusters {
  readonly units: number
  readonly below: { readonly mean: number; readonly variance: number }
  readonly observations: { readonly mean: number; readonly variance: number }
  readonly covariance: number
}

/** A quantile of one arm with its neighbours at the ranks given by `neighbours`. */
export interface QuantileSample {
  /** Observations. */
  readonly n: number
  /**
   * The sample size for which the neighbours were looked up: n itself, or the largest value of a grid that is not above
   * it.
   */
  readonly nStar: number
  readonly level: number
  readonly quantile: number
  readonly lower: number
  readonly upper: number
  /** Omitted if each observation is a randomised unit. */
  readonly clusters?: Clusters
}

/** Two-sided 95 %: the neighbours estimate a density, independent of the interval's α. */
const Z = normal.isf(0.025)

/** Levels of the order statistics that give a quantile's variance. */
export function neighbours(level: number, nStar: number): readonly [lower: number, upper: number] {
  const reach = Z * Math.sqrt((level * (1 - level)) / nStar)
  return [level - reach, level + reach]
}

/** Factor by which the quantile's variance grows because the observations of a unit are correlated. */
function designEffect(level: number, n: number, { units, below, observations, covariance }: Clusters): number {
  const share = below.mean / observations.mean
  const variance = below.variance - 2 * share * covariance + share ** 2 * observations.variance
  return variance / (units * observations.mean ** 2) / ((level * (1 - level)) / n)
}

/**
 * A quantile as a mean with a variance of one unit, so that it is compared like any other metric (Deng, Knoblich & Lu
 * 2018, section 4.2; Yao, Li & Lu 2024, arXiv 2401.14549, algorithm 1).
 */
export function quantileOf({ n, nStar, level, quantile, lower, upper, clusters }: QuantileSample): Computed<Moments> {
  const least = Z ** 2 * Math.max(level / (1 - level), (1 - level) / level)
  if (nStar <= least) return because('the quantile lies beyond what so many units show')
  if (lower === upper) return because('the values around the quantile are equal')
  // n* − 1, as in the published cases: a standard deviation of one observation, squared.
  const independent = (((upper - lower) / (2 * Z)) ** 2 * (nStar - 1)) / n
  const variance = clusters === undefined ? independent : independent * designEffect(level, n, clusters)
  const units = clusters?.units ?? n
  return { n: units, mean: quantile, variance: variance * units }
}
