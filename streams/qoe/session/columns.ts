import { CLAMPED_TIME } from '../state.ts'

/**
 * The state of one segment of a session: what `qoe_segment_v1` stores, and how it is computed from a record, in SQL.
 * record.ts does the same in TypeScript; a test checks that both are equal. Every merge is idempotent (maximum,
 * minimum, set), so the state is a function of the set of records, whatever their order, number or batches.
 */
export type Merge = 'max' | 'min' | 'maxMap' | 'minMap' | 'groupBitmap'

export interface SegmentColumn {
  readonly name: string
  readonly merge: Merge
  /** ClickHouse type of the finalised value; for groupBitmap the type of an element. */
  readonly type: string
  /** SQL expression over a row of playback_telemetry. */
  readonly from: string
}

/** Key: values that the client sent and resends unchanged. */
export const KEY = [
  { name: 'clock', type: 'LowCardinality(String)' },
  { name: 'session_id', type: 'String' },
  { name: 'instance', type: 'Int64' },
  { name: 'segment', type: 'Int32' },
] as const

/** Constant for the lifetime of the instance. They identify no person, because the state outlives the raw rows. */
export const INSTANCE_DIMENSIONS = [
  'title_id',
  'country',
  'region',
  'device',
  'player',
  'stream_type',
  'stream_format',
  'source',
] as const
/** Constant within a segment: a change of one of them ends it. */
export const SEGMENT_DIMENSIONS = ['oca', 'pathway', 'asn', 'app_version'] as const

/** Counters that add up over segments, named as the schema names them; ms, bits, bytes and counts. */
export const COUNTERS = [
  'starting_ms',
  'playing_ms',
  'stall_connection_ms',
  'stall_decoder_ms',
  'stall_ad_ms',
  'seeking_ms',
  'paused_ms',
  'waiting_ms',
  'stall_connection_count',
  'stall_decoder_count',
  'stall_ad_count',
  'seek_count',
  'pause_count',
  'media_ms',
  'bits_played',
  'vmaf_centi_ms',
  'vmaf_known_ms',
  'upscale_permille_ms',
  'downscale_permille_ms',
  'switches_up',
  'switches_down',
  'frames_dropped',
  'frames_rendered',
  'bytes_loaded',
  'requests',
  'requests_failed',
  'errors_technical',
  'errors_business',
  'errors_fatal',
  'ad_count',
  'ad_playing_ms',
  'ad_errors',
] as const
export type Counter = (typeof COUNTERS)[number]

/** In every record after the first frame; -1 = unreported, since 0 would be a time. */
export const STARTUPS = [
  'startup_ms',
  'startup_page_ms',
  'startup_player_ms',
  'startup_drm_ms',
  'startup_ad_ms',
] as const

/** Greatest values of the segment. */
export const GREATEST = [
  'upscale_max_permille',
  'downscale_max_permille',
  'playback_rate_permille',
  'title_duration_ms',
  'bitrate_kbps',
  'live_latency_ms',
] as const

/** Lasting player states, as CMCD v2 tokens; their position in the list is part of the stored state. */
export const STATES = ['s', 'p', 'r', 'k', 'a', 'w', 'd'] as const
/**
 * A state is packed into the low part of a number whose high part is the record's sequence number: the greatest is the
 * latest.
 */
export const STATE_SPACE = 16
/** A bitrate is packed in the same way: the least is that of the first frame. kbit/s. */
export const BITRATE_SPACE = 2 ** 31
/** Means "none" in columns that keep the least value. */
export const NONE = 2 ** 53 - 1
/** Larger sequence numbers are not stored one by one: no player sends so many records. */
export const MAX_SEQ = 2 ** 24

const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`
const over = (condition: string): string => `toUInt8(${condition})`
const max = (name: string, from = `toInt64(${name})`, type = 'Int64'): SegmentColumn => ({
  name,
  merge: 'max',
  type,
  from,
})
const TYPES: Readonly<Record<string, string>> = { title_id: 'String', asn: 'Int32' }
const ERRORS = "map(concat(error_kind, ':', error_code), EVENT_TIME)"
const timed = (condition: string, map: string): string =>
  `if(${condition}, ${map.replace('EVENT_TIME', CLAMPED_TIME)}, CAST(map(), 'Map(String, Int64)'))`

export const COLUMNS: readonly SegmentColumn[] = [
  ...[...INSTANCE_DIMENSIONS, ...SEGMENT_DIMENSIONS].map((name) =>
    max(name, name, TYPES[name] ?? 'LowCardinality(String)'),
  ),
  { name: 'first_time', merge: 'min', type: 'Int64', from: CLAMPED_TIME },
  max('last_time', CLAMPED_TIME),
  max('session_start', ms('session_start')),
  max('segment_start', ms('segment_start')),
  ...STARTUPS.map((name) => max(name, `toInt64(ifNull(${name}, -1))`)),
  ...COUNTERS.map((name) => max(name)),
  ...GREATEST.map((name) =>
    max(name, name.endsWith('_permille') ? `toInt64(${name})` : `toInt64(ifNull(${name}, -1))`),
  ),
  { name: 'live_latency_least_ms', merge: 'min', type: 'Int64', from: `toInt64(ifNull(live_latency_ms, ${NONE}))` },
  {
    name: 'first_bitrate',
    merge: 'min',
    type: 'Int64',
    from: `if(isNull(bitrate_kbps), ${NONE}, least(greatest(seq, 0), ${MAX_SEQ}) * ${BITRATE_SPACE} + toInt64(assumeNotNull(bitrate_kbps)))`,
  },
  max(
    'last_state',
    `if(indexOf([${STATES.map((state) => `'${state}'`).join(', ')}], state) = 0, -1, least(greatest(seq, 0), ${MAX_SEQ}) * ${STATE_SPACE} + toInt64(indexOf([${STATES.map((state) => `'${state}'`).join(', ')}], state)))`,
  ),
  max('ended', over("state IN ('e', 'f', 'q') OR end_reason != ''"), 'UInt8'),
  max('finished', over("state = 'e' OR end_reason = 'finished'"), 'UInt8'),
  max('start_timeout', over("end_reason = 'start_timeout'"), 'UInt8'),
  max('failed_business', over("state = 'f' AND error_kind = 'business'"), 'UInt8'),
  max('clamped', over(`${CLAMPED_TIME} != ${ms('event_time')}`), 'UInt8'),
  max('last_seq', `toInt32(least(greatest(seq, 0), ${MAX_SEQ}))`, 'Int32'),
  {
    name: 'seqs',
    merge: 'groupBitmap',
    type: 'UInt32',
    from: `bitmapBuild([toUInt32(least(greatest(seq, 0), ${MAX_SEQ}))])`,
  },
  {
    name: 'watched',
    merge: 'maxMap',
    type: 'Map(Int64, Int64)',
    from: "if(ifNull(playhead_ms > watched_from_ms, 0), map(toInt64(ifNull(watched_from_ms, 0)), toInt64(ifNull(playhead_ms, 0))), CAST(map(), 'Map(Int64, Int64)'))",
  },
  { name: 'errors', merge: 'maxMap', type: 'Map(String, Int64)', from: timed("error_code != ''", ERRORS) },
  { name: 'errors_first', merge: 'minMap', type: 'Map(String, Int64)', from: timed("error_code != ''", ERRORS) },
  {
    name: 'end_reasons',
    merge: 'maxMap',
    type: 'Map(String, Int64)',
    from: timed("end_reason != ''", "map(CAST(end_reason, 'String'), EVENT_TIME)"),
  },
]

/** SQL that finalises a column over rows of the table. */
export const finalised = ({ name, merge }: SegmentColumn): string =>
  merge === 'groupBitmap' ? `groupBitmapMerge(${name})` : `${merge}(${name})`

/** Type of the column in the table. */
export const storedType = ({ merge, type }: SegmentColumn): string =>
  merge === 'groupBitmap' ? `AggregateFunction(groupBitmap, ${type})` : `SimpleAggregateFunction(${merge}, ${type})`
