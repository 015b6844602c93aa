import type { MetricDefinition } from './metric.ts'

/** What is randomised. `oca_hour`: an appliance in an hour of the clock, `OCA@HOUR_MS`. */
export const UNIT_TYPES = ['profile', 'household', 'device', 'session', 'oca_hour'] as const
export type UnitType = (typeof UNIT_TYPES)[number]

/** What a unit was at its first exposure: all that may slice an effect. */
export const SLICES = ['country', 'device', 'asn', 'app_version', 'bitrate_before'] as const
export type Slice = (typeof SLICES)[number]

export const STATES = ['draft', 'running', 'paused', 'stopped', 'archived'] as const
export type ExperimentState = (typeof STATES)[number]

/** Metrics and slices by the question they answer; each family has its own error rate, and is fixed when the experiment starts. */
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

/** How units are bucketed, beside the weights: GrowthBook's fields, told to its SDKs unchanged. */
export interface Bucketing {
  readonly hashAttribute: string
  readonly hashVersion: 1 | 2
  readonly seed: string
  /** Share of all units that take part; the only thing that a ramp changes. */
  readonly coverage: number
  readonly namespace?: readonly [name: string, from: number, to: number]
  readonly condition?: Readonly<Record<string, unknown>>
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
  readonly phases: readonly Phase[]
  /** Whole definitions, by family: a change of a metric elsewhere changes nothing here. */
  readonly metrics: Readonly<Record<Family, readonly MetricDefinition[]>>
  readonly slices: readonly Slice[]
  /** N*: planned units of all arms together; immutable once started. */
  readonly plannedUnits: number
  readonly alpha: number
  /** Planned end, ms of the clock: what is valid once is shown from then on. Null: not planned. */
  readonly endsAt: number | null
  /** Caps by metric key, frozen from the days before the start. */
  readonly caps: Readonly<Record<string, number>>
  readonly startedAt: number | null
  readonly stoppedAt: number | null
  readonly revision: number
  /** What made this revision, who, and when, wall clock ms. */
  readonly action: string
  readonly by: string
  readonly at: number
}

export const metricsOf = ({ metrics }: Pick<RegisteredExperiment, 'metrics'>): readonly MetricDefinition[] => FAMILIES.flatMap((family) => metrics[family])
