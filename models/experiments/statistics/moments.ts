import { because, type Computed } from './outcome.ts'

/** Sums of completed unit totals of one arm; integers, so that the order of addition does not matter. */
export interface Sums {
  readonly n: number
  readonly sum: number
  readonly sumSquares: number
}

/** Mean of an arm, and variance of one unit around it. */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly variance: number
}

export const add = (a: Sums, b: Sums): Sums => ({
  n: a.n + b.n,
  sum: a.sum + b.sum,
  sumSquares: a.sumSquares + b.sumSquares,
})

/** Σ(x − x̄)(y − ȳ) / (n − 1), n ≥ 2. */
export const covariance = (n: number, sumX: number, sumY: number, sumXY: number): number =>
  (sumXY - (sumX / n) * sumY) / (n - 1)

/** Rounding can make a variance of zero negative. */
export const variance = ({ n, sum, sumSquares }: Sums): number => Math.max(0, covariance(n, sum, sum, sumSquares))

export const momentsOf = (sums: Sums): Computed<Moments> =>
  sums.n < 2 ? because('there are too few units') : { n: sums.n, mean: sums.sum / sums.n, variance: variance(sums) }

/** For binary outcomes: the variance of a share p is p(1 − p). */
export function proportionOf(n: number, successes: number): Computed<Moments> {
  if (n < 2) return because('there are too few units')
  const mean = successes / n
  return { n, mean, variance: mean * (1 - mean) }
}
