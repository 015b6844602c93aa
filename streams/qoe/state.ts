import { rowCodec, type CodecRow } from '../../platform/clickhouse/row-codec.ts'
import { releasedWindow } from '../../schemas/landing.ts'
import { landingTable } from '../../schemas/topics.ts'
import { CARRIED, MINUTE_MS, type MinuteDimension } from './definitions.ts'

/**
 * The state of one segment of a session in one minute: how it is computed from a record, the table `qoe_minute_v1` that
 * stores it, and the row that memory reads.
 *
 * Telemetry carries absolute counters of a segment (schemas/avro/playback.telemetry.avsc), so the state of a minute is
 * the maximum of its records: order, copies and batches do not matter. Times are Int64 milliseconds; a minute is
 * identified by its start.
 */
export interface StateColumn {
  readonly name: string
  /** ClickHouse type of the finalised value. */
  readonly type: string
  /** SQL expression over a row of playback_telemetry. */
  readonly from: string
}

/** Live event times are accepted from 24 h before to 5 min after their receipt (docs/architecture.md, "Clocks"). */
const LIVE_PAST_MS = 86_400_000
const LIVE_FUTURE_MS = 300_000

const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`
const sum = (...columns: readonly string[]): string => columns.join(' + ')

/** Other clocks are simulated or replayed: their times are right by definition, however far from the receipt. */
export const CLAMPED_TIME = `if(clock = 'live', least(greatest(${ms('event_time')}, ${ms('received_time')} - ${LIVE_PAST_MS}), ${ms('received_time')} + ${LIVE_FUTURE_MS}), ${ms('event_time')})`

/** Rounded down for times before 1970 too: a client's clock may say 1811. */
export const MINUTE_OF = (time: string): string => `${time} - positiveModulo(${time}, ${MINUTE_MS})`

/** Key of the state. Consists only of values from the client, except a live time that was clamped and flagged. */
export const KEY: readonly StateColumn[] = [
  { name: 'clock', type: 'LowCardinality(String)', from: 'clock' },
  { name: 'minute', type: 'Int64', from: MINUTE_OF(CLAMPED_TIME) },
  { name: 'session_id', type: 'String', from: 'session_id' },
  { name: 'instance', type: 'Int64', from: 'instance' },
  { name: 'segment', type: 'Int32', from: 'segment' },
]

const STALL = ['stall_connection_ms', 'stall_decoder_ms', 'stall_ad_ms']
/** CTA-2066 watchedTime: from the request on; includes start-up, stalls and seeks, excludes pauses. */
const WATCHED = ['starting_ms', 'playing_ms', ...STALL, 'seeking_ms']

const dimension = (name: string, type: string): StateColumn => ({ name, type, from: name })
const counter = (name: string, from = name): StateColumn => ({ name, type: 'Int64', from: `toInt64(${from})` })

/** Dimensions are constant within a segment, so their maximum is their value. */
export const DIMENSIONS: readonly StateColumn[] = [
  dimension('country', 'LowCardinality(String)'),
  dimension('asn', 'Int32'),
  dimension('oca', 'LowCardinality(String)'),
  dimension('device', 'LowCardinality(String)'),
  dimension('app_version', 'LowCardinality(String)'),
  dimension('title_id', 'String'),
]

/**
 * stall <= watched <= wall are sums within one record, so their maxima come from the same record: differences of them
 * stay nested, and wall time limits them all.
 */
export const VALUES: readonly StateColumn[] = [
  { name: 'last_time', type: 'Int64', from: CLAMPED_TIME },
  { name: 'session_start', type: 'Int64', from: ms('session_start') },
  { name: 'segment_start', type: 'Int64', from: ms('segment_start') },
  // -1 = no first frame yet: a missing start-up is never 0.
  counter('startup_ms', 'ifNull(startup_ms, -1)'),
  counter('stall_ms', `(${sum(...STALL)})`),
  counter('watched_ms', `(${sum(...WATCHED)})`),
  counter('wall_ms', `(${sum(...WATCHED, 'paused_ms', 'waiting_ms')})`),
  counter('starting_ms'),
  counter('stall_connection_ms'),
  counter('seeking_ms'),
  counter('media_ms'),
  counter('bits_played'),
  counter('stall_count', '(stall_connection_count + stall_decoder_count + stall_ad_count)'),
  counter('switches_up'),
  counter('switches_down'),
  counter('frames_dropped'),
  counter('errors_technical'),
  counter('errors_business'),
  counter('errors_fatal'),
  { name: 'ended', type: 'UInt8', from: `toUInt8(state IN ('e', 'f', 'q'))` },
  { name: 'clamped', type: 'UInt8', from: `toUInt8(${CLAMPED_TIME} != ${ms('event_time')})` },
]

export const STATE: readonly StateColumn[] = [...DIMENSIONS, ...VALUES]

/** All columns of the target. */
export const COLUMNS: readonly StateColumn[] = [...KEY, ...STATE]

/**
 * Immutable together with its view, whose identity is part of what makes a replay exact. A change becomes
 * `qoe_minute_v2`, back-filled from raw.
 */
export const TARGET = 'qoe_minute_v1'

/**
 * The state of each record alone. The view needs no GROUP BY: the target merges equal keys when it writes the block and
 * in later merges. Inner names get a prefix, because an alias would hide the column that it is computed from.
 */
export const STATE_OF_RECORD = `SELECT ${COLUMNS.map(({ name }) => `_${name} AS ${name}`).join(', ')}
FROM (
  SELECT
    ${COLUMNS.map(({ name, from }) => `${from} AS _${name}`).join(',\n    ')}
  FROM ${landingTable('playback.telemetry')}
)`

const TABLE = `CREATE TABLE IF NOT EXISTS ${TARGET}
(
  ${[...KEY.map(({ name, type }) => `${name} ${type}`), ...STATE.map(({ name, type }) => `${name} SimpleAggregateFunction(max, ${type})`)].join(',\n  ')}
)
ENGINE = AggregatingMergeTree
-- No PARTITION BY: minutes come from clients' clocks, and one insert with a hundred months would be refused for ever.
-- Order: a live answer reads some minutes of one clock, which lie together; within them a segment is one row.
ORDER BY (${KEY.map(({ name }) => name).join(', ')})
-- No TTL: a minute of a session is one row for six or more of its telemetry, and history is asked for by the year.
-- Small parts stay compact: a merge into one file a column took 400 MB of buffers and more CPU (measured).
SETTINGS non_replicated_deduplication_window = ${releasedWindow('playback.telemetry')}, min_bytes_for_wide_part = 134217728`

const VIEW = `CREATE MATERIALIZED VIEW IF NOT EXISTS ${TARGET}_mv TO ${TARGET} AS
${STATE_OF_RECORD}`

/** What a reader takes of the stored states: by default all of them, under their own values. */
export interface StatesRead {
  /** SQL of the value that a dimension is counted under. */
  readonly valueOf: (dimension: MinuteDimension) => string
  /** SQL condition on a state. */
  readonly condition: string
}
export const EVERYTHING: StatesRead = { valueOf: (name) => name, condition: '1' }

export const STATE_DDL: readonly string[] = [TABLE, VIEW]

/**
 * The values that change with every record of a segment, in the order in which memory keeps them as plain numbers: the
 * minute and the latest time reported in it, the counters as of that time, and the flags `ended` and `clamped` as 0 or
 * 1.
 */
export const MINUTE_STATE = ['minute', 'last_time', ...CARRIED, 'ended', 'clamped'] as const

/** A state as memory reads it: from one record of the landing table, or from one stored minute. */
export const STATE_ROW = rowCodec({
  clock: 'LowCardinality(String)',
  /** Place in the log; -1 for a stored minute. */
  partition: 'Int32',
  offset: 'Int64',
  /** Log time, ms; 0 for a stored minute. */
  received: 'Int64',
  /** Who sent it, as the collector saw it; 0 = unknown, as for a stored minute. */
  sender: 'Int32',
  /** Hash of (session, instance, segment). */
  key: { exact: 'UInt64' },
  country: 'LowCardinality(String)',
  asn: 'Int32',
  oca: 'LowCardinality(String)',
  device: 'LowCardinality(String)',
  app_version: 'LowCardinality(String)',
  segment: 'Int32',
  session_start: 'Int64',
  segment_start: 'Int64',
  /** Time from playback request to first frame, ms; -1 = none yet. */
  startup_ms: 'Int64',
  /** In the order of MINUTE_STATE. */
  minute_state: 'Array(Int64)',
  /** The records, four numbers each (plain/record.ts), if they are of plain CMCD; empty for our own players. */
  plain: 'Array(Int64)',
})
export type StateRow = CodecRow<typeof STATE_ROW>
