import type { Bucketing, Family, Forced, RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'

/**
 * A requested experiment: metrics by name (`id` for the latest version, or `id@version`), other fields as in the
 * result.
 */
export interface Draft {
  readonly id: string
  readonly name: string
  readonly hypothesis?: string
  readonly owner?: string
  readonly tags?: readonly string[]
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
  /** Experiments that may be prerequisites or share a layer with the draft. */
  readonly experiments: readonly RegisteredExperiment[]
  /** Ids of saved groups. */
  readonly groups: readonly string[]
}

/** Records a fault unless `ok`. */
export type Need = (ok: boolean, at: string, problem: string) => void

/** Ids are parts of addresses, and names of features. */
export const checkId = (id: string, need: Need): void =>
  need(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/.test(id), 'id', "must be 1 to 100 letters, digits, '.', '_' or '-'")
