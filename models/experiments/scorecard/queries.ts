import type { Query } from '../../../platform/clickhouse/port.ts'
import { metricsOf, type RegisteredExperiment, type Slice } from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { bitrateBand, NEVER, OUTCOMES } from '../../../schemas/experiments/tables.ts'
import { keptShares } from './even.ts'
import { SUM_NAMES, type SumName } from './sums.ts'

/** Outcomes as of a moment: units whose window has closed by then are complete, and enter once, in order of closing. */
export interface Asked {
  readonly experiment: RegisteredExperiment
  readonly metrics: readonly MetricDefinition[]
  /** Watermark of the experiment's clock, ms. */
  readonly now: number
  readonly by?: Slice
  /** Step width of closing times, ms: gives the sums of each step, which the caller accumulates. */
  readonly everyMs?: number
  /** All units, without drawing equally large samples of unequal arms. */
  readonly all?: boolean
  /** Table of outcomes, if not the one that is kept up to date. */
  readonly outcomes?: string
}

/** SQL expressions of slices. */
const SLICE_SQL: Readonly<Record<Slice, string>> = {
  country: 'toString(o.country)',
  device: 'toString(o.device)',
  asn: 'toString(o.asn)',
  app_version: 'toString(o.app_version)',
  bitrate_before: bitrateBand('o.bitrate_before'),
}

/** Metrics per statement: splits twenty metrics about evenly between two concurrent readers. */
const MAX_METRICS = 5

/** The queries of a scorecard. Ratios are separate, since only they need the denominators. */
export function sumsQueries(asked: Asked): Query[] {
  const [ratios, others] = [
    asked.metrics.filter(({ kind }) => kind === 'ratio'),
    asked.metrics.filter(({ kind }) => kind !== 'ratio'),
  ]
  return [...groupsOf(others), ...groupsOf(ratios)].map((metrics) => sumsQuery({ ...asked, metrics }))
}

/** Rows are ordered by metric, so splitting the metrics does not read anything twice. */
const groupsOf = (metrics: readonly MetricDefinition[]): MetricDefinition[][] =>
  Array.from({ length: Math.ceil(metrics.length / MAX_METRICS) }, (_, at) =>
    metrics.slice(at * MAX_METRICS, (at + 1) * MAX_METRICS),
  )

/**
 * Sums by metric, phase, arm, history and whether the window has closed, either of ratios or of other metrics. Tier 2:
 * products of completed totals, as 128-bit integers.
 */
function sumsQuery({ experiment, metrics, now, by, everyMs, all = false, outcomes = OUTCOMES }: Asked): Query {
  const isRatio = metrics.some(({ kind }) => kind === 'ratio')
  const value = by === undefined ? "''" : SLICE_SQL[by]
  const step = everyMs === undefined ? '0' : `intDiv(o.closes_ms, ${everyMs}) * ${everyMs}`
  return {
    sql: `SELECT t.metric AS metric, t.phase AS phase, t.variation AS variation, t.seen AS seen, t.closed AS closed, t.value AS value, toFloat64(t.step) AS step, ${sumsSql((name) => sumSql(name, isRatio))}
      FROM (
        SELECT o.metric AS metric, o.phase AS phase, o.variation AS variation, o.seen_before AS seen, o.closes_ms <= {now:Int64} AS closed, ${value} AS value, ${step} AS step,
          ${cappedSql('value')} AS y, ${cappedSql('before_value')} AS x${isRatio ? ', toInt128(o.per) AS d, toInt128(o.before_per) AS e' : ''}
        FROM ${outcomes} AS o FINAL
        WHERE o.clock = {clock:String} AND o.experiment_id = {id:String} AND o.metric IN {metrics:Array(String)} AND o.excluded = 0 AND o.first_ms <= {now:Int64} AND ${all ? '1' : kept(experiment)}
      ) AS t GROUP BY metric, phase, variation, seen, closed, value, t.step ORDER BY metric, phase, variation, seen, closed, value, step
      SETTINGS max_read_buffer_size = 65536`,
    params: { ...named(experiment), now, metrics: metrics.map(metricKey), ...capsOf(experiment) },
  }
}

const cappedSql = (column: string): string =>
  `toInt128(least(o.${column}, transform(toString(o.metric), {capped:Array(String)}, {caps:Array(Int64)}, toInt64(${NEVER}))))`
const capsOf = ({ caps }: RegisteredExperiment) => ({ capped: Object.keys(caps), caps: Object.values(caps) })

/**
 * Units of an experiment by a hash of their id: a million of them fit in memory together with the join. Every metric
 * has all units, so one metric is enough.
 */
const unitsOf = (
  id: 'id' | 'other',
  metric: 'own' | 'mark',
  drawn: string,
): string => `SELECT sipHash64(o.unit_id) AS unit, o.phase AS phase, o.variation AS variation FROM ${OUTCOMES} AS o FINAL
  WHERE o.clock = {clock:String} AND o.experiment_id = {${id}:String} AND o.metric = {${metric}:String} AND o.excluded = 0 AND o.first_ms <= {now:Int64} AND ${drawn}`

/** How many units of one experiment are in another, by their phases and arms in both. */
export const crossedCounts = ({ experiment, now }: Asked, other: RegisteredExperiment): Query => ({
  sql: `SELECT o.phase AS phase, o.variation AS variation, b.phase AS otherPhase, b.variation AS other, toFloat64(count()) AS units
    FROM (${unitsOf('id', 'own', '1')}) AS o INNER JOIN (${unitsOf('other', 'mark', '1')}) AS b ON b.unit = o.unit
    GROUP BY phase, variation, otherPhase, other ORDER BY phase, variation, otherPhase, other`,
  params: { ...named(experiment), now, own: metricKey(metricsOf(experiment)[0]!), ...marked(other) },
})

/** Sums of closed outcomes by the arms of both experiments. */
export const crossedSums = ({ experiment, metrics, now }: Asked, other: RegisteredExperiment): Query => ({
  sql: `SELECT t.metric AS metric, t.phase AS phase, t.variation AS variation, t.otherPhase AS otherPhase, t.other AS other, ${sumsSql((name) => (/[xe]/.test(name) ? '0' : productSql(name)))}
    FROM (
      SELECT o.metric AS metric, o.phase AS phase, o.variation AS variation, b.phase AS otherPhase, b.variation AS other, ${cappedSql('value')} AS y, toInt128(o.per) AS d
      FROM ${OUTCOMES} AS o FINAL INNER JOIN (${unitsOf('other', 'mark', kept(other, 'other'))}) AS b ON b.unit = sipHash64(o.unit_id)
      WHERE o.clock = {clock:String} AND o.experiment_id = {id:String} AND o.metric IN {metrics:Array(String)} AND o.excluded = 0 AND o.closes_ms <= {now:Int64} AND ${kept(experiment)}
    ) AS t GROUP BY metric, phase, variation, otherPhase, other ORDER BY metric, phase, variation, otherPhase, other`,
  params: { ...named(experiment), now, metrics: metrics.map(metricKey), ...marked(other), ...capsOf(experiment) },
})

const marked = (other: RegisteredExperiment) => ({ other: other.id, mark: metricKey(metricsOf(other)[0]!) })

/** The fields of `Sums` over `t`; `sql` gives the aggregate for each. */
const sumsSql = (sql: (name: SumName) => string): string =>
  `toFloat64(count()) AS n, toFloat64(countIf(t.y != 0)) AS nonzero, ${SUM_NAMES.map((name) => `toFloat64(${sql(name)}) AS ${name}`).join(', ')}`

/** If every unit weighs one, denominators are counts, and products with them are the sums themselves. */
function sumSql(name: string, isRatio: boolean): string {
  const letters = isRatio ? name : name.replaceAll(/[de]/g, '')
  return letters === '' ? 'count()' : productSql(letters)
}

const productSql = (name: string): string =>
  name === 'yyy' ? 'sum(toInt256(t.y) * t.y * t.y)' : `sum(${[...name].map((letter) => `t.${letter}`).join(' * ')})`

const named = ({ id, clock }: RegisteredExperiment) => ({ id, clock })

/**
 * Arms of unequal weights are compared by equally large samples, drawn by hash (even.ts); two experiments use
 * independent hashes.
 */
function kept(experiment: RegisteredExperiment, draw = 'even'): string {
  const shares = experiment.phases.flatMap(({ phase, weights }) =>
    keptShares(weights).flatMap((share, variation) => (share === 1 ? [] : [{ phase, variation, share }])),
  )
  if (shares.length === 0) return '1'
  const drawn = (share: number): string => `cityHash64('${draw}', o.unit_id) % 1000000 < ${Math.round(share * 1e6)}`
  return `multiIf(${shares.map(({ phase, variation, share }) => `o.phase = ${phase} AND o.variation = ${variation}, ${drawn(share)}`).join(', ')}, 1)`
}

/** Values of single sessions by arm: all sessions, or one per unit chosen by hash; closed units only. */
export function distributionQuery({ experiment, metrics, now, by }: Asked, kind: 'all' | 'picked'): Query {
  const value = by === undefined ? "''" : SLICE_SQL[by]
  const [bin, weight] = kind === 'all' ? ['each.1', 'each.2'] : ['o.pick', 'toUInt64(1)']
  return {
    sql: `SELECT o.metric AS metric, o.variation AS variation, ${value} AS value, toFloat64(${bin}) AS bin, toFloat64(sum(${weight})) AS count
      FROM ${OUTCOMES} AS o FINAL ${kind === 'all' ? 'ARRAY JOIN arrayZip(o.bins, o.counts) AS each' : ''}
      WHERE o.clock = {clock:String} AND o.experiment_id = {id:String} AND o.metric IN {metrics:Array(String)} AND o.excluded = 0 AND o.closes_ms <= {now:Int64}${kind === 'picked' ? ' AND o.pick >= 0' : ''}
      GROUP BY metric, variation, value, bin ORDER BY metric, variation, value, bin`,
    params: { ...named(experiment), now, metrics: metrics.map(metricKey) },
  }
}
