import type { Query } from '../../platform/clickhouse/port.ts'
import { HOUR_MS } from '../../platform/time.ts'
import { releasedWindow } from '../../schemas/landing.ts'
import { EXPOSURES } from '../../schemas/experiments/tables.ts'
import { cursorFromTime, keepBlockNumbers, placeOf } from '../touched/index.ts'

const WINDOW = `non_replicated_deduplication_window = ${releasedWindow('experiment.exposures')}`
// A mark is needed until the job has processed it; a job that was stopped for longer rebuilds everything.
const SHORT_LIVED = `TTL toDateTime(landed_at) + INTERVAL 30 DAY SETTINGS ttl_only_drop_parts = 1, ${WINDOW}`

/**
 * Units whose outcomes may have changed, written by views on the underlying state. Facts mark their profile;
 * `unit_identity_v1` maps it to its units. Order: read by time.
 */
const unitMarks = `CREATE TABLE IF NOT EXISTS unit_mark_v1 (clock LowCardinality(String), unit_type LowCardinality(String), unit_id String, landed_at DateTime64(3, 'UTC'))
  ENGINE = MergeTree ORDER BY landed_at ${SHORT_LIVED}`

/** Sessions whose rows changed. Order: read by time. */
const sessionMarks = `CREATE TABLE IF NOT EXISTS session_mark_v1 (clock LowCardinality(String), session_id String, instance Int64, landed_at DateTime64(3, 'UTC'))
  ENGINE = MergeTree ORDER BY landed_at ${SHORT_LIVED}`

/**
 * The identity map: whose facts belong to a unit. `session_id` '' means all facts of the profile, otherwise only those
 * of that session. A profile belongs to itself. Order: for finding the profiles of units of one kind, and the units of
 * one kind that changed profiles belong to.
 */
const identities = `CREATE TABLE IF NOT EXISTS unit_identity_v1 (clock LowCardinality(String), unit_type LowCardinality(String), unit_id String, profile_id String, session_id String)
  ENGINE = ReplacingMergeTree ORDER BY (clock, unit_type, unit_id, profile_id, session_id) SETTINGS ${WINDOW}`

const view = (name: string, to: string, select: string): string =>
  `CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} TO ${to} AS ${select}`
const MARK = "'profile' AS unit_type"

/** Created after the tables that the views read. */
export const markTables = [
  unitMarks,
  sessionMarks,
  identities,
  view(
    'session_mark_mv_v1',
    'session_mark_v1',
    'SELECT clock, session_id, instance, now64(3) AS landed_at FROM qoe_session_v1',
  ),
]

/** The view of the exposures' first version was dropped with it. */
export const exposureMarks = view(
  'unit_mark_of_exposure_mv_v2',
  'unit_mark_v1',
  `SELECT clock, unit_type, unit_id, now64(3) AS landed_at FROM ${EXPOSURES}`,
)

/** The identities that rows of a table name. */
export const identitiesOf = {
  sessions: (
    table: string,
  ): string => `SELECT clock, pair.1 AS unit_type, pair.2 AS unit_id, profile_id, pair.3 AS session_id FROM (
    SELECT clock, profile_id, arrayJoin([('household', household_id, ''), ('session', session_id, session_id), ('oca_hour', ${ocaHour('oca', 'at_ms')}, session_id)]) AS pair FROM ${table}) WHERE unit_id != ''`,
  days: (table: string): string =>
    `SELECT DISTINCT clock, 'household' AS unit_type, household_id AS unit_id, profile AS profile_id, '' AS session_id FROM ${table} WHERE household_id != ''`,
  // Only an exposure has the device that a session ran on.
  exposures: (
    table: string,
  ): string => `SELECT clock, pair.1 AS unit_type, pair.2 AS unit_id, profile_id, pair.3 AS session_id FROM (
    SELECT clock, profile_id, arrayJoin([('household', household_id, ''), ('device', if(session_id = '', '', device_id), session_id), ('session', session_id, session_id)]) AS pair FROM ${table} WHERE profile_id != '') WHERE unit_id != ''`,
} as const

export const markViews = [
  exposureMarks,
  view(
    'unit_mark_of_day_mv_v1',
    'unit_mark_v1',
    `SELECT DISTINCT clock, ${MARK}, profile AS unit_id, now64(3) AS landed_at FROM profile_day_v1`,
  ),
  view(
    'unit_mark_of_session_mv_v1',
    'unit_mark_v1',
    `SELECT DISTINCT clock, ${MARK}, profile_id AS unit_id, now64(3) AS landed_at FROM unit_session_v1`,
  ),
  view(
    'unit_mark_of_erasure_mv_v1',
    'unit_mark_v1',
    `SELECT clock, ${MARK}, profile_id AS unit_id, now64(3) AS landed_at FROM erasures_v1`,
  ),
  view('unit_identity_of_session_mv_v1', 'unit_identity_v1', identitiesOf.sessions('unit_session_v1')),
  view('unit_identity_of_day_mv_v1', 'unit_identity_v1', identitiesOf.days('profile_day_v1')),
  view('unit_identity_of_exposure_mv_v1', 'unit_identity_v1', identitiesOf.exposures('experiment_exposures')),
]

/** SQL of the id of an appliance in an hour; '' if unknown. */
function ocaHour(oca: string, atMs: string): string {
  return `if(${oca} = '', '', concat(${oca}, '@', toString(${atMs} - positiveModulo(${atMs}, ${HOUR_MS}))))`
}

const PROGRESS = 'unit_outcome_progress_v1'
/**
 * The metrics that are computed for all units of their experiment, by name; until marks were followed by block, also how
 * far they were processed. Order: one row per kind remains after merges.
 */
export const progressTable = `CREATE TABLE IF NOT EXISTS ${PROGRESS} (work String, cursor_ms Int64) ENGINE = ReplacingMergeTree(cursor_ms) ORDER BY work`
export const saveBuilt = (work: string): Query => ({
  sql: `INSERT INTO ${PROGRESS} (work, cursor_ms) SETTINGS insert_deduplicate = 0 SELECT {work:String}, 0`,
  params: { work },
})
export const works: Query = { sql: `SELECT DISTINCT work FROM ${PROGRESS}` }

/** What follows the marks: their table, and the name of its progress. */
export const SESSIONS = { table: 'session_mark_v1', work: 'outcomes/sessions' } as const
export const UNITS = { table: 'unit_mark_v1', work: 'outcomes/units' } as const

/** Grows with every step that counted outcomes. */
export const counted: Query = placeOf(UNITS.work)

const timeOf = (work: string): string => `SELECT max(cursor_ms) FROM ${PROGRESS} WHERE work = '${work}'`
/**
 * Follows both kinds of marks by block. Versions of outcomes are places of the units' cursor, so these continue from
 * the landing times that were versions before.
 */
export const markBlocks: readonly string[] = [
  ...[SESSIONS, UNITS].flatMap(({ table }) => keepBlockNumbers(table)),
  cursorFromTime(SESSIONS.work, SESSIONS.table, timeOf('sessions')),
  cursorFromTime(UNITS.work, UNITS.table, timeOf('units'), timeOf('units')),
]
