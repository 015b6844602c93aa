import type { RegisteredExperiment, UnitType } from '../../../schemas/experiments/experiment.ts'
import { growthBookOf } from './check-experiment.ts'

/** What an SDK has to know of an experiment to write an exposure; GrowthBook's own SDKs pass over it. */
export interface ToldExperiment {
  readonly unit: UnitType
  readonly phase: number
  readonly variations: readonly string[]
}

/** Features as GrowthBook's API tells them. */
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
 * The experiments of a clock as features: each under its own id, the control's key by default, the variation's key for
 * who is in or is forced. One that is paused, stopped or killed has no rule: everybody gets the control.
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

/** Who is forced is asked first, and is exposed to nothing. */
function rulesOf(experiment: RegisteredExperiment): Readonly<Record<string, unknown>>[] {
  if (experiment.state !== 'running' || experiment.killed) return []
  return [
    ...(experiment.forced ?? []).map(({ condition, variation }) => ({ condition, force: variation })),
    growthBookOf(experiment),
  ]
}
