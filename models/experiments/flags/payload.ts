import type { RegisteredExperiment, UnitType } from '../../../schemas/experiments/experiment.ts'
import { isExperimentRule, type ForceRule, type RegisteredFlag } from '../../../schemas/experiments/flag.ts'
import { groupsIn } from '../assign/index.ts'
import { growthBookOf } from '../definitions/check-experiment.ts'
import type { Served } from '../definitions/registry.ts'

/** What an SDK needs in order to record an exposure; GrowthBook's own SDKs ignore it. */
export interface ToldExperiment {
  readonly unit: UnitType
  readonly phase: number
  readonly variations: readonly string[]
}

interface Feature {
  readonly defaultValue: unknown
  readonly rules: readonly Readonly<Record<string, unknown>>[]
}

/** Features in the format of GrowthBook's API. */
export interface FeaturePayload {
  readonly status: 200
  readonly features: Readonly<Record<string, Feature>>
  /** Values of the groups that conditions of these features name, and of no others: whoever has the key reads them. */
  readonly savedGroups: Readonly<Record<string, readonly (string | number)[]>>
  readonly experiments: readonly never[]
  /** GrowthBook's SDKs ignore a payload with the time of the one that they have. */
  readonly dateUpdated: string
  readonly playloop: Readonly<Record<string, ToldExperiment>>
}

/**
 * The features of a clock at `now` (wall clock, ms): its flags, and its experiments, one feature for each id. An
 * experiment's value is the variation's key for units that are included or forced, and the control's key otherwise. A
 * paused, stopped or killed experiment and a killed flag have no rule. Of two with one id, the experiment counts.
 */
export function payloadOf({ experiments, flags, groups }: Served, clock: string, now: number): FeaturePayload {
  const own = experiments.filter(
    (experiment) => experiment.clock === clock && experiment.state !== 'draft' && experiment.state !== 'archived',
  )
  const active = flags.filter(({ clocks, state }) => clocks.includes(clock) && state === 'active')
  const features = Object.fromEntries<Feature>([
    ...active.map((flag) => [flag.id, featureOf(flag, own, clock, now)] as const),
    ...own.map(
      (experiment) =>
        [experiment.id, { defaultValue: experiment.variations[0]!.key, rules: rulesOf(experiment) }] as const,
    ),
  ])
  const named = new Set(groupsIn(features))
  const asked = groups.filter(({ id }) => named.has(id))
  return {
    status: 200,
    features,
    savedGroups: Object.fromEntries(asked.map(({ id, values }) => [id, values])),
    experiments: [],
    dateUpdated: new Date(latest([...own, ...active, ...asked], active, now)).toISOString(),
    playloop: Object.fromEntries(
      own.map(({ id, unit, phases, variations }) => [
        id,
        { unit, phase: phases.at(-1)?.phase ?? 0, variations: variations.map(({ key }) => key) },
      ]),
    ),
  }
}

/** The last change, by somebody or by a schedule. */
function latest(all: readonly { readonly at: number }[], flags: readonly RegisteredFlag[], now: number): number {
  const turns = flags
    .flatMap(({ rules }) => rules.flatMap((rule) => (isExperimentRule(rule) ? [] : scheduled(rule))))
    .filter((at) => at <= now)
  return [...all.map(({ at }) => at), ...turns].reduce((most, at) => Math.max(most, at), 0)
}

const scheduled = ({ schedule: { from, to } = {} }: ForceRule): number[] => [from, to].filter((at) => at !== undefined)

function featureOf(
  { defaultValue, rules, killed }: RegisteredFlag,
  experiments: readonly RegisteredExperiment[],
  clock: string,
  now: number,
): Feature {
  if (killed) return { defaultValue, rules: [] }
  return {
    defaultValue,
    rules: rules.flatMap((rule) => {
      if (!isExperimentRule(rule)) return isInForce(rule, clock, now) ? [forceOf(rule)] : []
      const experiment = experiments.find(({ id }) => id === rule.experiment)
      return experiment === undefined ? [] : rulesOf(experiment, (key) => rule.values[key], rule.id)
    }),
  }
}

/** Whether a rule is asked on this clock and at this time. */
export const isInForce = ({ clocks, schedule: { from, to } = {} }: ForceRule, clock: string, now: number): boolean =>
  (clocks === undefined || clocks.includes(clock)) &&
  (from === undefined || now >= from) &&
  (to === undefined || now < to)

/** A rule without the fields that decide when and where it is served. */
function forceOf({ description: _, clocks: __, schedule: ___, ...rule }: ForceRule): Readonly<Record<string, unknown>> {
  return rule
}

/** Forced units come first, and produce no exposure. `valueOf`: the value of a variation, by default its key. */
function rulesOf(
  experiment: RegisteredExperiment,
  valueOf: (key: string) => unknown = (key) => key,
  id?: string,
): Readonly<Record<string, unknown>>[] {
  if (experiment.state !== 'running' || experiment.killed) return []
  const named = id === undefined ? {} : { id }
  return [
    ...(experiment.forced ?? []).map(({ condition, variation }) => ({
      ...named,
      condition,
      force: valueOf(variation),
    })),
    { ...growthBookOf(experiment), ...named, variations: experiment.variations.map(({ key }) => valueOf(key)) },
  ]
}
