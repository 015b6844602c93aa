import type { Query } from '../../../platform/clickhouse/port.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { OUTCOMES } from '../../../schemas/experiments/tables.ts'
import {
  covariance,
  effectOf,
  isComputed,
  neighbours,
  onward,
  quantileOf,
  welch,
  type Computed,
  type Distribution,
  type Interval,
  type Moments,
} from '../statistics/index.ts'
import type { Asked } from './queries.ts'

/**
 * Totals over an arm's units: sessions (n), and sessions at or below the quantile of each level (s), with their
 * products.
 */
export interface ClusterRow {
  readonly variation: number
  readonly units: number
  readonly n: number
  readonly nn: number
  readonly s: readonly number[]
  readonly ss: readonly number[]
  readonly sn: readonly number[]
}

/**
 * How sessions of the same unit correlate around the quantiles of their arm: `quantiles[variation][level]`. Closed
 * units only.
 */
export function clustersQuery(
  { experiment, now }: Omit<Asked, 'metrics'>,
  metric: MetricDefinition,
  quantiles: readonly (readonly number[])[],
): Query {
  const levels = (quantiles[0] ?? []).map((_, level) => level)
  const limit = (level: number): string =>
    `multiIf(${quantiles.map((own, variation) => `o.variation = ${variation}, toInt64(${Math.min(own[level]!, Number.MAX_SAFE_INTEGER)})`).join(', ')}, toInt64(0))`
  const each = (sum: (level: number) => string): string =>
    `[${levels.map((level) => `toFloat64(${sum(level)})`).join(', ')}]`
  return {
    sql: `SELECT t.variation AS variation, toFloat64(count()) AS units, toFloat64(sum(t.n)) AS n, toFloat64(sum(t.n * t.n)) AS nn,
        ${each((level) => `sum(t.s${level})`)} AS s, ${each((level) => `sum(t.s${level} * t.s${level})`)} AS ss, ${each((level) => `sum(t.s${level} * t.n)`)} AS sn
      FROM (
        SELECT o.variation AS variation, arraySum(o.counts) AS n, ${levels.map((level) => `arraySum((bin, count) -> if(bin <= ${limit(level)}, count, 0), o.bins, o.counts) AS s${level}`).join(', ')}
        FROM ${OUTCOMES} AS o FINAL
        WHERE o.clock = {clock:String} AND o.experiment_id = {id:String} AND o.metric = {metric:String} AND o.excluded = 0 AND o.closes_ms <= {now:Int64} AND notEmpty(o.bins)
      ) AS t GROUP BY t.variation ORDER BY variation`,
    params: { clock: experiment.clock, id: experiment.id, metric: metricKey(metric), now },
  }
}

/** A quantile of all sessions of an arm, with an error that accounts for the correlation of sessions of a unit. */
function quantileMoments(
  { quantile, n }: Distribution,
  level: number,
  at: number,
  { units, n: sum, nn, s, ss, sn }: ClusterRow,
): Computed<Moments> {
  const [lower, upper] = neighbours(level, n).map((near) => quantile(Math.min(1, Math.max(0, near)))) as [
    number,
    number,
  ]
  return quantileOf({
    n,
    nStar: n,
    level,
    quantile: quantile(level),
    lower,
    upper,
    clusters: {
      units,
      below: { mean: s[at]! / units, variance: covariance(units, s[at]!, s[at]!, ss[at]!) },
      observations: { mean: sum / units, variance: covariance(units, sum, sum, nn) },
      covariance: covariance(units, s[at]!, sum, sn[at]!),
    },
  })
}

/**
 * The difference of a quantile of single sessions, valid once (Deng, Knoblich & Lu 2018; Yao, Li & Lu 2024); null if
 * there are too few sessions.
 */
export function clusteredDifference(
  level: number,
  at: number,
  alpha: number,
  control: readonly [Distribution, ClusterRow],
  treatment: readonly [Distribution, ClusterRow],
): { readonly interval: Interval; readonly p: number } | null {
  const of = ([distribution, row]: readonly [Distribution, ClusterRow]): Computed<Moments> =>
    quantileMoments(distribution, level, at, row)
  const effect = onward(of(control), (c) => onward(of(treatment), (t) => effectOf(c, t, 'absolute')))
  return isComputed(effect) && Number.isFinite(effect.effect) ? welch(effect, alpha) : null
}
