import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { NEVER } from '../../../schemas/experiments/tables.ts'
import { quantileDifferenceBand, type Distribution, type Interval } from '../statistics/index.ts'
import { clusteredDifference, type ClusterRow } from './clusters.ts'

/** Number of single sessions of an arm with values in a bin. */
export interface BinRow {
  readonly metric: string
  readonly variation: number
  readonly value: string
  /** Lower bound, at most 0.1 % below the value. */
  readonly bin: number
  readonly count: number
}

export interface QuantileCell {
  readonly level: number
  /** Over all sessions; null: infinitely long. */
  readonly control: number | null
  readonly treatment: number | null
  readonly difference: number | null
  /** From one session per unit, valid at all levels and times at once. Null for an open end. */
  readonly interval: readonly [number | null, number | null]
  /** From all sessions, valid once, at the planned end; null before. */
  readonly once: { readonly interval: Interval; readonly p: number } | null
}

export interface QuantileComparison {
  /** Units with a session, for each arm. */
  readonly units: { readonly control: number; readonly treatment: number }
  readonly cells: readonly QuantileCell[]
  /** No level has a finite interval yet. */
  readonly silent: boolean
}

/**
 * Both arms' quantile functions and their difference with its band, at every level of a percent. Null: infinitely long,
 * or an open end.
 */
export interface QuantileCurve {
  readonly levels: readonly number[]
  readonly control: readonly (number | null)[]
  readonly treatment: readonly (number | null)[]
  readonly low: readonly (number | null)[]
  readonly high: readonly (number | null)[]
}

/** The quantile function of bins in ascending order: the least value with at least this share at or below it. */
export function distributionOf(bins: readonly Pick<BinRow, 'bin' | 'count'>[]): Distribution {
  const sums: number[] = []
  let n = 0
  for (const { count } of bins) sums.push((n += count))
  const quantile = (level: number): number => {
    const wanted = Math.max(level * n, Number.MIN_VALUE)
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! >= wanted) high = middle
      else low = middle + 1
    }
    const bin = bins[low]?.bin ?? Infinity
    return bin >= NEVER ? Infinity : bin
  }
  return { n, quantile }
}

/** Units per arm from which the band is valid. */
const MIN_UNITS = 100

/** Bins of the control and of a treatment. */
export type BinsOfArms = readonly [readonly BinRow[], readonly BinRow[]]

/**
 * One arm against the control: values shown are from all sessions, the evidence is from one session per unit;
 * `clusters` of both arms if the planned end has been reached.
 */
export function quantileComparison(
  metric: MetricDefinition,
  alpha: number,
  all: BinsOfArms,
  picked: BinsOfArms,
  clusters?: readonly [ClusterRow, ClusterRow],
): QuantileComparison {
  const levels = metric.levels ?? []
  const [c, t] = armsOf(all)
  const [one, other] = armsOf(picked)
  const band = bandOf(alpha, [one, other], levels)
  const cells = levels.map((level, at) => {
    const [from, to] = [valueAt(c, level), valueAt(t, level)]
    return {
      level,
      control: told(from),
      treatment: told(to),
      difference: told(to - from),
      interval: [told(band[at]![0]), told(band[at]![1])] as const,
      once: clusters === undefined ? null : clusteredDifference(level, at, alpha, [c, clusters[0]], [t, clusters[1]]),
    }
  })
  return {
    units: { control: one.n, treatment: other.n },
    cells,
    silent: cells.every(({ interval: [low, high] }) => low === null && high === null),
  }
}

const CURVE_LEVELS: readonly number[] = Array.from({ length: 99 }, (_, at) => (at + 1) / 100)

/** The same comparison as a picture; the band holds at all its levels at once. */
export function quantileCurve(alpha: number, all: BinsOfArms, picked: BinsOfArms): QuantileCurve {
  const [c, t] = armsOf(all)
  const band = bandOf(alpha, armsOf(picked), CURVE_LEVELS)
  return {
    levels: CURVE_LEVELS,
    control: CURVE_LEVELS.map((level) => told(valueAt(c, level))),
    treatment: CURVE_LEVELS.map((level) => told(valueAt(t, level))),
    low: band.map(([low]) => told(low)),
    high: band.map(([, high]) => told(high)),
  }
}

const armsOf = ([control, treatment]: BinsOfArms): readonly [Distribution, Distribution] => [
  distributionOf(control),
  distributionOf(treatment),
]
const valueAt = ({ n, quantile }: Distribution, level: number): number => (n > 0 ? quantile(level) : Infinity)
const told = (value: number): number | null => (Number.isFinite(value) ? value : null)

function bandOf(
  alpha: number,
  [control, treatment]: readonly [Distribution, Distribution],
  levels: readonly number[],
): readonly Interval[] {
  return control.n >= MIN_UNITS && treatment.n >= MIN_UNITS
    ? quantileDifferenceBand(control, treatment, { alpha, tMin: MIN_UNITS }, levels)
    : levels.map(() => [-Infinity, Infinity])
}
