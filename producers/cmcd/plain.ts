import { emptyValues, LIVE, placeOf, type TelemetryValues } from './names.ts'
import type { CmcdRecord, Listed } from './types.ts'
import { withoutQueries } from './urls.ts'

/**
 * Converts a record of any other player to telemetry. It is a function of the record's own bytes alone, so that a
 * resend is the same event. What only several records tell together (when the session began, how long it started,
 * played and stalled) is read from all of them where they are stored: streams/qoe/plain.
 *
 * - One session id is one instance (0) and one segment (0): the counters of CMCD run since the session began, whatever
 *   host serves it; a second segment would count them again.
 * - `session_start` is known from one record only, the change to `starting`; others give 0, which means "unknown".
 * - `msd` stays as told once the player is no longer starting. Some players repeat it, or send a growing one before the
 *   first frame.
 * - A response (`rr`) is dated by its request, which may be seconds older than events that were sent before it. What it
 *   says of the player's state belongs to another time, so it is not taken: every change has an event of its own.
 * - Of several object types in one counter the maximum is taken: one stall that affects audio and video is one stall.
 */
export function fromPlain(record: CmcdRecord): TelemetryValues {
  const start = startOf(record)
  values[AT.session_start] = start
  values[AT.segment_start] = start
  for (const { place, read } of READS) values[place] = read(record)
  return values
}

/** Maximum string length that the collector accepts. */
const MAX_CHARACTERS = 4_096
const MAX_IN_NAMES = 256
const MAX_INT = 2 ** 31 - 1

const ENDS: Readonly<Record<string, string>> = { e: 'finished', q: 'quit', f: 'failed' }

type Read = (record: CmcdRecord) => string | number | undefined

const HEAD = {
  clock: () => LIVE,
  event_time: ({ ts = 0 }) => ts,
  session_id: ({ sid = '' }) => sid,
  instance: () => 0,
  segment: () => 0,
  seq: ({ sn }) => countOf(sn) ?? 0,
  event: ({ e = '' }) => e,
  state: ({ e, sta = '' }) => (e === 'rr' ? '' : sta),
  title_id: ({ cid }) => cid,
  pathway: ({ cdn }) => nameOf(cdn),
  stream_type: ({ st }) => st,
  stream_format: ({ sf }) => sf,
  error_code: ({ ec }) => ec?.map(withoutQueries).join(' ').slice(0, MAX_CHARACTERS),
  end_reason: ({ sta = '' }) => ENDS[sta],
  source: () => 'cmcd',
} satisfies Record<string, Read>

/** Absolute since the session began: the standard has no others. `f` is the error that ended the session. */
const COUNTERS = {
  startup_ms: ({ msd, sta }) => startupOf(msd, sta),
  errors_fatal: ({ sta }) => (sta === 'f' ? 1 : undefined),
  stall_connection_count: ({ bsa }) => countOf(greatest(bsa)),
  stall_connection_ms: ({ bsda }) => notNegative(greatest(bsda)),
  frames_dropped: ({ dfa }) => notNegative(dfa),
} satisfies Record<string, Read>

/** Values at the time of this record. */
const READINGS = {
  bitrate_kbps: ({ br }) => countOf(bitrateOf(br)),
  buffer_ms: ({ bl, sta }) => countOf(bufferOf(bl, sta)),
  throughput_kbps: ({ mtp }) => countOf(greatest(mtp)),
  live_latency_ms: ({ ltc }) => int(ltc),
  playhead_ms: ({ pt }) => pt,
  playback_rate_permille: ({ pr }) => countOf(pr === undefined ? undefined : Math.round(pr * 1_000)),
} satisfies Record<string, Read>

const ALL = { ...HEAD, ...COUNTERS, ...READINGS }
const READS = (Object.keys(ALL) as (keyof typeof ALL)[]).map((name) => ({ place: placeOf(name), read: ALL[name] }))
const AT = { session_start: placeOf('session_start'), segment_start: placeOf('segment_start') } as const
/** One table is reused for all records, since its reader is synchronous; each record sets the same indexes. */
const values = emptyValues()

/** When the session began, ms; 0 if unknown. One that has counted something is starting for a second time. */
function startOf({ ts = 0, sta, e, bsa, bsda, dfa }: CmcdRecord): number {
  const counted = Math.max(greatest(bsa) ?? 0, greatest(bsda) ?? 0, dfa ?? 0)
  return e === 'ps' && sta === 's' && counted === 0 ? ts : 0
}

/** A value sent in the state `starting` is only the waiting time so far. */
const startupOf = (msd: number | undefined, sta: string | undefined): number | undefined =>
  sta === 's' || sta === 'd' ? undefined : notNegative(msd)

/** Video and audio together (CTA-2066), in whichever form the player reports them. */
function bitrateOf(list: readonly Listed[] | undefined): number | undefined {
  const whole = list?.find(({ type }) => type === 'av')
  if (whole !== undefined) return whole.value
  return list === undefined || list.length === 0 ? undefined : list.reduce((sum, { value }) => sum + value, 0)
}

const greatest = (list: readonly Listed[] | undefined): number | undefined =>
  list === undefined || list.length === 0 ? undefined : Math.max(...list.map(({ value }) => value))
/**
 * Playback lasts as long as the shortest buffer. While playing, no buffer is empty: a 0 then means that the title does
 * not have that type.
 */
function bufferOf(list: readonly Listed[] | undefined, sta: string | undefined): number | undefined {
  const lengths = list?.map(({ value }) => value) ?? []
  const filled = sta === 'p' ? lengths.filter((value) => value > 0) : []
  const counted = filled.length > 0 ? filled : lengths
  return counted.length === 0 ? undefined : Math.min(...counted)
}

const notNegative = (value: number | undefined): number | undefined =>
  value !== undefined && value >= 0 ? value : undefined
const int = (value: number | undefined): number | undefined =>
  value !== undefined && Math.abs(value) <= MAX_INT ? value : undefined
const countOf = (value: number | undefined): number | undefined => int(notNegative(value))
const nameOf = (value: string | undefined): string | undefined =>
  value !== undefined && value.length <= MAX_IN_NAMES ? value : undefined
