import { isComputed, minimumDetectableEffect, unitsPerArm } from '../../models/experiments/index.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'
import type { MetricPreview } from '../../streams/experiments/index.ts'

/** A metric on past days, and what an experiment with two equal arms could detect. */
export interface PreviewAnswer {
  readonly metric: string
  /** For an old id: the id to use instead. */
  readonly replaced_by?: string
  readonly past: MetricPreview | null
  /** Relative effects detected with power 0.8 at alpha 0.05 with anytime-valid tests; null without past data. */
  readonly minimum_detectable_effect: number | null
  readonly planned_units: number
  /** Units of both arms that detect a relative effect of this size. */
  readonly units_for: readonly { readonly effect: number; readonly units: number | null }[]
}

const EFFECTS = [0.01, 0.02, 0.05, 0.1]
const [ALPHA, POWER] = [0.05, 0.8]

export function planned(
  metric: MetricDefinition,
  past: MetricPreview | undefined,
  plannedUnits = 10_000,
): PreviewAnswer {
  const known = past !== undefined && past.units > 1 && past.mean !== 0 && past.variance > 0
  const design = known
    ? { controlVariance: past.variance, treatmentVariance: past.variance, alpha: ALPHA, power: POWER }
    : undefined
  const units = (effect: number): number | null => {
    if (design === undefined) return null
    const found = unitsPerArm(design, effect * Math.abs(past!.mean))
    // N* is planned for the effect size to be detected.
    const anytime = isComputed(found)
      ? unitsPerArm({ ...design, plannedUnits: 2 * found.units }, effect * Math.abs(past!.mean))
      : found
    return isComputed(anytime) ? Math.ceil(2 * anytime.units) : null
  }
  return {
    metric: metricKey(metric),
    ...(metric.replacedBy !== undefined && { replaced_by: metric.replacedBy }),
    past: known ? past : null,
    planned_units: plannedUnits,
    minimum_detectable_effect:
      design === undefined
        ? null
        : minimumDetectableEffect({ ...design, plannedUnits }, plannedUnits / 2) / Math.abs(past!.mean),
    units_for: EFFECTS.map((effect) => ({ effect, units: units(effect) })),
  }
}
