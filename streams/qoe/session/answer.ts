import type { Metric } from '../metrics/metric.ts'
import { middleOf } from '../sketch.ts'
import type { Dimension } from './ask.ts'
import type { MetricsAsk } from './queries.ts'

/** A metric of a cell. */
export interface Value {
  readonly metric: Metric['id']
  /** null if no session counts. */
  readonly value: number | null
  /** Bounds of the value, given the telemetry that is known to be missing; null = no bound. */
  readonly low: number | null
  readonly high: number | null
  readonly numerator: number
  readonly denominator: number
  /** In the order requested; null without data. */
  readonly quantiles?: readonly (number | null)[]
  /** Lower end of a bucket (four per octave) and its count, in order. */
  readonly histogram?: readonly (readonly [number, number])[]
}

export interface MetricsRow {
  readonly dimensions: Partial<Record<Dimension, string>>
  /** 0 = the requested period, 1 = the one it is compared with. */
  readonly period: number
  /** Start of the interval, ms. */
  readonly at: number
  readonly sessions: number
  /** Share of the records known to be sent that have landed, 0 to 1; null if none were sent. */
  readonly completeness: number | null
  /** Wall time that no record accounts for, ms. */
  readonly hidden_ms: number
  readonly values: readonly Value[]
}

/** Sums of a metric, as the store returns them. */
interface Sums {
  readonly n: number
  readonly d: number
  readonly allN: number
  readonly allD: number
  readonly hidden: number
  readonly most: number
  readonly unsureN: number
  readonly unsureD: number
}

export type StoredRow = Readonly<Record<string, unknown>>

/** Converts rows of `metricsQuery` to metrics. */
export function readMetrics(
  rows: readonly StoredRow[],
  ask: Pick<MetricsAsk, 'metrics' | 'groupBy' | 'quantiles'>,
): MetricsRow[] {
  return rows.map((row) => {
    const expected = Number(row['expected'])
    return {
      dimensions: Object.fromEntries((ask.groupBy ?? []).map((name) => [name, String(row[name])])),
      period: Number(row['period']),
      at: Number(row['at']),
      sessions: Number(row['sessions']),
      hidden_ms: Number(row['hidden']),
      completeness: expected > 0 ? Number(row['records']) / expected : null,
      values: ask.metrics.map((metric, i) => ({
        ...valueOf(metric, sumsOf(row[`m${i}`] as readonly string[])),
        ...(row[`q${i}`] === undefined
          ? {}
          : { quantiles: quantilesOf(row[`q${i}`] as readonly number[], ask.quantiles ?? [], metric) }),
        ...(row[`h${i}`] === undefined
          ? {}
          : {
              histogram: (row[`h${i}`] as [number, number][]).map(
                ([bucket, count]) => [bucket * metric.scale, count] as const,
              ),
            }),
      })),
    }
  })
}

const quantilesOf = (buckets: readonly number[], quantiles: readonly number[], { scale }: Metric): (number | null)[] =>
  quantiles.map((_, i) => (buckets[i] === undefined ? null : middleOf(buckets[i]) * scale))

function sumsOf(stored: readonly string[]): Sums {
  const [n = 0, d = 0, allN = 0, allD = 0, hidden = 0, most = 0, unsureN = 0, unsureD = 0] = stored.map(Number)
  return { n, d, allN, allD, hidden, most, unsureN, unsureD }
}

/** Value and bounds from sums; `Loss` in schemas/metrics/metric.ts has the reasons. */
export function valueOf(metric: Metric, sums: Sums): Value {
  const { scale } = metric
  const scaled = (ratio: number | null): number | null => (ratio === null ? null : ratio * scale)
  const counted = metric.denominator === '0'
  const value = counted ? sums.n : over(sums.n, sums.d)
  const [low, high] = counted ? [sums.n, sums.n] : boundsOf(metric, sums)
  return {
    metric: metric.id,
    value: scaled(value),
    low: scaled(low),
    high: scaled(high),
    numerator: sums.n,
    denominator: sums.d,
  }
}

const over = (n: number, d: number): number | null => (d > 0 ? n / d : null)

function boundsOf(
  { loss }: Metric,
  { allN: n, allD: d, hidden: h, most, unsureN, unsureD }: Sums,
): readonly [number | null, number | null] {
  const value = over(n, d)
  switch (loss) {
    case 'none':
      return [value, value]
    case 'time':
      return [over(n, d + h), over(n + h, d + h)]
    case 'rate':
      return [over(n, d + h), h > 0 ? null : value]
    case 'count':
      return [value, h > 0 ? null : value]
    case 'media':
      return [over(n, d + h), highest(n, d, h, most)]
    case 'net':
      return [h > 0 ? null : value, highest(n, d, h, most)]
    case 'outcome':
      return [over(n - unsureN, d), over(n + unsureD - unsureN, d)]
  }
}

const highest = (n: number, d: number, h: number, most: number): number | null =>
  most < 0 ? null : greatest(over(n, d), over(n + most, d + h))
const greatest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b)
