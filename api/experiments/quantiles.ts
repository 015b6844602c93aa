import {
  quantileComparison,
  quantileCurve,
  type BinRow,
  type ClusterRow,
  type QuantileComparison,
  type QuantileCurve,
  type SumsRow,
} from '../../models/experiments/index.ts'
import type { RegisteredExperiment, Slice } from '../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'

export type QuantileAnswer = QuantileComparison & {
  readonly metric: string
  readonly variation: number
  readonly slice: { readonly name: Slice; readonly value: string } | null
  /** If asked for. */
  readonly curve?: QuantileCurve
}

/** Maximum values of a slice; the largest are used. */
const MAX_VALUES = 50
export const largest = (rows: readonly SumsRow[]): [string, SumsRow[]][] => {
  const units = (own: readonly SumsRow[]): number => own.reduce((sum, { n }) => sum + n, 0)
  return [...Map.groupBy(rows, ({ value }) => value)]
    .sort(([a, x], [b, y]) => units(y) - units(x) || (a < b ? -1 : 1))
    .slice(0, MAX_VALUES)
}

export interface Distributions {
  readonly all: readonly BinRow[]
  readonly picked: readonly BinRow[]
  readonly clusters: readonly ClusterRow[]
}

export interface Compared {
  readonly slice: Slice | undefined
  readonly curve: boolean
}

/** Quantiles of each arm against those of the control, by value of a slice if one is requested. */
export function compared(
  { variations, alpha }: RegisteredExperiment,
  metric: MetricDefinition,
  { slice, curve }: Compared,
  { all, picked, clusters }: Distributions,
): QuantileAnswer[] {
  const of = (rows: readonly BinRow[], variation: number, value: string): BinRow[] =>
    rows.filter((row) => row.metric === metricKey(metric) && row.variation === variation && row.value === value)
  const values = slice === undefined ? [''] : [...new Set(all.map(({ value }) => value))].slice(0, MAX_VALUES)
  return values.flatMap((value) =>
    variations.slice(1).map((_, at) => {
      const pair = (rows: readonly BinRow[]) => [of(rows, 0, value), of(rows, at + 1, value)] as const
      return {
        metric: metric.id,
        variation: at + 1,
        slice: slice === undefined ? null : { name: slice, value },
        ...quantileComparison(metric, alpha, pair(all), pair(picked), clustersOf(clusters, at + 1)),
        ...(curve && { curve: quantileCurve(alpha, pair(all), pair(picked)) }),
      }
    }),
  )
}

function clustersOf(rows: readonly ClusterRow[], treatment: number): readonly [ClusterRow, ClusterRow] | undefined {
  const [c, t] = [0, treatment].map((variation) => rows.find((row) => row.variation === variation))
  return c === undefined || t === undefined ? undefined : [c, t]
}
