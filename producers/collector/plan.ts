import { unwrapNull, type AvroRecord, type AvroType, type Field } from '../../schemas/model.ts'

/**
 * A topic's schema as flat tables, for the JSON encoder and the Avro reader.
 *
 * Tables instead of a tree of objects, because they are read for every field of every event.
 */
export interface Plan {
  readonly names: readonly string[]
  readonly types: readonly AvroType[]
  readonly kinds: Uint8Array
  readonly nullable: Uint8Array
  readonly required: Uint8Array
  /** Smallest and largest integer allowed. */
  readonly least: Float64Array
  readonly most: Float64Array
  /** Maximum length of a string in bytes, or the size of a fixed. */
  readonly longest: Int32Array
  /** Numeric default; NaN means null. */
  readonly numbers: Float64Array
  /** Avro bytes of each default that is not a number; empty for the others. */
  readonly defaults: readonly Uint8Array[]
  readonly requiredCount: number
  /** Index of the field that is the message key. */
  readonly key: number
  /**
   * Number of fields at the end of the record that say what the collector sees of the client (TAIL), 0 = none; those
   * fields are in none of the tables.
   */
  readonly tail: number
  /** Maximum bytes that head, tail and defaults add to what the client sent. */
  readonly overhead: number
}

/**
 * Kinds of fields. COMPLEX means arrays, maps and records: rare and short. Files on the hot path copy these into local
 * constants, which the compiler folds; imported ones are looked up at every use.
 */
export const KIND = {
  INT: 0,
  LONG: 1,
  TIME: 2,
  BOOLEAN: 3,
  DOUBLE: 4,
  STRING: 5,
  BYTES: 6,
  FIXED: 7,
  COMPLEX: 8,
} as const

/** The head of every record, in this order; the collector sets `received_time` and `skew_ms`. */
export const HEAD = ['event_id', 'clock', 'event_time', 'received_time', 'skew_ms'] as const
/**
 * Fields that the collector sets at the end of a record that has them. They are not part of the payload, since a resend
 * may get other values.
 */
export const TAIL = ['ip_country', 'ip_asn', 'ua_device', 'sender'] as const
/** Which of them are numbers. */
export const TAIL_NUMBERS: readonly boolean[] = [false, true, false, true]
/** Fields that published versions have: the sender came later. */
const TAIL_LENGTHS = [4, 3] as const
/** Indexes of the head's fields, and of the first field after them. */
export const PLACE = { EVENT_ID: 0, CLOCK: 1, EVENT_TIME: 2, RECEIVED_TIME: 3, SKEW: 4, REST: 5 } as const

const { INT, LONG, TIME, BOOLEAN, DOUBLE, STRING, BYTES, FIXED, COMPLEX } = KIND
const { EVENT_ID, RECEIVED_TIME } = PLACE

/** Maximum value length in a LowCardinality column, bytes: a dictionary is not for free text. */
const MAX_TOKEN_BYTES = 256
/** Maximum length of any other string, bytes: a URL path or a search text. */
const MAX_TEXT_BYTES = 4_096
/** 2200-01-01, ms: later times mean a broken clock and exceed what DateTime64(3) stores exactly. */
export const MAX_TIME = 7_258_118_400_000

/** Frame, wire header, event id, both stamps, the tail's two short names, and ten bytes for every number. */
const HEAD_BYTES = 128

export function planOf({ fields: all }: AvroRecord, key: string): Plan {
  const tail = TAIL_LENGTHS.find((length) => isTail(all.slice(-length))) ?? 0
  const fields = all.slice(0, all.length - tail)
  if (fields.some(({ name }) => (TAIL as readonly string[]).includes(name)))
    throw new TypeError(`${TAIL.join(', ')} must be the last fields, in this order`)
  HEAD.forEach((name, index) => {
    if (fields[index]?.name !== name)
      throw new TypeError(`field ${index} of the schema is not ${name}: the head is rewritten by place`)
  })
  const cells = fields.map(cellOf)
  return {
    names: fields.map(({ name }) => name),
    types: cells.map(({ type }) => type),
    kinds: Uint8Array.from(cells, ({ kind }) => kind),
    nullable: Uint8Array.from(cells, ({ nullable }) => Number(nullable)),
    required: Uint8Array.from(cells, ({ required }) => Number(required)),
    least: Float64Array.from(cells, ({ least }) => least),
    most: Float64Array.from(cells, ({ most }) => most),
    longest: Int32Array.from(cells, ({ longest }) => longest),
    numbers: Float64Array.from(cells, ({ number }) => number),
    defaults: cells.map(({ bytes }) => bytes),
    requiredCount: cells.filter(({ required }) => required).length,
    tail,
    key: fields.findIndex(({ name }) => name === key),
    overhead: HEAD_BYTES + cells.reduce((sum, { bytes }) => sum + 10 + bytes.length, 0),
  }
}

const isTail = (fields: readonly Field[]): boolean => fields.every(({ name }, i) => name === TAIL[i])

interface Cell {
  readonly type: AvroType
  readonly kind: number
  readonly nullable: boolean
  readonly required: boolean
  readonly least: number
  readonly most: number
  readonly longest: number
  readonly number: number
  readonly bytes: Uint8Array
}

function cellOf(field: Field, index: number): Cell {
  const unwrapped = unwrapNull(field.type)
  const nullFirst = field.type.kind !== 'union' || field.type.branches[0]?.kind === 'null'
  if (unwrapped === undefined || !nullFirst)
    throw new TypeError(`${field.name}: the only union of the contract is [null, type]`)
  const { type, nullable } = unwrapped
  const kind = kindOf(type)
  const fallback = field.fallback?.value
  return {
    type,
    kind,
    nullable,
    required: field.fallback === undefined && index !== EVENT_ID && index !== RECEIVED_TIME,
    least: leastOf(field, kind),
    most: kind === INT ? 2 ** 31 - 1 : kind === TIME ? MAX_TIME : Number.MAX_SAFE_INTEGER,
    longest:
      type.kind === 'fixed'
        ? type.size
        : field.clickhouse?.startsWith('LowCardinality') === true
          ? MAX_TOKEN_BYTES
          : MAX_TEXT_BYTES,
    number: typeof fallback === 'number' || typeof fallback === 'boolean' ? Number(fallback) : NaN,
    bytes: field.fallback === undefined ? new Uint8Array() : defaultBytes(field.name, fallback),
  }
}

function kindOf(type: AvroType): number {
  switch (type.kind) {
    case 'int':
      return INT
    case 'long':
      return type.logical === 'timestamp-millis' ? TIME : LONG
    case 'boolean':
      return BOOLEAN
    case 'double':
      return DOUBLE
    case 'string':
      return STRING
    case 'bytes':
      return BYTES
    case 'fixed':
      return FIXED
    case 'array':
    case 'map':
    case 'record':
      return COMPLEX
    case 'enum':
    case 'float':
    case 'null':
    case 'union':
      throw new TypeError(`the collector does not know the Avro type ${type.kind}`)
  }
}

/** Smallest allowed value: counters (integers that default to 0), ordinal numbers and times are never negative. */
function leastOf({ name, fallback }: Field, kind: number): number {
  if (kind === TIME || fallback?.value === 0 || ['instance', 'segment', 'seq', 'version'].includes(name)) return 0
  return kind === INT ? -(2 ** 31) : Number.MIN_SAFE_INTEGER
}

/** Avro bytes of defaults that are not numbers: null, '', a short ASCII word, an empty array or map. */
function defaultBytes(name: string, value: unknown): Uint8Array {
  if (typeof value === 'number' || typeof value === 'boolean') return new Uint8Array()
  if (typeof value === 'string' && /^[ -~]{0,63}$/.test(value))
    return Uint8Array.of(value.length * 2, ...Array.from(value, (char) => char.charCodeAt(0)))
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return Uint8Array.of(0)
  throw new TypeError(`${name}: the collector cannot write this default`)
}
