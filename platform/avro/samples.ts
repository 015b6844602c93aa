import fc from 'fast-check'
import type { TopicRecords } from '../../schemas/generated/records.ts'
import { newest } from '../../schemas/catalogue.ts'
import { isPrimitive, type AvroRecord, type AvroType, type Primitive } from '../../schemas/model.ts'
import type { TopicName } from '../../schemas/topics.ts'

/**
 * Random records of a topic, for property tests: every field, nulls, empty and non-ASCII strings, the ends of each
 * range.
 */
export const recordOf = <T extends TopicName>(topic: T): fc.Arbitrary<TopicRecords[T]> =>
  recordArbitrary(newest(topic).schema).map((record) => record as TopicRecords[T])

/** One month: log time partitions the landing tables, and an insert may touch only a limited number of partitions. */
const RECEIVED_FROM = Date.UTC(2026, 10, 1)
const RECEIVED_DAYS = 25

export function recordArbitrary({ fields }: AvroRecord): fc.Arbitrary<object> {
  return fc.record(
    Object.fromEntries(
      fields.map(({ name, type }) => [name, name === 'received_time' ? receivedTime : arbitrary(type)]),
    ),
    { noNullPrototype: true },
  )
}

const receivedTime = fc.nat(RECEIVED_DAYS * 86_400_000).map((ms) => RECEIVED_FROM + ms)

/** DateTime64(3) holds 1900 to 2299. */
const time = fc.integer({ min: Date.UTC(1900, 0, 2), max: Date.UTC(2299, 11, 30) })

function arbitrary(type: AvroType): fc.Arbitrary<unknown> {
  if (isPrimitive(type)) return primitive(type)
  switch (type.kind) {
    case 'fixed':
      return buffer(type.size, type.size)
    case 'enum':
      return fc.constantFrom(...type.symbols)
    case 'array':
      return fc.array(arbitrary(type.items), { maxLength: 4 })
    case 'map':
      // The library's decoder, which only tests and tools use, loses this one key.
      return fc.dictionary(
        text.filter((key) => key !== '__proto__'),
        arbitrary(type.values),
        { maxKeys: 3, noNullPrototype: true },
      )
    case 'union':
      return fc.oneof(...type.branches.map(arbitrary))
    case 'record':
      return recordArbitrary(type)
  }
}

function primitive({ kind, logical }: Primitive): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'int':
      return fc.integer()
    case 'long':
      return logical === 'timestamp-millis' ? time : fc.maxSafeInteger()
    case 'float':
      return fc.float({ noNaN: true, noDefaultInfinity: true })
    case 'double':
      // -0 becomes 0 in JSON, the format in which the tests read rows.
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
    case 'bytes':
      return buffer(0, 20)
    case 'string':
      return text
  }
}

const buffer = (minLength: number, maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes))
/** Well-formed Unicode without NUL: any text that a client can send as JSON. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('', "'", '\\', 'a\tb\n', 'größe', '日本'),
)

/** Converts a value to plain objects and Uint8Arrays, to compare the results of two libraries. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
