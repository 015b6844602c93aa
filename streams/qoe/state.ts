/**
 * The state of one segment of a session in one minute: what `qoe_minute_v1` keeps, and how it comes out of a record.
 *
 * Telemetry is monotone (schemas/avro/playback.telemetry.avsc), so the state is a plain maximum: a function of the set
 * of
 * records, whatever their order, number or batches. Times are Int64 milliseconds; a minute is the ms of its start.
 */
export interface StateColumn {
  readonly name: string
  /** ClickHouse type of the finalised value. */
  readonly type: string
  /** Over a row of playback_telemetry. */
  readonly from: string
}

const MINUTE_MS = 60_000
/**
 * Live event times are taken as told from 24 h before to 5 min after their receipt (docs/architecture.md, "Clocks").
 */
const LIVE_PAST_MS = 86_400_000
const LIVE_FUTURE_MS = 300_000

const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`
const sum = (...columns: readonly string[]): string => columns.join(' + ')

/** Other clocks are simulated or replayed: their times are right by definition, however far from the receipt. */
export const CLAMPED_TIME = `if(clock = 'live', least(greatest(${ms('event_time')}, ${ms('received_time')} - ${LIVE_PAST_MS}), ${ms('received_time')} + ${LIVE_FUTURE_MS}), ${ms('event_time')})`

/** Rounded down for times before 1970 too: a client's clock may say 1811. */
export const MINUTE_OF = (time: string): string => `${time} - positiveModulo(${time}, ${MINUTE_MS})`

/** Key of the state. Bytes of the client alone, but for a live time that had to be clamped: that is flagged. */
export const KEY: readonly StateColumn[] = [
  { name: 'clock', type: 'LowCardinality(String)', from: 'clock' },
  { name: 'minute', type: 'Int64', from: MINUTE_OF(CLAMPED_TIME) },
  { name: 'session_id', type: 'String', from: 'session_id' },
  { name: 'instance', type: 'Int64', from: 'instance' },
  { name: 'segment', type: 'Int32', from: 'segment' },
]

const STALL = ['stall_connection_ms', 'stall_decoder_ms', 'stall_ad_ms']
/** CTA-2066 watchedTime: from the request on, start-up, stalls and seeks count, a pause does not. */
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
 * stall <= watched <= wall are sums within one record, so that their maxima are those of one moment:
 * differences of them nest, and wall time bounds them all.
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
