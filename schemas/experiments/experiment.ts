import type { MetricDefinition } from './metric.ts'

/** What is randomised. `oca_hour`: an appliance in an hour of the clock, `OCA@HOUR_MS`. */
export const UNIT_TYPES = ['profile', 'household', 'device', 'session', 'oca_hour'] as const
export type UnitType = (typeof UNIT_TYPES)[number]

/** What a unit was at its first exposure: all that may slice an effect. */
export const SLICES = ['country', 'device', 'asn', 'app_version', 'bitrate_before'] as const
export type Slice = (typeof SLICES)[number]

/** By slice and value. */
export type SliceShares = Readonly<Partial<Record<Slice, Readonly<Record<string, number>>>>>

export const STATES = ['draft', 'running', 'paused', 'stopped', 'archived'] as const
export type ExperimentState = (typeof STATES)[number]

/**
 * Metrics and slices by the question they answer; each family has its own error rate, and is fixed when the experiment
 * starts.
 */
export const FAMILIES = ['primary', 'guardrail', 'secondary'] as const
export type Family = (typeof FAMILIES)[number]

export interface Variation {
  readonly key: string
  readonly name: string
  /** Share of the units that are in. */
  readonly weight: number
}

/** Weights, targeting or hash changed: what was counted before is kept apart. */
export interface Phase {
  readonly phase: number
  /** When it began, ms of the experiment's clock. */
  readonly from: number
  readonly weights: readonly number[]
}

/** A unit is in where its bucket by `seed` falls into one of the ranges; who lacks the attribute is out. */
export interface LayerFilter {
  readonly seed: string
  readonly ranges: readonly (readonly [from: number, to: number])[]
  readonly attribute?: string
  readonly hashVersion?: 1 | 2
}

/** What another experiment of the clock has to say of a unit first: a holdout, or one that this one builds upon. */
export interface Prerequisite {
  readonly id: string
  /** On `value`, the key of the unit's variation there. */
  readonly condition: Readonly<Record<string, unknown>>
}

/** How units are bucketed, beside the weights: GrowthBook's fields, told to its SDKs unchanged. */
export interface Bucketing {
  readonly hashAttribute: string
  readonly hashVersion: 1 | 2
  readonly seed: string
  /** Share of all units that take part; the only thing that a ramp changes. */
  readonly coverage: number
  /**
   * The part of a layer that is this experiment's: no unit is in two experiments of one layer whose parts are apart.
   */
  readonly namespace?: readonly [name: string, from: number, to: number]
  /** Layers by any attribute and several ranges; with any, the namespace is not asked. */
  readonly filters?: readonly LayerFilter[]
  readonly condition?: Readonly<Record<string, unknown>>
  readonly parentConditions?: readonly Prerequisite[]
  /**
   * For applications that keep sticky buckets: by what a unit is known that lacks the hash attribute, and whose buckets
   * still hold.
   */
  readonly fallbackAttribute?: string
  readonly bucketVersion?: number
  readonly minBucketVersion?: number
  readonly disableStickyBucketing?: boolean
}

/**
 * Who gets a variation without being part of the experiment: testers, a household that complained. The first that
 * matches counts.
 */
export interface Forced {
  readonly condition: Readonly<Record<string, unknown>>
  /** Key of the variation. */
  readonly variation: string
}

/** One revision of an experiment, whole. Revisions are never changed. */
export interface RegisteredExperiment {
  readonly id: string
  readonly name: string
  readonly hypothesis: string
  /** Whose time: 'world', 'live', 'replay:NAME'. */
  readonly clock: string
  readonly unit: UnitType
  readonly state: ExperimentState
  /** Everybody gets the control, at once, whatever the state. */
  readonly killed: boolean
  /** The first is the control. */
  readonly variations: readonly Variation[]
  readonly bucketing: Bucketing
  readonly forced?: readonly Forced[]
  readonly phases: readonly Phase[]
  /** Whole definitions, by family: a change of a metric elsewhere changes nothing here. */
  readonly metrics: Readonly<Record<Family, readonly MetricDefinition[]>>
  readonly slices: readonly Slice[]
  /** N*: planned units of all arms together; immutable once started. */
  readonly plannedUnits: number
  readonly alpha: number
  /** Relative effect that the experiment shall be able to find; what is yet to join is told of it. */
  readonly targetEffect?: number
  /** Planned end, ms of the clock: what is valid once is shown from then on. Null: not planned. */
  readonly endsAt: number | null
  /** Caps by metric key, frozen from the days before the start. */
  readonly caps: Readonly<Record<string, number>>
  /** Share of the units that a value of a slice is expected to hold, frozen from the days before the start: its N*. */
  readonly sliceShares?: SliceShares
  readonly startedAt: number | null
  readonly stoppedAt: number | null
  readonly revision: number
  /** What made this revision, who, and when, wall clock ms. */
  readonly action: string
  readonly by: string
  readonly at: number
}

export const metricsOf = ({ metrics }: Pick<RegisteredExperiment, 'metrics'>): readonly MetricDefinition[] =>
  FAMILIES.flatMap((family) => metrics[family])
