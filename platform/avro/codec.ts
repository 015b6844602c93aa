import type avsc from 'avsc'
import { newest } from '../../schemas/catalogue.ts'
import type { TopicDraft, TopicRecords } from '../../schemas/generated/records.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { errorMessage } from '../errors.ts'
import type { SchemaSource, WriterSchema } from './catalogue.ts'
import { fail } from './errors.ts'
import { typeOf } from './exact-long.ts'
import { datumOf, HEADER_BYTES, schemaIdOf, writeWireHeader, type WireFault } from './wire.ts'

/**
 * Converts records of one topic to and from the log: `encode` with the newest version, `decode` from any known one.
 *
 * Longs are numbers: a value beyond 2^53 is refused in both directions, never rounded.
 */
export interface Codec<T extends TopicName> {
  /**
   * Returns wire header and datum. Fields with a default may be missing. Throws AVRO_ENCODE naming the invalid field.
   */
  encode(record: TopicDraft<T>): Buffer
  /** Decodes a message into a record of the newest version; byte fields share the message's memory. */
  decode(value: Uint8Array): Promise<Decoded<TopicRecords[T]>>
  /** Like `decode`, if the message's schema is already known. */
  decodeBy(writer: WriterSchema, value: Uint8Array): Decoded<TopicRecords[T]>
}

/** A record, or the data fault for which the message becomes a dead letter. */
export type Decoded<R> = { readonly ok: true; readonly record: R } | DecodeFault

export interface DecodeFault {
  readonly ok: false
  /**
   * WIRE_*: no header. SCHEMA_UNKNOWN: no such id. SCHEMA_MISMATCH: of another topic or an incompatible type.
   * DATUM_BAD: the bytes do not follow their schema.
   */
  readonly code: WireFault | 'SCHEMA_UNKNOWN' | 'SCHEMA_MISMATCH' | 'DATUM_BAD'
  readonly message: string
}

/**
 * Decodes the data of one writer schema. Building it is expensive (like decoding a thousand messages), so it is built
 * once per schema id.
 */
type Reader<R> = (datum: Buffer) => Decoded<R>

export function openCodec<T extends TopicName>(topic: T, source: SchemaSource): Codec<T> {
  const type = typeOf(newest(topic).json)
  const id = source.idOf(topic)
  const byteFields = newest(topic)
    .schema.fields.filter(({ type: { kind } }) => kind === 'fixed' || kind === 'bytes' || kind === 'union')
    .map(({ name }) => name)
  const readers = new Map<number, Reader<TopicRecords[T]>>()

  const decodeBy = (writer: WriterSchema, value: Uint8Array): Decoded<TopicRecords[T]> => {
    let reader = readers.get(writer.id)
    if (reader === undefined) readers.set(writer.id, (reader = openReader<TopicRecords[T]>(type, writer)))
    return reader(asBuffer(datumOf(value)))
  }
  return {
    decodeBy,
    encode: (record) => encode(topic, type, id, withBuffers(record, byteFields)),
    async decode(value) {
      const writerId = schemaIdOf(value)
      if (typeof writerId === 'string') return wireFault(writerId)
      const writer = await source.byId(writerId)
      return writer === undefined
        ? fault('SCHEMA_UNKNOWN', `no schema has the id ${writerId}`)
        : decodeBy(writer, value)
    },
  }
}

/** The library requires Buffers where the types say Uint8Array; a record that already has Buffers is used as it is. */
function withBuffers(record: object, byteFields: readonly string[]): object {
  const fields = record as Readonly<Record<string, unknown>>
  const strange = byteFields.filter((name) => fields[name] instanceof Uint8Array && !Buffer.isBuffer(fields[name]))
  if (strange.length === 0) return record
  return { ...record, ...Object.fromEntries(strange.map((name) => [name, asBuffer(fields[name] as Uint8Array)])) }
}

function encode(topic: TopicName, type: avsc.Type, id: number, record: object): Buffer {
  const datum = write(topic, type, record)
  const value = Buffer.allocUnsafe(HEADER_BYTES + datum.length)
  value.set(datum, writeWireHeader(value, 0, id))
  return value
}

function write(topic: TopicName, type: avsc.Type, record: object): Buffer {
  try {
    return type.toBuffer(record)
  } catch (error) {
    throw fail('AVRO_ENCODE', { topic, ...firstProblem(type, record, errorMessage(error)) }, error)
  }
}

/** Finds the field that the library could not encode; called only after a failure. */
function firstProblem(type: avsc.Type, record: object, otherwise: string): { field: string; problem: string } {
  let found = { field: 'the record', problem: otherwise }
  type.isValid(record, {
    errorHook: (path, value) =>
      void (found = { field: path.join('.') || 'the record', problem: `is ${JSON.stringify(value) ?? 'missing'}` }),
  })
  return found
}

function openReader<R>(type: avsc.Type, writer: WriterSchema): Reader<R> {
  let resolver: ReturnType<avsc.Type['createResolver']>
  try {
    resolver = type.createResolver(typeOf(writer.json))
  } catch (error) {
    const mismatch = fault('SCHEMA_MISMATCH', errorMessage(error))
    return () => mismatch
  }
  return (datum) => {
    try {
      return { ok: true, record: type.fromBuffer(datum, resolver) as R }
    } catch (error) {
      return fault('DATUM_BAD', errorMessage(error))
    }
  }
}

const wireFault = (code: WireFault): DecodeFault =>
  fault(
    code,
    code === 'WIRE_SHORT'
      ? `shorter than the ${HEADER_BYTES} bytes of a wire header`
      : 'does not begin with the zero byte of the wire format',
  )

const fault = (code: DecodeFault['code'], message: string): DecodeFault => ({ ok: false, code, message })

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
