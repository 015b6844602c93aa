import { normal } from '../distributions/index.ts'
import { anytimeMultiplier } from './anytime.ts'
import { because, type Computed } from './outcome.ts'
import { doubled, signChange } from './roots.ts'

/** The plan: the variances of one unit in each arm, alpha and power. */
export interface Design {
  readonly controlVariance: number
  readonly treatmentVariance: number
  readonly alpha: number
  readonly power: number
  /** N* of both arms; set if results will be read during the run. */
  readonly plannedUnits?: number
}

/** Standard errors between no effect and an effect that is detected with the wanted power, at n units of both arms. */
function distance({ alpha, power, plannedUnits }: Design, n: number): number {
  const needed = plannedUnits === undefined ? normal.isf(alpha / 2) : anytimeMultiplier(n, { alpha, plannedUnits })
  return needed + normal.quantile(power)
}

const standardError = ({ controlVariance, treatmentVariance }: Design, perArm: number): number =>
  Math.sqrt((controlVariance + treatmentVariance) / perArm)

/** Least absolute effect that two arms of this size detect with the wanted power. */
export const minimumDetectableEffect = (design: Design, perArm: number): number =>
  distance(design, 2 * perArm) * standardError(design, perArm)

/** Units per arm that detect an absolute effect of this size; a fraction, to be rounded up. */
export function unitsPerArm(design: Design, effect: number): Computed<{ readonly units: number }> {
  if (!(design.controlVariance + design.treatmentVariance > 0)) return because('there is no variation')
  if (effect === 0) return because('no number of units reaches that power')
  const fixed =
    ((normal.isf(design.alpha / 2) + normal.quantile(design.power)) / effect) ** 2 *
    (design.controlVariance + design.treatmentVariance)
  if (design.plannedUnits === undefined) return { units: fixed }
  const lacks = (perArm: number): number => minimumDetectableEffect(design, perArm) - Math.abs(effect)
  const enough = doubled(Math.max(1, fixed), (perArm) => lacks(perArm) <= 0)
  return { units: signChange(lacks, fixed / 2, enough) }
}

/** Variance of a binary outcome with this baseline. */
export const bernoulliVariance = (share: number): number => share * (1 - share)
