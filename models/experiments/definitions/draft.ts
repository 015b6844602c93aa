import type { Bucketing, Family, Forced, RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'

/**
 * What somebody asks for: metrics by name (`id` for the latest version, or `id@version`), the rest as it will stand.
 */
export interface Draft {
  readonly id: string
  readonly name: string
  readonly hypothesis?: string
  readonly clock: string
  readonly unit: RegisteredExperiment['unit']
  readonly variations: readonly { readonly key: string; readonly name?: string; readonly weight?: number }[]
  readonly bucketing?: Partial<Bucketing>
  readonly forced?: readonly Forced[]
  readonly metrics: Readonly<Partial<Record<Family, readonly string[]>>>
  readonly slices?: RegisteredExperiment['slices']
  readonly plannedUnits: number
  readonly alpha?: number
  readonly targetEffect?: number
  readonly endsAt?: number | null
}

export interface Known {
  readonly metrics: readonly MetricDefinition[]
  /** What a draft may be a prerequisite to, or share a layer with. */
  readonly experiments: readonly RegisteredExperiment[]
}

/** Notes what is wrong unless it is ok. */
export type Need = (ok: boolean, at: string, problem: string) => void
