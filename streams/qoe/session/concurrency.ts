import type { Query } from '../../../platform/clickhouse/index.ts'
import type { Concurrency } from '../metrics/concurrency.ts'
import type { MetricsRow, StoredRow, Value } from './answer.ts'
import { conditionsOf, LIMITS, MAX_ROWS, type Period } from './ask.ts'
import { compose } from './levels.ts'
import { presenceOf, WEIGHT } from './presence.ts'
import { ranked, type MetricsAsk } from './queries.ts'

export interface ConcurrencyAsk extends Omit<MetricsAsk, 'metrics' | 'quantiles' | 'histogram'> {
  /** At least one metric, all with the same rule (see `byRule`). */
  readonly metrics: readonly Concurrency[]
}

const BOUNDS = ['low', 'mid', 'high'] as const
const each = (of: (name: (typeof BOUNDS)[number]) => string): string[] => BOUNDS.map(of)

/**
 * Counts concurrent sessions by a sweep over starts and ends: the exact peak, and the total time of all sessions. +1
 * and -1 are sorted by time and summed at equal times. Every interval that a session spans has a mark in it, so none is
 * missed for lack of an event. Intervals in which no session is possible have no row, and nothing counts after `now`. A
 * row holds [numerator, denominator, low, high] of each metric (`m0` …): see `readConcurrency`.
 */
export function concurrencyQuery(ask: ConcurrencyAsk): Query {
  const { groupBy = [], limit = MAX_ROWS } = ask
  const keys = ['period', 'at', ...groupBy]
  return {
    sql: `SELECT toUInt8(period) AS period, toFloat64(at) AS at, ${groupBy.map((name) => `toString(${name}) AS ${name}, `).join('')}toFloat64(here) AS sessions, cell_records AS records, cell_expected AS expected, cell_hidden AS hidden, ${ask.metrics.map((_, i) => `m${i}`).join(', ')}
FROM (${ranked(
      `SELECT ${keys.join(', ')}, sum(came) AS here, sum(sum_records) AS cell_records, sum(sum_expected) AS cell_expected, sum(sum_hidden) AS cell_hidden, ${ask.metrics.map((metric, i) => `${SUMS[metric.of]} AS m${i}`).join(', ')}
  FROM (${sweep(ask, keys)}) GROUP BY ${keys.join(', ')} HAVING max(level_high) > 0`,
      ask,
    )})
WHERE place <= ${Math.min(limit, MAX_ROWS)}
ORDER BY place, period, at
LIMIT ${MAX_ROWS}
SETTINGS ${LIMITS}`,
    params: { clock: ask.clock, now: ask.now, ...conditionsOf(ask).params },
  }
}

const SUMS: Readonly<Record<Concurrency['of'], string>> = {
  average: `[${['sum(level_mid * lasts)', `max(at_end - at) * ${WEIGHT}`, 'sum(level_low * lasts)', 'sum(level_high * lasts)'].map((sql) => `toInt64(${sql})`).join(', ')}]`,
  peak: `[${['max(level_mid)', '0', 'max(level_low)', 'max(level_high)'].map((sql) => `toInt64(${sql})`).join(', ')}]`,
}

/** Times at which the count changes, with the count from then on (`level_`) and how long it stays the same. */
function sweep(ask: ConcurrencyAsk, keys: readonly string[]): string {
  const track = keys.filter((key) => key !== 'at').join(', ')
  return `SELECT *, least(leadInFrame(moment, 1, at_end) OVER rest, at_end) - moment AS lasts, ${each((name) => `sum(d_${name}) OVER past AS level_${name}`).join(', ')}
    FROM (${deltas(ask, keys)})
    WINDOW past AS (PARTITION BY ${track} ORDER BY moment ROWS UNBOUNDED PRECEDING), rest AS (PARTITION BY ${track} ORDER BY moment ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)`
}

/** Changes of the count at each time; a session has one entry in each interval that it is in. */
function deltas(ask: ConcurrencyAsk, keys: readonly string[]): string {
  const { groupBy = [], metrics, now } = ask
  const periods: readonly Period[] = (ask.compare === undefined ? [ask] : [ask, ask.compare]).map(({ from, to }) => ({
    from: Math.trunc(from),
    to: Math.trunc(to),
  }))
  const step = Math.trunc(ask.interval ?? Math.max(...periods.map(({ from, to }) => to - from)))
  const pick = (numbers: readonly number[]): string =>
    `[${numbers.map((ms) => `toInt64(${ms})`).join(', ')}][period + 1]`
  const [start, end] = [
    pick(periods.map(({ from }) => from)),
    pick(periods.map(({ to }) => Math.min(to, Math.trunc(now)))),
  ]
  const { table, levels } = presenceOf(metrics[0]!.rule, ask, groupBy, periods)
  const once = ['records', 'expected', 'hidden']
  const named = ['moment', ...each((name) => `d_${name}`)]
  return compose(
    table,
    [
      ...levels,
      { columns: [`arrayJoin(range(${periods.length})) AS period`], apart: true },
      { columns: [`greatest(there_from, ${start}) AS since`, `least(there_to, ${end}) AS until`] },
      { columns: [`arrayJoin(${MARKS(start, step)}) AS mark`], where: 'until > since AND high > 0', apart: true },
      { columns: [`${start} + intDiv(mark.1 - ${start}, ${step}) * ${step} AS at`], where: `mark.1 < ${end}` },
      {
        columns: [
          'groupArray(mark) AS marks',
          'max(mark.5) AS present',
          'any(least(records, expected)) AS any_records',
          'any(expected) AS any_expected',
          'any(hidden) AS any_hidden',
        ],
        groupBy: [...keys, 'key'],
      },
      { columns: ['arrayJoin(arrayEnumerate(marks)) AS nth'], apart: true },
      {
        columns: [...named.map((name, i) => `marks[nth].${i + 1} AS ${name}`), 'nth = 1 AND present AS arrives'],
        apart: true,
      },
      {
        columns: [
          ...each((name) => `sum(d_${name}) AS d_${name}`),
          'sum(arrives) AS came',
          ...once.map((name) => `sumIf(any_${name}, arrives) AS sum_${name}`),
        ],
        groupBy: [...keys, 'moment'],
        apart: true,
      },
      { columns: [`least(at + ${step}, ${end}) AS at_end`], apart: true },
    ],
    [...keys, 'moment', 'at_end', ...each((name) => `d_${name}`), 'came', ...once.map((name) => `sum_${name}`)],
  )
}

/**
 * Time, change (low, mid, high), and whether the session is present from then on: for its start, its end, and the start
 * of every interval in between.
 */
const MARKS = (start: string, step: number): string => {
  const list = (sql: string): string => `CAST(${sql}, 'Array(Tuple(Int64, Int64, Int64, Int64, UInt8))')`
  const starts = `range(toUInt64(intDiv(since - ${start}, ${step}) + 1), toUInt64(intDiv(until - 1 - ${start}, ${step}) + 1))`
  return `arrayConcat(${list('[(since, low, mid, high, mid > 0), (until, -low, -mid, -high, 0)]')}, ${list(`arrayMap(k -> (${start} + k * ${step}, 0, 0, 0, mid > 0), ${starts})`)})`
}

/** Converts rows of `concurrencyQuery` to metrics. */
export function readConcurrency(
  rows: readonly StoredRow[],
  { metrics, groupBy = [] }: Pick<ConcurrencyAsk, 'metrics' | 'groupBy'>,
): MetricsRow[] {
  return rows.map((row) => {
    const expected = Number(row['expected'])
    return {
      dimensions: Object.fromEntries(groupBy.map((name) => [name, String(row[name])])),
      period: Number(row['period']),
      at: Number(row['at']),
      sessions: Number(row['sessions']),
      hidden_ms: Number(row['hidden']),
      completeness: expected > 0 ? Number(row['records']) / expected : null,
      values: metrics.map(({ id }, i) =>
        valueOf(
          id,
          (row[`m${i}`] as readonly string[]).map((share) => Number(share) / WEIGHT),
        ),
      ),
    }
  })
}

function valueOf(
  metric: Concurrency['id'],
  [numerator = 0, denominator = 0, low = 0, high = 0]: readonly number[],
): Value {
  const over = (n: number): number => (denominator === 0 ? n : n / denominator)
  return { metric, value: over(numerator), low: over(low), high: over(high), numerator, denominator }
}
