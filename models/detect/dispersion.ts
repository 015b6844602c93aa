import { orderOf } from './cells.ts'
import { METRICS } from './metrics.ts'
import type { GroupSums } from './baseline.ts'

/** Initial estimate: the geometric mean of the bounds, until there is history. */
export const START_DISPERSION: readonly number[] = METRICS.map(({ dispersion: [least, most] }) =>
  Math.sqrt(least * most),
)

/** A group-minute with fewer expected events (in lumps) is too skewed to measure dispersion. */
const MIN_EXPECTED = 3
/** Weight of one minute in the long run: the last hour counts for most of the estimate. */
const SPEED = 1 / 60
/** Weight of the initial estimate, in minutes. */
const FIRST = 4
/** An outlying group-minute counts at most as three: an undetected incident must not blind the detector. */
const MAX_SQUARE = 3

/**
 * Dispersion, since events come in lumps: variance / mean of single values around the expected value (Pearson's
 * estimate for quasi-Poisson counts, McCullagh & Nelder 1989, 4.5.1), a moving mean over `minutes` so far, each term
 * capped at MAX_SQUARE times the estimate.
 */
export function spread(
  dispersion: readonly number[],
  minutes: number,
  groups: ReadonlyMap<string, GroupSums>,
  skip: (group: string) => boolean,
): number[] {
  return dispersion.map((now, m) => {
    let [sum, count] = [0, 0]
    for (const [group, { tally, expected }] of groups) {
      if (orderOf(group) !== 1 || expected[m]! < MIN_EXPECTED * METRICS[m]!.dispersion[0] || skip(group)) continue
      sum += Math.min((tally[2 * m]! - expected[m]!) ** 2 / expected[m]!, MAX_SQUARE * now)
      count++
    }
    if (count === 0) return now
    const [least, most] = METRICS[m]!.dispersion
    return Math.min(
      Math.max(now + Math.max(SPEED, 1 / (FIRST + minutes)) * Math.min(1, count / 5) * (sum / count - now), least),
      most,
    )
  })
}
