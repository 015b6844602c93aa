import type { Query } from '../../../platform/clickhouse/index.ts'
import { landingColumns } from '../../../schemas/landing.ts'
import { landingTable, type TopicName } from '../../../schemas/topics.ts'
import type { StoredRow } from './answer.ts'
import { LIMITS, MAX_ROWS } from './ask.ts'
import { segmentsOf, type TelemetryRecord } from './record.ts'
import { reduceSession, type Session } from './reduce.ts'

/** Kinds of records that the log holds of one session. */
export const TRACKS = {
  records: 'playback.telemetry',
  decisions: 'delivery.decisions',
  requests: 'delivery.requests',
  actions: 'viewer.actions',
} as const satisfies Record<string, TopicName>
export type Track = keyof typeof TRACKS

export interface SessionKey {
  readonly clock: string
  readonly session_id: string
}

/**
 * One query per track: each event once (of equal ids the one with the least place in the log), sorted by time, as it is
 * in the log: times as ms, ids as hex. Rows exist for as long as their landing table keeps them (docs/schemas.md).
 */
export function timelineQueries(key: SessionKey): Readonly<Record<Track, Query>> {
  const of = (track: Track): Query => ({
    sql: `SELECT ${landingColumns(TRACKS[track])
      .map(({ name, type }) => `${plain(name, type)} AS ${name === 'event_time' ? 'event_time_ms' : name}`)
      .join(', ')}
FROM (SELECT * FROM ${landingTable(TRACKS[track])} WHERE clock = {clock:String} AND session_id = {session:String} ORDER BY _partition, _offset LIMIT 1 BY event_id LIMIT 100000)
ORDER BY event_time_ms, _partition, _offset LIMIT ${MAX_ROWS}
SETTINGS ${LIMITS}`,
    params: { clock: key.clock, session: key.session_id },
  })
  return { records: of('records'), decisions: of('decisions'), requests: of('requests'), actions: of('actions') }
}

/** 64-bit integers as numbers and times as ms, as JSON needs; all reported values are below 2^53. */
function plain(name: string, type: string): string {
  const column = `\`${name}\``
  if (type.startsWith('DateTime64')) return `toFloat64(toUnixTimestamp64Milli(${column}))`
  if (type.startsWith('FixedString')) return `lower(hex(${column}))`
  if (/^(Nullable\()?U?Int64/.test(type)) return `toFloat64(${column})`
  return column
}

/** Converts a row of the track `records` back to a record. */
export const readRecord = ({ event_time_ms, ...row }: StoredRow): TelemetryRecord =>
  ({ ...row, event_time: Number(event_time_ms) }) as unknown as TelemetryRecord

/** The sessions that the metrics make of these records: one for each instance, oldest first. */
export function sessionsOf(records: readonly TelemetryRecord[], now: number): Session[] {
  const instances = Map.groupBy(segmentsOf(records), ({ instance }) => instance)
  return [...instances].sort(([a], [b]) => a - b).flatMap(([, states]) => reduceSession(states, now) ?? [])
}
