import { newest } from '../../../schemas/catalogue.ts'
import { unwrapNull } from '../../../schemas/model.ts'
import type { Fault } from '../faults.ts'
import type { JsonValue } from '../parse/value.ts'

/** A line of a request log, by lower-case names with underscores. */
export type Line = ReadonlyMap<string, JsonValue>

/** Headers that carry CMCD, as named by `fromRequestLog`. */
export const CMCD_HEADERS = ['cmcd-object', 'cmcd-request', 'cmcd-session', 'cmcd-status'] as const

/** The value of a member; undefined if the log knows none, for which servers write null, nothing or a hyphen. */
export function reported(line: Line, name: string): JsonValue | undefined {
  const value = line.get(name)
  return value === null || value === '' || value === '-' ? undefined : value
}

/** Fields of delivery.requests that an appliance may state as they are; CMCD and the collector set the others. */
const STATED = [
  'event_id',
  'clock',
  'event_time',
  'oca',
  'rendition',
  'segment_index',
  'status',
  'bytes',
  'file_bytes',
  'range_start',
  'ttfb_us',
  'duration_us',
  'cache',
  'miss_class',
  'source',
  'decision_id',
  'country',
  'asn',
  'protocol',
] as const
type Stated = (typeof STATED)[number]

const WHOLE = new Set<string>(
  newest('delivery.requests').schema.fields.flatMap(({ name, type }) =>
    ['int', 'long'].includes(unwrapNull(type)?.type.kind ?? '') ? [name] : [],
  ),
)

/** Members that servers write in a form of their own, and the fields that they become. */
const CONVERTED: readonly {
  readonly member: string
  readonly field: Stated
  /** Undefined if the value has another form. */
  readonly convert: (value: JsonValue) => JsonValue | undefined
}[] = [
  { member: 'request_id', field: 'event_id', convert: (value) => value },
  { member: 'time', field: 'event_time', convert: (value) => timeOf(value) },
  { member: 'ttfb', field: 'ttfb_us', convert: (value) => scaled(value, 1_000_000) },
  { member: 'duration', field: 'duration_us', convert: (value) => scaled(value, 1_000_000) },
  { member: 'range', field: 'range_start', convert: (value) => firstByte(value) },
  { member: 'cache', field: 'cache', convert: (value) => cacheOf(value) },
  { member: 'protocol', field: 'protocol', convert: (value) => protocolOf(value) },
]

/**
 * What a line says of a request beside its CMCD, as fields of delivery.requests; the first fault if there is one.
 * Members of other names are left out: a log has more than these.
 */
export function eventFieldsOf(line: Line): Readonly<Partial<Record<Stated, JsonValue>>> | Fault {
  const fields: Partial<Record<Stated, JsonValue>> = { clock: 'live' }
  for (const name of STATED) {
    const value = reported(line, name)
    if (value !== undefined) fields[name] = WHOLE.has(name) ? wholeOf(value) : value
  }
  for (const { member, field, convert } of CONVERTED) {
    const value = reported(line, member)
    if (value === undefined) continue
    const converted = convert(value)
    if (converted === undefined) return { code: 'field_type', field: member }
    fields[field] = converted
  }
  return fields.event_time === undefined ? { code: 'field_missing', field: 'time' } : fields
}

/** A number that is not negative, in quotes or not. */
const numberOf = (value: JsonValue): number | undefined => {
  if (typeof value === 'number') return value >= 0 ? value : undefined
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
}

/** Digits in quotes are a number: logs quote everything. */
const wholeOf = (value: JsonValue): JsonValue =>
  typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value

const scaled = (value: JsonValue, by: number): number | undefined => {
  const number = numberOf(value)
  return number === undefined ? undefined : Math.round(number * by)
}

/** ISO 8601 with its offset, or seconds since 1970, as ms. */
function timeOf(value: JsonValue): number | undefined {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/.test(value)) {
    const time = Date.parse(value)
    return Number.isNaN(time) ? undefined : time
  }
  return scaled(value, 1_000)
}

/** First byte of a Range header; a request for the last bytes (`bytes=-500`), or of another unit, has none. */
const firstByte = (value: JsonValue): JsonValue | undefined =>
  typeof value === 'string' ? (numberOf(/^bytes=(\d{1,15})-/.exec(value)?.[1] ?? null) ?? null) : undefined

/** `hit` or `miss` from the words of nginx, Varnish and CloudFront; a stale answer came from the cache, too. */
function cacheOf(value: JsonValue): string | undefined {
  if (typeof value !== 'string') return undefined
  if (/hit$|^(?:stale|updating|revalidated)$/i.test(value)) return 'hit'
  return /^(?:miss|expired|bypass|pass|pipe)$/i.test(value) ? 'miss' : ''
}

/** `HTTP/2.0` is `h2`. */
const protocolOf = (value: JsonValue): string | undefined =>
  typeof value === 'string' ? value.replace(/^HTTP\/(\d)(?:\.\d)?$/i, 'h$1').toLowerCase() : undefined
