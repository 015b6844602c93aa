import type { OverviewRow } from '../shell/answers.ts'

/** What the page reads of an experiment as registered, and of answers without a schema. */
export interface Metric {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly description: string
  readonly kind: string
  readonly better: 'up' | 'down'
  readonly unit: string
  readonly margin?: number
  readonly window: { readonly fromMs: number; readonly toMs: number }
}

export interface Experiment {
  readonly id: string
  readonly name: string
  readonly hypothesis: string
  readonly owner?: string
  readonly tags?: readonly string[]
  readonly clock: string
  readonly unit: string
  readonly state: OverviewRow['state']
  readonly killed: boolean
  readonly variations: readonly { readonly key: string; readonly name: string; readonly weight: number }[]
  readonly bucketing: { readonly coverage: number }
  readonly metrics: Readonly<Record<'primary' | 'guardrail' | 'secondary', readonly Metric[]>>
  readonly slices: readonly string[]
  readonly plannedUnits: number
  readonly startedAt: number | null
  readonly stoppedAt: number | null
  readonly revision: number
  readonly action: string
  readonly by: string
  readonly principal?: string
  readonly at: number
}

interface Ratio {
  readonly phases: readonly {
    readonly phase: number
    readonly weights: readonly number[]
    readonly units: readonly number[]
  }[]
  readonly logE: number
  readonly shareError: number
  readonly leaked: number
  readonly alert: boolean
}
export interface Health {
  readonly exposed: Ratio
  readonly counted: Ratio
  readonly multiple: number
  readonly dimensions: Readonly<
    Record<
      string,
      { readonly logE: number; readonly alert: boolean; readonly values: readonly { readonly value: string }[] }
    >
  >
  readonly late: { readonly alert: boolean; readonly logE: number } | null
}

type Values = readonly (number | null)[]
/** Both quantile functions and the band of their difference, at each level; null = infinitely long, or open. */
export interface Curve {
  readonly levels: readonly number[]
  readonly control: Values
  readonly treatment: Values
  readonly low: Values
  readonly high: Values
}

export interface Quantiles {
  readonly comparisons: readonly {
    readonly metric: string
    readonly variation: number
    readonly silent: boolean
    readonly slice: { readonly name: string; readonly value: string } | null
    readonly curve: Curve
    readonly units: { readonly control: number; readonly treatment: number }
    readonly cells: readonly {
      readonly level: number
      readonly control: number | null
      readonly treatment: number | null
      readonly difference: number | null
      readonly interval: readonly [number | null, number | null]
    }[]
  }[]
}

export type Choice = 'ship' | 'roll back' | 'no difference' | 'keep running'

export interface ListedDecision {
  readonly number: number
  readonly choice: Choice
  readonly variation: number | null
  readonly note: string
  readonly by: string
  readonly at: number
  readonly automatic: boolean
  readonly operation: { readonly action: string } | null
  readonly sha256: string
  readonly headline: string
  readonly carriedOut: boolean | null
}

interface RolloutStep {
  readonly action: 'kill' | 'pause' | 'ramp'
  readonly because: string
}
export interface RolloutAnswer {
  readonly headline: string
  readonly pending: { readonly step: RolloutStep; readonly due: number } | null
  readonly taken: { readonly step: RolloutStep; readonly at: number } | null
}
