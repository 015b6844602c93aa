import type { RegisteredExperiment, UnitType } from '../../../schemas/experiments/experiment.ts'
import { growthBookOf } from './check-experiment.ts'

/** What an SDK needs in order to record an exposure; GrowthBook's own SDKs ignore it. */
export interface ToldExperiment {
  readonly unit: UnitType
  readonly phase: number
  readonly variations: readonly string[]
}

/** Features in the format of GrowthBook's API. */
export interface FeaturePayload {
  readonly status: 200
  readonly features: Readonly<
    Record<string, { readonly defaultValue: string; readonly rules: readonly Readonly<Record<string, unknown>>[] }>
  >
  readonly experiments: readonly never[]
  readonly dateUpdated: string
  readonly playloop: Readonly<Record<string, ToldExperiment>>
}

/**
 * The experiments of a clock as features, one for each experiment id. The value is the variation's key for units that
 * are included or forced, and the control's key otherwise. A paused, stopped or killed experiment has no rule, so all
 * units get the control.
 */
export function payloadOf(experiments: readonly RegisteredExperiment[], clock: string): FeaturePayload {
  const own = experiments.filter(
    (experiment) => experiment.clock === clock && experiment.state !== 'draft' && experiment.state !== 'archived',
  )
  return {
    status: 200,
    features: Object.fromEntries(
      own.map((experiment) => [
        experiment.id,
        { defaultValue: experiment.variations[0]!.key, rules: rulesOf(experiment) },
      ]),
    ),
    experiments: [],
    dateUpdated: new Date(Math.max(0, ...own.map(({ at }) => at))).toISOString(),
    playloop: Object.fromEntries(
      own.map(({ id, unit, phases, variations }) => [
        id,
        { unit, phase: phases.at(-1)?.phase ?? 0, variations: variations.map(({ key }) => key) },
      ]),
    ),
  }
}

/** Forced units come first, and produce no exposure. */
function rulesOf(experiment: RegisteredExperiment): Readonly<Record<string, unknown>>[] {
  if (experiment.state !== 'running' || experiment.killed) return []
  return [
    ...(experiment.forced ?? []).map(({ condition, variation }) => ({ condition, force: variation })),
    growthBookOf(experiment),
  ]
}
