import {
  FAMILIES,
  type Family,
  type RegisteredExperiment,
  type Slice,
} from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { cellOf, type Cell } from './cell.ts'
import { NO_ARM, type ArmSums, type PhaseSums } from './estimate.ts'
import { adjustedP, discoveries, type AdjustedP } from './families.ts'
import { addSums, type Sums, type SumsRow } from './sums.ts'

export type ScoreFamily = Family | 'exploratory'

export interface ScoreCell extends Cell {
  readonly family: ScoreFamily
  readonly metric: string
  readonly version: number
  readonly variation: number
  /** `adHoc`: not among the slices that were fixed at the start. */
  readonly slice: { readonly name: Slice; readonly value: string; readonly adHoc: boolean } | null
  /** By e-BH within the family. For guardrails: harm. */
  readonly discovery: boolean
  /**
   * `once` adjusted within the family; null while `once` is null, and for guardrails: harm is reported without
   * correction.
   */
  readonly adjustedP: AdjustedP | null
  /** Units of the treatment whose window is still open: they are counted when it closes. */
  readonly openUnits: number
}

export interface Scorecard {
  readonly experiment: string
  readonly revision: number
  /** Watermark of the clock at which it was computed, ms. */
  readonly now: number
  readonly cells: readonly ScoreCell[]
}

/** Sums of one metric, or of one value of a slice. */
export interface Table {
  readonly slice: ScoreCell['slice']
  readonly rows: readonly SumsRow[]
}

/** Expected share of the planned units in a slice if nothing was known about it at the start. */
const SLICE_SHARE = 0.25
/** Minimum share, for a value that was rare or absent in the days before the start. */
const MIN_SHARE = 0.01

/**
 * N* of one comparison: planned units of both arms by the weights of the first phase, so later changes do not move it,
 * multiplied by the expected `share`.
 */
export function plannedFor(
  { plannedUnits, phases, variations }: RegisteredExperiment,
  variation: number,
  share: number,
): number {
  const weights = phases[0]?.weights ?? variations.map(({ weight }) => weight)
  const least = Math.min(...weights.filter((weight) => weight > 0))
  return Math.max(200, plannedUnits * ((weights[variation] ?? 0) > 0 ? 2 * least : 0) * share)
}

function shareOf({ sliceShares }: RegisteredExperiment, slice: ScoreCell['slice']): number {
  if (slice === null) return 1
  const known = sliceShares?.[slice.name]
  return known === undefined ? SLICE_SHARE : Math.max(MIN_SHARE, known[slice.value] ?? 0)
}

/** Whether results that are valid once may be shown. */
export const hasEnded = ({ state, endsAt }: Pick<RegisteredExperiment, 'state' | 'endsAt'>, now: number): boolean =>
  state === 'stopped' || state === 'archived' || (endsAt !== null && endsAt <= now)

/**
 * Computes the scorecard: a pure function of sums, definitions and watermark. Quantile metrics are computed elsewhere.
 */
export function scorecardOf(experiment: RegisteredExperiment, tables: readonly Table[], now: number): Scorecard {
  const ended = hasEnded(experiment, now)
  const cells = tables.flatMap(({ slice, rows }) => {
    const byMetric = Map.groupBy(rows, ({ metric }) => metric)
    return FAMILIES.flatMap((family) =>
      experiment.metrics[family]
        .filter(({ kind }) => kind !== 'quantile')
        .flatMap((metric) =>
          judged(
            experiment,
            slice === null ? family : 'exploratory',
            metric,
            slice,
            byMetric.get(metricKey(metric)) ?? [],
            ended,
          ),
        ),
    )
  })
  return {
    experiment: experiment.id,
    revision: experiment.revision,
    now,
    cells: withDiscoveries(cells, experiment.alpha),
  }
}

function judged(
  experiment: RegisteredExperiment,
  family: ScoreFamily,
  metric: MetricDefinition,
  slice: ScoreCell['slice'],
  rows: readonly SumsRow[],
  ended: boolean,
): Omit<ScoreCell, 'discovery' | 'adjustedP'>[] {
  // A slice is evaluated only for metrics that were summed by it.
  if (slice !== null && rows.length === 0) return []
  const closed = byArm(rows.filter((row) => row.closed === 1))
  const open = byArm(rows.filter((row) => row.closed === 0))
  const { alpha, variations, targetEffect } = experiment
  return variations.slice(1).map((_, at) => {
    const variation = at + 1
    const asking = {
      metric,
      alpha,
      ended,
      targetEffect,
      plannedUnits: plannedFor(experiment, variation, shareOf(experiment, slice)),
    }
    const openUnits = [...open.values()].reduce((sum, arms) => sum + unitsOf(arms.get(variation)), 0)
    return {
      ...cellOf(phasesOf(closed, variation), asking),
      family,
      metric: metric.id,
      version: metric.version,
      variation,
      slice,
      openUnits,
    }
  })
}

const unitsOf = (arm: ArmSums | undefined): number => (arm === undefined ? 0 : arm.seen.n + arm.fresh.n)

/** Phase → arm → sums. */
function byArm(rows: readonly SumsRow[]): Map<number, Map<number, ArmSums>> {
  const phases = new Map<number, Map<number, ArmSums>>()
  for (const row of rows) {
    const arms = phases.get(row.phase) ?? new Map<number, ArmSums>()
    const arm = arms.get(row.variation) ?? NO_ARM
    const added = (sums: Sums, seen: number): Sums => (row.seen === seen ? addSums(sums, row) : sums)
    arms.set(row.variation, { seen: added(arm.seen, 1), fresh: added(arm.fresh, 0) })
    phases.set(row.phase, arms)
  }
  return phases
}

const NO_PHASE: PhaseSums = { phase: 0, control: NO_ARM, treatment: NO_ARM }

function phasesOf(phases: ReadonlyMap<number, ReadonlyMap<number, ArmSums>>, variation: number): PhaseSums[] {
  const all = [...phases].map(([phase, arms]) => ({
    phase,
    control: arms.get(0) ?? NO_ARM,
    treatment: arms.get(variation) ?? NO_ARM,
  }))
  return all.length === 0 ? [NO_PHASE] : all
}

/** Each family has its own error rate; harm to a guardrail is reported without correction. */
function withDiscoveries(cells: readonly Omit<ScoreCell, 'discovery' | 'adjustedP'>[], alpha: number): ScoreCell[] {
  const found = new Map<object, Pick<ScoreCell, 'discovery' | 'adjustedP'>>()
  for (const family of ['primary', 'secondary', 'exploratory'] as const) {
    const own = cells.filter((cell) => cell.family === family)
    const adjusted = adjustedP(own)
    discoveries(own, alpha).forEach((discovery, at) => found.set(own[at]!, { discovery, adjustedP: adjusted[at]! }))
  }
  return cells.map((cell) => ({
    ...cell,
    ...(found.get(cell) ?? { discovery: cell.guardrail === 'inferior', adjustedP: null }),
  }))
}
