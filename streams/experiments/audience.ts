import type { Query } from '../../platform/clickhouse/port.ts'
import { OWNERS, type Owner } from './owners.ts'
import { UNIT_SESSIONS } from './session-fact.ts'

/** A unit of past days, as its latest session had it. */
export interface AudienceRow {
  readonly unit: string
  readonly country: string
  readonly device: string
  readonly asn: number
  readonly app_version: string
  /** Starts of its first and its latest session, ms of the clock. */
  readonly first: number
  readonly last: number
  /** Each row stands for so many units: they are sampled by hash. */
  readonly every: number
}

/** About so many rows are read: shares are then true to half a point. */
const MAX_UNITS = 20_000

/** Units with a session that began from `start` on and before `end`, ms of the clock. */
export function audienceQuery(clock: string, unit: Owner, start: number, end: number): Query {
  const { session: owner } = OWNERS[unit]
  const within = 'clock = {clock:String} AND at_ms >= {start:Int64} AND at_ms < {end:Int64}'
  return {
    sql: `WITH (SELECT greatest(1, intDiv(uniq(${owner}), ${MAX_UNITS})) FROM ${UNIT_SESSIONS} WHERE ${within}) AS step
      SELECT u.owner AS unit, argMax(toString(s.country), u.at_ms) AS country, argMax(toString(s.device), u.at_ms) AS device,
        argMax(toUInt32(s.parts_asn[1]), u.at_ms) AS asn, argMax(toString(s.parts_app_version[1]), u.at_ms) AS app_version,
        toFloat64(min(u.at_ms)) AS first, toFloat64(max(u.at_ms)) AS last, toFloat64(any(step)) AS every
      FROM (SELECT ${owner} AS owner, session_id, instance, at_ms FROM ${UNIT_SESSIONS} FINAL WHERE ${within} AND ${owner} != '' AND cityHash64(${owner}) % step = 0) AS u
      INNER JOIN (
        SELECT session_id, instance, country, device, parts_asn, parts_app_version FROM qoe_session_v1
        WHERE clock = {clock:String} AND session_start >= {start:Int64} AND session_start < {end:Int64}
      ) AS s USING (session_id, instance)
      GROUP BY u.owner ORDER BY unit LIMIT ${5 * MAX_UNITS}`,
    params: { clock, start, end },
  }
}
