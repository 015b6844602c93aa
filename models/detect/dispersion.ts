import { orderOf } from './cells.ts'
import { METRICS } from './metrics.ts'
import type { GroupSums } from './baseline.ts'

/** Begins in the middle of what is believed (geometric mean of the bounds), until history tells. */
export const START_DISPERSION: readonly number[] = METRICS.map(({ dispersion: [least, most] }) =>
  Math.sqrt(least * most),
)

/** A group-minute with fewer usual events (in lumps) is too skewed to measure spread by. */
const MIN_EXPECTED = 3
/** How fast a minute moves the estimate in the long run: an hour counts for most of it. */
const SPEED = 1 / 60
/** The first minutes count as much as the beginning does. */
const FIRST = 4
/** One wild group-minute counts as three: an incident that is not known yet must not blind the detector. */
const MAX_SQUARE = 3

/**
 * Events come in lumps: variance / mean of single values around what is usual (Pearson's estimate of the dispersion of
 * quasi-Poisson counts, McCullagh & Nelder 1989, 4.5.1), a moving mean over `minutes` so far, each part cut at
 * MAX_SQUARE times the estimate.
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
