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

export interface Quantiles {
  readonly comparisons: readonly {
    readonly metric: string
    readonly variation: number
    readonly silent: boolean
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
