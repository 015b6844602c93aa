import type { Sums } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/** Values with the number of units that have each, in any order: a sparse histogram of integers. */
export type Histogram = readonly (readonly [value: number, units: number])[]

const ascending = (histogram: Histogram): Histogram => [...histogram].sort(([a], [b]) => a - b)

/**
 * The least value with at least this share of units at or below it. Taken from both arms together before the start, and
 * then fixed: a separate cap for each arm would hide its effect.
 */
export function percentileOf(histogram: Histogram, level: number): Computed<{ readonly value: number }> {
  const total = histogram.reduce((sum, [, units]) => sum + units, 0)
  let below = 0
  for (const [value, units] of ascending(histogram))
    if ((below += units) >= level * total && units > 0) return { value }
  return because('there are no units')
}

/** Sums of an arm with values above the cap replaced by the cap. */
export function winsorised(histogram: Histogram, cap: number): Sums {
  return histogram.reduce<Sums>(
    ({ n, sum, sumSquares }, [value, units]) => {
      const kept = Math.min(value, cap)
      return { n: n + units, sum: sum + kept * units, sumSquares: sumSquares + kept * kept * units }
    },
    { n: 0, sum: 0, sumSquares: 0 },
  )
}
