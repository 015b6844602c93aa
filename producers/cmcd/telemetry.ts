import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import { encode, fits } from './encode.ts'
import { LONGEST } from './keys.ts'
import { emptyValues, FIELDS, LIVE, membersOf, placeOf, PREFIX, readMembers, type TelemetryValues } from './names.ts'
import { EVENTS, STATES, STREAM_FORMATS, STREAM_TYPES, type EventToken, type StateToken, type StreamFormat, type StreamType } from './tokens.ts'
import type { CmcdRecord, CmcdValues, CustomMember } from './types.ts'

/** The key that only our own players send, and always. */
const MARK = `${PREFIX}instance`

/** A record of our own players: everything is told, nothing derived. */
export const isOwn = ({ custom }: CmcdRecord): boolean => custom?.some(({ name }) => name === MARK) === true

/** How a field stands in a key of the standard: `write` answers undefined where that key cannot hold the value exactly. */
interface Standard {
  readonly write: (value: never) => CmcdValues | undefined
  readonly read: (record: CmcdRecord) => string | number | undefined
}

const named = <T extends string>(tokens: object, value: string): value is T => Object.hasOwn(tokens, value)
const short = (value: string, key: 'sid' | 'cid'): boolean => fits(value) && value.length <= LONGEST[key]!

/** Only keys whose meaning is the field's own, exactly; `dfa` or `bsda`, say, count since the session began, ours since the segment. */
const STANDARD: Readonly<Record<string, Standard>> = {
  session_id: { write: (value: string) => (short(value, 'sid') ? { sid: value } : undefined), read: ({ sid }) => sid },
  title_id: { write: (value: string) => (short(value, 'cid') ? { cid: value } : undefined), read: ({ cid }) => cid },
  event_time: { write: (value: number) => (fits(value) ? { ts: value } : undefined), read: ({ ts }) => ts },
  seq: { write: (value: number) => (fits(value) ? { sn: value } : undefined), read: ({ sn }) => sn },
  event: { write: (value: string) => (named<EventToken>(EVENTS, value) ? { e: value } : undefined), read: ({ e }) => e },
  state: { write: (value: string) => (named<StateToken>(STATES, value) ? { sta: value } : undefined), read: ({ sta }) => sta },
  stream_type: { write: (value: string) => (named<StreamType>(STREAM_TYPES, value) ? { st: value } : undefined), read: ({ st }) => st },
  stream_format: { write: (value: string) => (named<StreamFormat>(STREAM_FORMATS, value) ? { sf: value } : undefined), read: ({ sf }) => sf },
  bitrate_kbps: { write: (value: number) => ({ br: [{ value }] }), read: ({ br }) => br?.[0]?.value },
  buffer_ms: { write: (value: number) => ({ bl: [{ value }] }), read: ({ bl }) => bl?.[0]?.value },
  live_latency_ms: { write: (value: number) => ({ ltc: value }), read: ({ ltc }) => ltc },
  playhead_ms: { write: (value: number) => (fits(value) ? { pt: value } : undefined), read: ({ pt }) => pt },
  playback_rate_permille: { write: (value: number) => ({ pr: value / 1_000 }), read: ({ pr }) => (pr === undefined ? undefined : Math.round(pr * 1_000)) },
}

/**
 * A telemetry event as a line of event mode, version 2: what our own players send with every change of state, bitrate or
 * pathway and at every interval. All absolute counters and the segment travel in custom keys; what stands at its default is
 * left out. `fromOwn` gives the same event back.
 */
export function encodeRecord(event: TopicInputs['playback.telemetry']): string {
  const values: CmcdValues = {}
  const custom: CustomMember[] = []
  for (const field of FIELDS) {
    const value = event[field.name as keyof typeof event]
    if (value === undefined || value === null || value === field.fallback) continue
    const standard = STANDARD[field.name]?.write(value as never)
    if (standard !== undefined) Object.assign(values, standard)
    else custom.push(...membersOf(field, value))
  }
  // An event without a token of its own is a custom one, whose name is mandatory.
  if (values.e === undefined) Object.assign(values, { e: 'ce', cen: fits(event.event) ? event.event.slice(0, LONGEST.cen) : '' })
  return encode({ ...values, v: 2, custom })
}

const READS = FIELDS.flatMap(({ name, place }) => (STANDARD[name] === undefined ? [] : [{ place, read: STANDARD[name].read }]))
/** What the schema wants and a record need not say. */
const UNSAID = [[placeOf('clock'), LIVE], [placeOf('event'), ''], [placeOf('state'), '']] as const

/** One table serves all records, since what reads it awaits nothing. */
const values = emptyValues()

/** The event that `encodeRecord` wrote; the next call writes over it. Custom keys stand over those of the standard. */
export function fromOwn(record: CmcdRecord): TelemetryValues {
  values.fill(undefined)
  for (const { place, read } of READS) values[place] = read(record)
  readMembers(record.custom!, values)
  for (const [place, value] of UNSAID) values[place] ??= value
  return values
}
