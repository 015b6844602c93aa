import type { Query } from '../../platform/clickhouse/port.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'
import { BEFORE_MS, EXPOSURES, OUTCOMES } from '../../schemas/experiments/tables.ts'
import { ACTION_FACTS, NO_ACTION, NO_SESSION, outcomesOf, reachOf, SESSION_FACTS } from './measure.ts'
import { UNIT_SESSIONS } from './session-fact.ts'

/**
 * Outcomes of a unit by metric: tier 1. A unit's row is recomputed as a whole from its facts whenever one of them, or
 * its first exposure, changes; sums over units are computed per query.
 *
 * - excluded: the unit was exposed to several variations of its phase, or lost its exposures: it counts nowhere;
 * - closes_ms: end of the window; until then the outcome is incomplete;
 * - value, per: sums over the window; before_value, before_per: over the fortnight before the first exposure;
 *   seen_before: whether anything is known of that fortnight (a new unit has no history, not a history of zeros);
 * - first_rel: time of the first fact that counted, ms since the exposure; -1 none;
 * - bins, counts: lower ends of buckets of single values, and their counts; for a funnel the number of steps reached;
 * - pick: one of the single values, chosen by hash; -1 none;
 * - version: place of the units' cursor at the computation; a greater one includes more.
 *
 * Order: a scorecard reads all units of some metrics of one experiment. Not partitioned: versions of a row must merge.
 */
export const outcomeTable = `CREATE TABLE IF NOT EXISTS ${OUTCOMES} (
  clock LowCardinality(String), experiment_id LowCardinality(String), metric LowCardinality(String), unit_id String,
  excluded UInt8, phase Int32, variation Int32, first_ms Int64, closes_ms Int64, seen_before UInt8,
  country LowCardinality(String), device LowCardinality(String), asn Int32, app_version LowCardinality(String), bitrate_before Int64,
  value Int64, per Int64, before_value Int64, before_per Int64, first_rel Int64, bins Array(Int64), counts Array(UInt64), pick Int64,
  version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (clock, experiment_id, metric, unit_id)
SETTINGS min_bytes_for_wide_part = 67108864`

const AT_EXPOSURE = ['country', 'device', 'asn', 'app_version'] as const
const UNIT = ['excluded', 'phase', 'variation', 'first_ms', ...AT_EXPOSURE] as const
const FIGURES = [
  'metric',
  'length_ms',
  'value',
  'per',
  'before_value',
  'before_per',
  'first_rel',
  'bins',
  'counts',
  'pick',
] as const
export const OUTCOME_COLUMNS = [
  'metric',
  'unit_id',
  ...UNIT,
  'closes_ms',
  'seen_before',
  'bitrate_before',
  ...FIGURES.slice(2),
] as const

/** Selects units: SQL conditions on `unit_id`, and their parameters. */
export interface Units {
  readonly sql: string
  readonly params?: NonNullable<Query['params']>
}

/** The tables that outcomes are computed from: as they stand, or as they stood at a place of the log (as-of.ts). */
export interface Sources {
  readonly exposures: string
  readonly identities: string
  readonly sessions: string
  readonly days: string
}
export const STORED: Sources = {
  exposures: EXPOSURES,
  identities: 'unit_identity_v1',
  sessions: UNIT_SESSIONS,
  days: 'profile_day_v1',
}

/** Rows of `OUTCOME_COLUMNS`. */
export function outcomes(
  experiment: RegisteredExperiment,
  metrics: readonly MetricDefinition[],
  units: Units,
  from: Sources = STORED,
): Query {
  const isProfile = experiment.unit === 'profile'
  const unitColumns = UNIT.map((name) => `u_${name}`)
  const none = unitColumns
    .map((name) => (name === 'u_first_ms' ? 'm.u_first_ms AS u_first_ms' : `m.${name} AS ${name}`))
    .join(', ')
  const reach = `rel >= -${BEFORE_MS} AND rel < ${reachOf(metrics)}`
  // A profile may move to another household: a fact that names a household counts for that one only.
  const mine =
    experiment.unit === 'household'
      ? "(f_household = '' OR f_household = m.unit_id)"
      : "(m.session_id = '' OR m.session_id = f_session)"
  const alive = 'NOT (t.hit = 1 AND f_at < t.until_ms)'
  const tombstones =
    'LEFT ANY JOIN (SELECT profile_id, max(until_ms) AS until_ms, 1 AS hit FROM erasures_v1 WHERE clock = {clock:String} GROUP BY profile_id) AS t ON t.profile_id = m.profile_id'
  return {
    sql: `WITH units AS (
        SELECT e.unit_id AS unit_id, toUInt8(e.exposed = 0 OR e.multiple = 1) AS u_excluded, ${UNIT.slice(1)
          .map((name) => `e.${name} AS u_${name}`)
          .join(', ')}
        FROM (SELECT * FROM ${from.exposures} FINAL WHERE clock = {clock:String} AND experiment_id = {experiment:String} AND unit_type = {unit:String} AND (${units.sql})) AS e
      ),
      members AS (SELECT u.*, ${
        isProfile
          ? "u.unit_id AS profile_id, '' AS session_id FROM units AS u"
          : `i.profile_id AS profile_id, i.session_id AS session_id FROM units AS u
        INNER JOIN (SELECT DISTINCT unit_id, profile_id, session_id FROM ${from.identities} WHERE clock = {clock:String} AND unit_type = {unit:String} AND (${units.sql})) AS i ON i.unit_id = u.unit_id`
      }),
      facts AS (
        SELECT u.unit_id AS unit_id, ${unitColumns.map((name) => `u.${name} AS ${name}`).join(', ')}, 'unit' AS kind, toInt64(-9007199254740991) AS rel, '' AS fact, ${[...NO_SESSION, ...NO_ACTION].join(', ')} FROM units AS u
        UNION ALL
        SELECT m.unit_id AS unit_id, ${none}, 'session' AS kind, f.f_at - m.u_first_ms AS rel, concat(f.f_session, toString(f.instance)) AS fact, ${[...SESSION_FACTS, ...NO_ACTION].join(', ')}
        FROM members AS m INNER JOIN (SELECT *, session_id AS f_session, household_id AS f_household, at_ms AS f_at FROM ${from.sessions} FINAL WHERE clock = {clock:String} AND profile_id IN (SELECT profile_id FROM members)) AS f ON f.profile_id = m.profile_id
        ${tombstones} WHERE ${reach} AND ${mine} AND ${alive}
        UNION ALL
        SELECT m.unit_id AS unit_id, ${none}, 'action' AS kind, f.f_at - m.u_first_ms AS rel, '' AS fact, ${[...NO_SESSION, ...ACTION_FACTS].join(', ')}
        FROM members AS m INNER JOIN (SELECT profile AS profile_id, arrayJoin(acts) AS act, act.at AS f_at, act.session AS f_session, household_id AS f_household FROM ${from.days} FINAL WHERE clock = {clock:String} AND profile IN (SELECT profile_id FROM members)) AS f ON f.profile_id = m.profile_id
        ${tombstones} WHERE ${reach} AND ${mine} AND ${alive}
      )
      SELECT each.1 AS metric, g.unit_id AS unit_id, ${UNIT.map((name) => `g.u_${name} AS ${name}`).join(', ')}, g.u_first_ms + each.2 AS closes_ms, g.seen_before AS seen_before, g.bitrate_before AS bitrate_before,
        ${FIGURES.slice(2)
          .map((name, at) => `each.${at + 3} AS ${name}`)
          .join(', ')}
      FROM (
        SELECT unit_id, ${unitColumns.join(', ')}, toUInt8(countIf(kind != 'unit' AND rel < 0) > 0) AS seen_before,
          toInt64(if(sumIf(s_media_ms, rel < 0) > 0, intDiv(sumIf(s_bits_played, kind = 'session' AND rel < 0), sumIf(s_media_ms, kind = 'session' AND rel < 0)), -1)) AS bitrate_before,
          ${outcomesOf(metrics)} AS outcomes
        FROM facts GROUP BY unit_id, ${unitColumns.join(', ')}
      ) AS g ARRAY JOIN g.outcomes AS each`,
    params: { clock: experiment.clock, experiment: experiment.id, unit: experiment.unit, ...units.params },
  }
}

/**
 * Recomputes these units' outcomes. `version`: place of the cursor up to which their marks are included.
 */
export function storeOutcomes(
  experiment: RegisteredExperiment,
  metrics: readonly MetricDefinition[],
  units: Units,
  version: number,
  { from = STORED, to = OUTCOMES }: { readonly from?: Sources; readonly to?: string } = {},
): Query {
  const { sql, params } = outcomes(experiment, metrics, units, from)
  return {
    sql: `INSERT INTO ${to} (clock, experiment_id, ${OUTCOME_COLUMNS.join(', ')}, version)
      SETTINGS async_insert = 0, insert_deduplicate = 0, max_threads = 1, os_threads_nice_value_query = 19, max_block_size = 16384
      SELECT {clock:String}, {experiment:String}, ${OUTCOME_COLUMNS.map((name) => `o.${name}`).join(', ')}, {version:UInt64} FROM (${sql}) AS o`,
    params: { ...params, version },
  }
}
