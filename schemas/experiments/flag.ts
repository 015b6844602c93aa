import type { Prerequisite } from './experiment.ts'

/** Fields of every revision of a definition: revisions are never changed, the latest one applies. */
export interface Revision {
  readonly id: string
  readonly revision: number
  /** The action that created this revision, its author, and its time (wall clock, ms). */
  readonly action: string
  readonly by: string
  readonly at: number
}

export const FLAG_TYPES = ['boolean', 'number', 'string', 'json'] as const
export type FlagType = (typeof FLAG_TYPES)[number]

export const FLAG_STATES = ['active', 'archived'] as const
export type FlagState = (typeof FLAG_STATES)[number]

/** Wall-clock time, ms: from (inclusive), to (exclusive). */
export interface Schedule {
  readonly from?: number
  readonly to?: number
}

interface RuleBase {
  readonly id: string
  readonly description?: string
}

/** Gives a value to units that match, or to a share of them. Fields are GrowthBook's, sent to its SDKs unchanged. */
export interface ForceRule extends RuleBase {
  readonly force: unknown
  readonly condition?: Readonly<Record<string, unknown>>
  readonly parentConditions?: readonly Prerequisite[]
  /** Share of the units that match, by a hash of one attribute; absent = all of them. */
  readonly coverage?: number
  readonly hashAttribute?: string
  readonly hashVersion?: 1 | 2
  readonly seed?: string
  /** Clocks of the flag where the rule holds; absent = all of them. */
  readonly clocks?: readonly string[]
  readonly schedule?: Schedule
}

/** Gives each variation of an experiment a value. The experiment decides who takes part; while it does not run, the
 * rule is not asked. */
export interface ExperimentRule extends RuleBase {
  readonly experiment: string
  /** Value by the key of the variation. */
  readonly values: Readonly<Record<string, unknown>>
}

export type FlagRule = ForceRule | ExperimentRule

export const isExperimentRule = (rule: FlagRule): rule is ExperimentRule => 'experiment' in rule

/** A complete revision of a feature flag. The first rule that decides gives the value, else it is `defaultValue`. */
export interface RegisteredFlag extends Revision {
  readonly description: string
  readonly owner?: string
  readonly tags?: readonly string[]
  /** The client keys under which it is served. */
  readonly clocks: readonly string[]
  readonly type: FlagType
  readonly defaultValue: unknown
  readonly rules: readonly FlagRule[]
  readonly state: FlagState
  /** Every unit gets the default value at once. */
  readonly killed: boolean
}

/** A list of values that conditions name by `$inGroup` and `$notInGroup`. */
export interface RegisteredGroup extends Revision {
  readonly description: string
  readonly values: readonly (string | number)[]
  readonly state: FlagState
}
