import type { Query } from '../../platform/clickhouse/port.ts'
import { landingTable } from '../../schemas/topics.ts'
import type { SessionColumn } from '../../schemas/experiments/metric.ts'
import { IN_BLOCKS, type Blocks } from '../touched/index.ts'

/** Sessions as streams/qoe stores them; they contain no profile. */
const SESSIONS = 'qoe_session_v1'
export const UNIT_SESSIONS = 'unit_session_v1'

const SHOWN = 's.startup_ms >= 0'
const FAILED = '(s.told_timeout OR s.errors_fatal > 0 OR s.starting_ms - s.ad_playing_ms >= 60000)'

/** A session's figures over `s`, its stored row, without those that depend on the time of a query. */
export const COLUMNS: Readonly<Record<SessionColumn, string>> = {
  attempts: '1',
  plays: SHOWN,
  vsf: `NOT ${SHOWN} AND ${FAILED}`,
  ebvs: `NOT ${SHOWN} AND NOT ${FAILED}`,
  vpf: `${SHOWN} AND s.errors_fatal > 0`,
  finishes: `${SHOWN} AND s.errors_fatal = 0 AND s.told_finished`,
  startup_ms: 'greatest(s.startup_ms, 0)',
  stall_ms: 's.stall_ms',
  stall_count: 's.stall_count',
  watched_ms: 's.watched_ms',
  wall_ms: 's.wall_ms',
  media_ms: 's.media_ms',
  bits_played: 's.bits_played',
  switches_up: 's.switches_up',
  switches_down: 's.switches_down',
  frames_dropped: 's.frames_dropped',
  frames_rendered: 's.frames_rendered',
  errors_fatal: 's.errors_fatal',
}
export const COLUMN_NAMES = Object.keys(COLUMNS) as SessionColumn[]

/**
 * A session with its owner. Order: an outcome reads all sessions of its profiles; two rows of one session merge by its
 * key. TTL: counted from the write, since session times come from a client; as long as for actions (schemas/topics.ts).
 */
export const unitSessions = `CREATE TABLE IF NOT EXISTS ${UNIT_SESSIONS} (
  clock LowCardinality(String), profile_id String, session_id String, instance Int64,
  household_id String, oca LowCardinality(String), at_ms Int64,
  ${COLUMN_NAMES.map((name) => `${name} Int64`).join(', ')},
  version UInt64, written_at DateTime DEFAULT now()
) ENGINE = ReplacingMergeTree(version) ORDER BY (clock, profile_id, session_id, instance)
TTL written_at + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1`

const TELEMETRY = landingTable('playback.telemetry')

/**
 * Writes sessions, rows of `SESSIONS`, with the owners that these raw rows of theirs name. Raw rows of a session with
 * an unknown profile have no owner.
 */
export const ownedSessions = (sessions: string, raw: string, to = UNIT_SESSIONS): string =>
  `INSERT INTO ${to} (clock, profile_id, session_id, instance, household_id, oca, at_ms, ${COLUMN_NAMES.join(', ')}, version)
    SETTINGS async_insert = 0, insert_deduplicate = 0, max_threads = 1, os_threads_nice_value_query = 19
    SELECT s.clock, o.profile_id, s.session_id, s.instance, o.household_id, s.parts_oca[1], s.session_start,
      ${COLUMN_NAMES.map((name) => `toInt64(${COLUMNS[name]})`).join(', ')}, s.version
    FROM (${sessions}) AS s
    INNER JOIN (
      SELECT clock, session_id, instance, max(t.profile_id) AS profile_id, max(t.household_id) AS household_id FROM ${TELEMETRY} AS t
      WHERE ${raw} GROUP BY clock, session_id, instance HAVING profile_id != ''
    ) AS o USING (clock, session_id, instance)`

/** A row that is read twice is written twice with equal content. */
export function ownSessions(blocks: Blocks, slice: string): Query {
  const touched = (columns: string): string =>
    `(SELECT ${columns} FROM session_mark_v1 WHERE ${IN_BLOCKS} AND ${slice})`
  return {
    sql: ownedSessions(
      `SELECT * FROM ${SESSIONS} FINAL WHERE (clock, session_id, instance) IN ${touched('clock, session_id, instance')}`,
      `t.session_id IN ${touched('session_id')}`,
    ),
    params: { ...blocks },
  }
}
