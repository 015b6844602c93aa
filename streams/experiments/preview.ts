import type { Query } from '../../platform/clickhouse/port.ts'
import type { Slice } from '../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'
import { BEFORE_MS, bitrateBand } from '../../schemas/experiments/tables.ts'
import { OWNERS, type Owner } from './owners.ts'
import { ACTION_FACTS, NO_ACTION, NO_SESSION, outcomesOf, reachOf, SESSION_FACTS } from './measure.ts'

/**
 * A metric computed on past days: every unit with facts in the window counts, and the window begins at the same
 * time for all.
 */
export interface MetricPreview {
  readonly units: number
  readonly mean: number
  readonly variance: number
  readonly nonzero: number
  /** Third standardised moment of the outcome. */
  readonly skewness: number
  /** Percentiles of unit totals, one for each of the requested `levels`. */
  readonly percentiles: readonly number[]
}

/** Maximum number of units, sampled by hash: a preview is only for a first look and for planning. */
const MAX_UNITS = 100_000

export interface Previewed {
  readonly metric: MetricDefinition
  readonly clock: string
  /** Ms of the clock; the window is the last one that was closed by then. */
  readonly end: number
  readonly levels?: readonly number[]
  /** What a unit is; profiles by default. */
  readonly unit?: Owner
  /** Greatest total of a unit that counts. */
  readonly cap?: number | undefined
}

export function previewQuery({ metric, clock, end, levels = [], unit = 'profile', cap }: Previewed): Query {
  const { session, action } = OWNERS[unit]
  const start = end - reachOf([metric])
  const within = `f_at >= {start:Int64} AND f_at < {end:Int64}`
  const capped = (y: string): string => (cap === undefined ? y : `least(${y}, {cap:Int64})`)
  const [y, d] = [capped('u.outcome.3'), 'u.outcome.4']
  // For a ratio, the unit's contribution as in the delta method.
  const linear = `(toFloat64(${y}) - (sum_y / sum_d) * toFloat64(${d})) / (sum_d / n)`
  return {
    sql: `WITH facts AS (
        SELECT ${session} AS owner, 'session' AS kind, f_at - {start:Int64} AS rel, concat(session_id, toString(instance)) AS fact, ${[...SESSION_FACTS, ...NO_ACTION].join(', ')}
        FROM (SELECT *, at_ms AS f_at FROM unit_session_v1 FINAL WHERE clock = {clock:String}) AS f WHERE ${within} AND DRAWN
        UNION ALL
        SELECT ${action} AS owner, 'action' AS kind, act.at - {start:Int64} AS rel, '' AS fact, ${[...NO_SESSION, ...ACTION_FACTS].join(', ')}
        FROM (SELECT profile, household_id, arrayJoin(acts) AS act FROM profile_day_v1 FINAL WHERE clock = {clock:String} AND day > {start:Int64} - 86400000 AND day < {end:Int64})
        WHERE act.at >= {start:Int64} AND act.at < {end:Int64} AND DRAWN
      ),
      units AS (SELECT owner, ${outcomesOf([metric])}[1] AS outcome FROM facts WHERE owner != '' GROUP BY owner),
      totals AS (SELECT toFloat64(sum(${capped('t.outcome.3')})) AS sum_y, toFloat64(sum(t.outcome.4)) AS sum_d, toFloat64(count()) AS n FROM units AS t)
      SELECT any(n) AS units, if(any(sum_d) > 0, any(sum_y) / any(sum_d), 0) AS mean, if(count() > 1 AND any(sum_d) > 0, varSamp(${linear}), 0) AS variance, toFloat64(countIf(${y} != 0)) AS nonzero,
        ifNotFinite(skewPop(toFloat64(${y})), 0) AS skewness,
        ${levels.length === 0 ? "CAST([], 'Array(Float64)')" : `arrayMap(x -> toFloat64(x), quantilesExactLow(${levels.join(', ')})(${y}))`} AS percentiles
      FROM units AS u CROSS JOIN totals`.replaceAll(
      'DRAWN',
      `cityHash64(owner) % greatest(1, intDiv((SELECT uniq(${session}) FROM unit_session_v1 WHERE clock = {clock:String}), ${MAX_UNITS})) = 0`,
    ),
    params: { clock, start, end, ...(cap !== undefined && { cap }) },
  }
}

export interface SliceShareRow {
  readonly slice: Slice
  readonly value: string
  readonly share: number
}

/** Maximum number of values of a slice; rarer values get no share of their own. */
const MAX_VALUES = 100

/** The column of a session with a slice's value. Read without FINAL, because a share need not be exact. */
const OF_SESSIONS: Readonly<Record<Exclude<Slice, 'bitrate_before'>, string>> = {
  country: 's.country',
  device: 's.device',
  asn: 's.parts_asn[1]',
  app_version: 's.parts_app_version[1]',
}

/**
 * Shares of sessions in the fortnight before `end` (ms of the clock), by every slice; shares of profiles by the bitrate
 * they watched.
 */
export const sliceSharesQuery = (clock: string, end: number): Query => ({
  sql: `SELECT slice, value, count() / sum(count()) OVER (PARTITION BY slice) AS share FROM (
      SELECT pair.1 AS slice, pair.2 AS value FROM qoe_session_v1 AS s ARRAY JOIN [${Object.entries(OF_SESSIONS)
        .map(([slice, value]) => `('${slice}', toString(${value}))`)
        .join(', ')}] AS pair
      WHERE s.clock = {clock:String} AND s.session_start >= {start:Int64} AND s.session_start < {end:Int64}
      UNION ALL
      SELECT 'bitrate_before' AS slice, ${bitrateBand('toInt64(if(sum(media_ms) > 0, intDiv(sum(bits_played), sum(media_ms)), -1))')} AS value FROM unit_session_v1
      WHERE clock = {clock:String} AND at_ms >= {start:Int64} AND at_ms < {end:Int64} GROUP BY profile_id
    ) GROUP BY slice, value ORDER BY slice, share DESC, value LIMIT ${MAX_VALUES} BY slice`,
  params: { clock, start: end - BEFORE_MS, end },
})
