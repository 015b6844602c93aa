import type { Query } from '../../../platform/clickhouse/index.ts'
import type { Metric } from '../metrics/metric.ts'
import { coarseBucketSql, fineBucketSql, quantilesSql } from '../sketch.ts'
import { conditionsOf, LIMITS, MAX_ROWS, type Dimension, type Period, type Scope } from './ask.ts'
import { belongs, cellsOf, timeColumn, timeOf, type Cells } from './cells.ts'
import { SESSIONS_NOW } from './facts.ts'
import { compose, nameOf } from './levels.ts'

export interface MetricsAsk extends Scope {
  /** At least one metric; all by start or all by end (see `byTime`). */
  readonly metrics: readonly Metric[]
  /** At most three. */
  readonly groupBy?: readonly Dimension[]
  /** Of metrics with a distribution, 0 to 1. */
  readonly quantiles?: readonly number[]
  readonly histogram?: boolean
  /** Length of an interval, ms, with one row for each; absent = one row for the period. */
  readonly interval?: number
  readonly compare?: Period
  /** Sorts cells by the worst value, or by the largest negative impact on the total, of the first metric. */
  readonly sort?: 'value' | 'negative_impact'
  /** Maximum number of cells. */
  readonly limit?: number
}

/** Splits metrics by whether they count sessions by start or by end: a query takes only one kind. */
export function byTime(metrics: readonly Metric[]): readonly (readonly Metric[])[] {
  return [...Map.groupBy(metrics, ({ time }) => time).values()]
}

/**
 * Metrics by dimensions and time, from stored sessions. A row holds, for each metric, the sums in the order of `Sums`
 * in answer.ts (`m0` …), quantiles (`q0` …) and a histogram (`h0` …); answer.ts turns them into values and bounds.
 */
export function metricsQuery(ask: MetricsAsk): Query {
  const { groupBy = [], interval, limit = MAX_ROWS } = ask
  const periods = ask.compare === undefined ? [ask] : [ask, ask.compare]
  const by = timeOf(ask, ask.metrics)
  const time = timeColumn(by)
  const starts = `[${periods.map(({ from }) => Math.trunc(from)).join(', ')}]`
  const inPeriod = periods.map((period) => belongs(by, period))
  const keys = ['period', 'at', ...groupBy]
  const cells = cellsOf(ask, ask.metrics, groupBy, periods)
  const sums = [
    sessionCount(cells),
    'sumIf(least(records, expected), is_last) AS cell_records',
    'sumIf(expected, is_last) AS cell_expected',
    'sum(hidden) AS cell_hidden',
    ...ask.metrics.flatMap((metric, i) => columnsOf(metric, i, ask)),
  ]
  const start = `${starts}[period + 1]`
  const grouped = compose(
    SESSIONS_NOW,
    [
      ...cells.levels,
      periods.length === 1
        ? { columns: ['0 AS period'] }
        : {
            columns: [
              `arrayJoin(arrayFilter(p -> [${inPeriod.join(', ')}][p + 1], range(${periods.length}))) AS period`,
            ],
            apart: true,
          },
      {
        columns: [
          interval === undefined
            ? `${start} AS at`
            : `${start} + intDiv(${time} - ${start}, ${Math.trunc(interval)}) * ${Math.trunc(interval)} AS at`,
        ],
      },
      { columns: sums, groupBy: keys },
    ],
    [...keys, ...sums.map(nameOf)],
  )
  return {
    sql: `SELECT ${[...keys.map((key) => (key === 'at' ? 'toFloat64(at) AS at' : key === 'period' ? 'toUInt8(period) AS period' : `toString(${key}) AS ${key}`)), 'toFloat64(cell_sessions) AS sessions', 'cell_records AS records', 'cell_expected AS expected', 'cell_hidden AS hidden', ...ask.metrics.flatMap((metric, i) => [`m${i}`, ...shownOf(metric, i, ask)])].join(', ')}
FROM (${ranked(grouped, ask)})
WHERE place <= ${Math.min(limit, MAX_ROWS)}
ORDER BY place, period, at
LIMIT ${MAX_ROWS}
SETTINGS ${LIMITS}`,
    params: { clock: ask.clock, now: ask.now, ...conditionsOf(ask).params },
  }
}

/** A session may have several parts in one cell. */
const sessionCount = ({ byPart }: Cells): string =>
  byPart ? 'uniqExact(key) AS cell_sessions' : 'count() AS cell_sessions'

const mediaOf = (hidden: string): string => `intDiv(${hidden} * greatest(playback_rate_permille, 1000), 1000)`
/** Plain CMCD hides all of its time from a metric that it has no counter for. */
const HIDDEN_FROM_OTHERS = 'if(exact, hidden, greatest(last_time - session_start, 0) + tail_ms)'

/**
 * n, d of the exact part; n, d of everything; hidden; what hidden time could add, -1 = unknown; n, d of sessions with
 * an unreported end.
 */
function columnsOf(
  { cmcd, loss, cap = '1', distribution }: Metric,
  i: number,
  { quantiles = [], histogram }: MetricsAsk,
): string[] {
  const [n, d] = [`n${i}`, `d${i}`]
  const exact = cmcd ? `w${i}` : `w${i} AND exact`
  // A value that each record carries, or none does.
  const w = loss === 'none' ? exact : `w${i}`
  const ofMedia = loss === 'media' || loss === 'net'
  const time = cmcd ? 'hidden' : HIDDEN_FROM_OTHERS
  const hidden = loss === 'none' || loss === 'outcome' ? '0' : ofMedia ? mediaOf(time) : time
  const sums = [
    `sumIf(${n}, ${exact})`,
    `sumIf(${d}, ${exact})`,
    `sumIf(${n}, ${w})`,
    `sumIf(${d}, ${w})`,
    hidden === '0' ? '0' : `sumIf(${hidden}, ${w})`,
    ofMedia
      ? `if(countIf(${w} AND ${time} > 0 AND (${cap}) < 0) > 0, -1, sumIf(${mediaOf(time)} * (${cap}), ${w}))`
      : '0',
    ...(loss === 'outcome' ? [`sumIf(${n}, ${w} AND NOT ended)`, `sumIf(${d}, ${w} AND NOT ended)`] : ['0', '0']),
  ]
  const buckets = (sql: string): string => `sumMapIf(map(toInt64(${sql}), toUInt64(1)), ${exact} AND ${d} > 0)`
  return [
    `[${sums.map((sum) => `toInt64(${sum})`).join(', ')}] AS m${i}`,
    ...(distribution && quantiles.length > 0 ? [`${buckets(fineBucketSql(n))} AS fine${i}`] : []),
    ...(distribution && histogram === true ? [`${buckets(coarseBucketSql(n))} AS coarse${i}`] : []),
  ]
}

function shownOf({ distribution }: Metric, i: number, { quantiles = [], histogram }: MetricsAsk): string[] {
  if (!distribution) return []
  return [
    ...(quantiles.length === 0 ? [] : [`${quantilesSql(`fine${i}`, quantiles)} AS q${i}`]),
    ...(histogram === true
      ? [
          `arrayZip(arrayMap(k -> toFloat64(k), mapKeys(coarse${i})), arrayMap(c -> toFloat64(c), mapValues(coarse${i}))) AS h${i}`,
        ]
      : []),
  ]
}

interface Ranked extends Pick<MetricsAsk, 'groupBy' | 'sort'> {
  readonly metrics: readonly Pick<Metric, 'better'>[]
}

/**
 * Cells in the requested order, by the first two numbers of `m0`: `place` starts at 1 and is the same for all rows of a
 * cell.
 */
export function ranked(grouped: string, { groupBy = [], metrics, sort = 'value' }: Ranked): string {
  if (groupBy.length === 0) return `SELECT *, 1 AS place FROM (${grouped})`
  const cell = groupBy.join(', ')
  const better = metrics[0]?.better === 'higher' ? -1 : 1
  const order =
    sort === 'value'
      ? `${better} * if(cell_d = 0, toFloat64(cell_n), cell_n / cell_d)`
      : `${better} * (cell_n - cell_d * all_n / greatest(all_d, 1))`
  return `SELECT *, dense_rank() OVER (ORDER BY score DESC, ${cell}) AS place FROM (
  SELECT *, ifNotFinite(toFloat64(${order}), 0) AS score FROM (
    SELECT *, sum(if(period = 0, m0[1], 0)) OVER cells AS cell_n, sum(if(period = 0, m0[2], 0)) OVER cells AS cell_d,
      sum(if(period = 0, m0[1], 0)) OVER () AS all_n, sum(if(period = 0, m0[2], 0)) OVER () AS all_d
    FROM (${grouped}) WINDOW cells AS (PARTITION BY ${cell})))`
}
