import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import { decimal, fits, quoted } from './encode.ts'
import { LONGEST } from './keys.ts'
import {
  emptyValues,
  FIELDS,
  LIVE,
  placeOf,
  PREFIX,
  readMembers,
  writeMembers,
  type TelemetryField,
  type TelemetryValues,
} from './names.ts'
import { EVENTS, STATES, STREAM_FORMATS, STREAM_TYPES } from './tokens.ts'
import type { CmcdKey, CmcdRecord } from './types.ts'

/** The key that our own players always send, and no other player does. */
const MARK = `${PREFIX}instance`

/** Whether the record is from our own players: everything is reported, nothing is derived. */
export const isOwn = ({ custom }: CmcdRecord): boolean => custom?.some(({ name }) => name === MARK) === true

/** How a standard key carries a field, if the key can hold the value exactly. */
interface Standard {
  readonly key: CmcdKey
  readonly holds: (value: never) => boolean
  readonly write: (value: never) => string
  readonly read: (record: CmcdRecord) => string | number | undefined
}

const short =
  (longest: number) =>
  (value: string): boolean =>
    fits(value) && value.length <= longest
const oneOf =
  (tokens: object) =>
  (value: string): boolean =>
    Object.hasOwn(tokens, value)
const always = (): boolean => true
const listed = (value: number): string => `(${value})`

/**
 * Only keys whose meaning is exactly the field's; `dfa` and `bsda`, for example, count since the session began, ours
 * since the segment began.
 */
const STANDARD: Readonly<Record<string, Standard>> = {
  session_id: { key: 'sid', holds: short(LONGEST.sid!), write: quoted, read: ({ sid }) => sid },
  title_id: { key: 'cid', holds: short(LONGEST.cid!), write: quoted, read: ({ cid }) => cid },
  event_time: { key: 'ts', holds: fits, write: String, read: ({ ts }) => ts },
  seq: { key: 'sn', holds: fits, write: String, read: ({ sn }) => sn },
  event: { key: 'e', holds: oneOf(EVENTS), write: String, read: ({ e }) => e },
  state: { key: 'sta', holds: oneOf(STATES), write: String, read: ({ sta }) => sta },
  stream_type: { key: 'st', holds: oneOf(STREAM_TYPES), write: String, read: ({ st }) => st },
  stream_format: { key: 'sf', holds: oneOf(STREAM_FORMATS), write: String, read: ({ sf }) => sf },
  bitrate_kbps: { key: 'br', holds: always, write: listed, read: ({ br }) => br?.[0]?.value },
  buffer_ms: { key: 'bl', holds: always, write: listed, read: ({ bl }) => bl?.[0]?.value },
  live_latency_ms: { key: 'ltc', holds: always, write: String, read: ({ ltc }) => ltc },
  playhead_ms: { key: 'pt', holds: fits, write: String, read: ({ pt }) => pt },
  playback_rate_permille: {
    key: 'pr',
    holds: always,
    write: (value: number) => decimal(value / 1_000),
    read: ({ pr }) => (pr === undefined ? undefined : Math.round(pr * 1_000)),
  },
}

type Event = TopicInputs['playback.telemetry']
/** Appends its members to a line; returns whether there is more than one. */
interface Member {
  readonly key: string
  readonly write: (event: Event, into: string[]) => boolean
}

/** In alphabetical order, as the standard recommends: determined once, instead of sorting every line. */
const MEMBERS: readonly Member[] = [
  ...FIELDS.flatMap(membersOf),
  ...ofCustomEvents(),
  { key: 'v', write: (_: Event, into: string[]) => into.push('v=2') === 0 },
].toSorted((a, b) => (a.key < b.key ? -1 : 1))

function membersOf(field: TelemetryField): Member[] {
  const standard = STANDARD[field.name]
  const own: Member = {
    key: field.key,
    write: (event, into) => {
      const value = saidOf(event, field)
      return value !== undefined && standard?.holds(value as never) !== true && writeMembers(field, value, into)
    },
  }
  return standard === undefined
    ? [own]
    : [
        own,
        {
          key: standard.key,
          write: (event, into) => {
            const value = saidOf(event, field)
            if (value !== undefined && standard.holds(value as never))
              into.push(`${standard.key}=${standard.write(value as never)}`)
            return false
          },
        },
      ]
}

/** Undefined if the value need not be sent. */
function saidOf(event: Event, { name, fallback }: TelemetryField): string | number | undefined {
  const value = event[name as keyof Event]
  return value === null || value === fallback ? undefined : value
}

/** An event without a standard token is a custom event, whose name is mandatory. */
function ofCustomEvents(): Member[] {
  const isCustom = ({ event }: Event): boolean => !Object.hasOwn(EVENTS, event)
  const nameOf = ({ event }: Event): string => quoted(fits(event) ? event.slice(0, LONGEST.cen) : '')
  return [
    { key: 'cen', write: (event, into) => isCustom(event) && into.push(`cen=${nameOf(event)}`) === 0 },
    { key: 'e', write: (event, into) => isCustom(event) && into.push('e=ce') === 0 },
  ]
}

/**
 * Encodes a telemetry event as a line of event mode, version 2: what our own players send with every change of state,
 * bitrate or pathway and at every interval. All absolute counters and the segment are in custom keys; values equal to
 * their default are left out. `fromOwn` returns the same event.
 */
export function encodeRecord(event: Event): string {
  const members: string[] = []
  let isOrdered = true
  for (const { write } of MEMBERS) if (write(event, members)) isOrdered = false
  // A continuation under `.1` can come before a key that is alphabetically first.
  return (isOrdered ? members : members.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))).join(',')
}

const keyOf = (member: string): string => member.slice(0, member.indexOf('='))

const READS = FIELDS.flatMap(({ name, place }) =>
  STANDARD[name] === undefined ? [] : [{ place, read: STANDARD[name].read }],
)
/** Fields that the schema requires and a record may omit. */
const UNSAID = [
  [placeOf('clock'), LIVE],
  [placeOf('event'), ''],
  [placeOf('state'), ''],
] as const

/** One table is reused for all records, since its reader is synchronous. */
const values = emptyValues()

/** The event that `encodeRecord` wrote; the next call overwrites it. Custom keys take precedence over standard ones. */
export function fromOwn(record: CmcdRecord): TelemetryValues {
  values.fill(undefined)
  for (const { place, read } of READS) values[place] = read(record)
  readMembers(record.custom!, values)
  for (const [place, value] of UNSAID) values[place] ??= value
  return values
}
