import { type Effect, welchDf } from './effect.ts'
import type { Moments } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/** Units that are in two experiments, by their arms in the first and in the second. */
export interface Crossed {
  readonly controlControl: Moments
  readonly controlTreatment: Moments
  readonly treatmentControl: Moments
  readonly treatmentTreatment: Moments
}

/** The difference of one experiment's effect between the arms of the other; at 0 they can be analysed separately. */
export function interactionOf({
  controlControl,
  controlTreatment,
  treatmentControl,
  treatmentTreatment,
}: Crossed): Computed<Effect> {
  const cells = [controlControl, controlTreatment, treatmentControl, treatmentTreatment]
  if (cells.some(({ n }) => n < 2)) return because('there are too few units')
  const parts = cells.map(({ n, variance }) => ({ n, variance: variance / n }))
  const variance = parts.reduce((sum, part) => sum + part.variance, 0)
  if (!(variance > 0)) return because('there is no variation')
  const effect = treatmentTreatment.mean - treatmentControl.mean - (controlTreatment.mean - controlControl.mean)
  return { effect, se: Math.sqrt(variance), df: welchDf(parts), n: cells.reduce((sum, { n }) => sum + n, 0) }
}
