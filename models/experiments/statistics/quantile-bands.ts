import type { Interval } from './interval.ts'
import { lilBand } from './stitching.ts'

/**
 * A quantile function of one arm with the number of independent observations: one per unit, chosen by hash if units
 * have several.
 */
export interface Distribution {
  readonly n: number
  /** The value at a level within [0, 1]. */
  readonly quantile: (level: number) => number
}

export interface BandPlan {
  readonly alpha: number
  /** Observations per arm from which the band holds; set in advance. */
  readonly tMin: number
}

const at = ({ quantile }: Distribution, level: number, outside: number): number =>
  level < 0 || level > 1 ? outside : quantile(level)

/**
 * Differences of quantiles, treatment minus control, at all levels and all times simultaneously: each arm's
 * distribution stays in its own band with α/2 (Howard & Ramdas 2022, arXiv 1906.09712; used in this way for canaries by
 * Lindon, Sanden & Shirikian 2022, arXiv 2205.14762). An end is infinite if there are too few observations.
 */
export function quantileDifferenceBand(
  control: Distribution,
  treatment: Distribution,
  { alpha, tMin }: BandPlan,
  levels: readonly number[],
): readonly Interval[] {
  const radius = lilBand(alpha / 2, tMin)
  const [c, t] = [radius(control.n), radius(treatment.n)]
  return levels.map((level) => [
    at(treatment, level - t, -Infinity) - at(control, level + c, Infinity),
    at(treatment, level + t, Infinity) - at(control, level - c, -Infinity),
  ])
}

/**
 * Whether the arms' distributions differ anywhere, by the largest distance of their empirical distribution functions.
 */
export function isDistributionDifferent(
  distance: number,
  controlN: number,
  treatmentN: number,
  { alpha, tMin }: BandPlan,
): boolean {
  const radius = lilBand(alpha / 2, tMin)
  return distance > radius(controlN) + radius(treatmentN)
}
