import type { MetricDefinition } from './metric.ts'

/** What is randomised. `oca_hour`: an appliance in a clock hour, `OCA@HOUR_MS`. */
export const UNIT_TYPES = ['profile', 'household', 'device', 'session', 'oca_hour'] as const
export type UnitType = (typeof UNIT_TYPES)[number]

/** Attributes of a unit at its first exposure, by which effects may be sliced. */
export const SLICES = ['country', 'device', 'asn', 'app_version', 'bitrate_before'] as const
export type Slice = (typeof SLICES)[number]

/** Shares by slice and value. */
export type SliceShares = Readonly<Partial<Record<Slice, Readonly<Record<string, number>>>>>

export const STATES = ['draft', 'running', 'paused', 'stopped', 'archived'] as const
export type ExperimentState = (typeof STATES)[number]

/**
 * Families of metrics and slices by the question they answer. Each has its own error rate and is fixed when the
 * experiment starts.
 */
export const FAMILIES = ['primary', 'guardrail', 'secondary'] as const
export type Family = (typeof FAMILIES)[number]

export interface Variation {
  readonly key: string
  readonly name: string
  /** Share of the participating units. */
  readonly weight: number
}

/** A period with fixed weights, targeting and hash; a change starts a new phase, and counts are kept apart. */
export interface Phase {
  readonly phase: number
  /** Start, ms of the experiment's clock. */
  readonly from: number
  readonly weights: readonly number[]
}

/** A unit participates if its bucket by `seed` is in one of the ranges; units without the attribute do not. */
export interface LayerFilter {
  readonly seed: string
  readonly ranges: readonly (readonly [from: number, to: number])[]
  readonly attribute?: string
  readonly hashVersion?: 1 | 2
}

/**
 * Condition on the unit's variation in another experiment of the same clock: a holdout, or one that this one builds
 * upon.
 */
export interface Prerequisite {
  readonly id: string
  /** Condition on `value`, the key of the unit's variation there. */
  readonly condition: Readonly<Record<string, unknown>>
}

/** How units are bucketed, besides the weights: GrowthBook's fields, sent to its SDKs unchanged. */
export interface Bucketing {
  readonly hashAttribute: string
  readonly hashVersion: 1 | 2
  readonly seed: string
  /** Share of all units that take part; a ramp changes only this. */
  readonly coverage: number
  /**
   * This experiment's part of a layer: a unit is in at most one of a layer's experiments if their parts do not overlap.
   */
  readonly namespace?: readonly [name: string, from: number, to: number]
  /** Layers by any attribute and several ranges; if present, the namespace is ignored. */
  readonly filters?: readonly LayerFilter[]
  readonly condition?: Readonly<Record<string, unknown>>
  readonly parentConditions?: readonly Prerequisite[]
  /**
   * For applications with sticky buckets: the attribute for units without the hash attribute, and the bucket versions
   * that are still valid.
   */
  readonly fallbackAttribute?: string
  readonly bucketVersion?: number
  readonly minBucketVersion?: number
  readonly disableStickyBucketing?: boolean
}

/**
 * Gives matching units a variation without making them part of the experiment: testers, a household that complained.
 * The first match applies.
 */
export interface Forced {
  readonly condition: Readonly<Record<string, unknown>>
  /** Key of the variation. */
  readonly variation: string
}

/** What is done without a person: on harm to a guardrail, and along a plan while there is none. */
export interface Rollout {
  /** Rolls back on harm beyond the margin, a share of the control's value; null = that of each guardrail. */
  readonly rollback: { readonly margin: number | null } | null
  /** Coverages in ascending order, each held for a time before the next, ms of the wall clock. */
  readonly ramp: readonly { readonly coverage: number; readonly holdMs: number }[]
  /** Time from an announcement to what it announces, ms. */
  readonly noticeMs: number
}

/** Ids that are paths of the API. */
export const RESERVED_IDS: readonly string[] = ['assignments', 'metrics', 'overview', 'plan', 'validate']

/** A complete revision of an experiment; revisions are never changed. */
export interface RegisteredExperiment {
  readonly id: string
  readonly name: string
  readonly hypothesis: string
  /** Who answers for it; absent = whoever created it. */
  readonly owner?: string
  readonly tags?: readonly string[]
  /** The clock: 'world', 'live', 'replay:NAME'. */
  readonly clock: string
  readonly unit: UnitType
  readonly state: ExperimentState
  /** Every unit gets the control at once, whatever the state. */
  readonly killed: boolean
  /** The first variation is the control. */
  readonly variations: readonly Variation[]
  readonly bucketing: Bucketing
  readonly forced?: readonly Forced[]
  readonly phases: readonly Phase[]
  /** Complete definitions by family, so that changing a metric elsewhere does not affect this experiment. */
  readonly metrics: Readonly<Record<Family, readonly MetricDefinition[]>>
  readonly slices: readonly Slice[]
  /** N*: planned units of all arms together; immutable once started. */
  readonly plannedUnits: number
  readonly alpha: number
  /** Relative effect that the experiment should be able to detect; the remaining units are calculated from it. */
  readonly targetEffect?: number
  /** Planned end, ms of the clock; results that are valid only once are shown from then on. Null: not planned. */
  readonly endsAt: number | null
  /** Caps by metric key, frozen from the days before the start. */
  readonly caps: Readonly<Record<string, number>>
  /** Expected share of units with each value of a slice, frozen from the days before the start: its N*. */
  readonly sliceShares?: SliceShares
  readonly rollout?: Rollout
  readonly startedAt: number | null
  readonly stoppedAt: number | null
  readonly revision: number
  /** The action that created this revision, its author, and its time (wall clock, ms). */
  readonly action: string
  readonly by: string
  /** The authenticated client of this revision; absent without access control. */
  readonly principal?: string
  readonly at: number
  /** Number of the decision that the action was a part of. */
  readonly decision?: number
}

export const metricsOf = ({ metrics }: Pick<RegisteredExperiment, 'metrics'>): readonly MetricDefinition[] =>
  FAMILIES.flatMap((family) => metrics[family])
