import { WRAPPER_FIRST, WRAPPER_LAST } from '../../schemas/landing.ts'
import { longBytes, writeLong } from '../varint.ts'

/**
 * Avro object container files, built around data that are never decoded. Layout: header, then blocks of (count, size,
 * data, sync marker). Source: Avro 1.12, "Object Container Files".
 */
export const SYNC_BYTES = 16

/**
 * One marker for every file: it only has to differ from data that may occur by chance, and a fixed one makes replays
 * identical.
 */
export const SYNC_MARKER: Uint8Array = Buffer.from('playloop block 1', 'latin1')

const MAGIC = Buffer.from([0x4f, 0x62, 0x6a, 0x01])

/**
 * A record schema with the offset both before and after the record's own fields: each datum of the log becomes (offset,
 * datum, offset) by concatenation, and a reader that lost its position sees two different offsets.
 */
export function wrapperSchema(writer: object): object {
  const { fields, ...record } = writer as { readonly fields: readonly object[] }
  return { ...record, fields: [{ name: WRAPPER_FIRST, type: 'long' }, ...fields, { name: WRAPPER_LAST, type: 'long' }] }
}

/** Header of an uncompressed file whose data have the given `schema`. */
export function ocfHeader(schema: object, sync = SYNC_MARKER): Buffer {
  const text = Buffer.from(JSON.stringify(schema))
  const meta = [
    ['avro.schema', text],
    ['avro.codec', Buffer.from('null')],
  ] as const
  return Buffer.concat([
    MAGIC,
    long(meta.length),
    ...meta.flatMap(([name, value]) => [bytes(Buffer.from(name)), bytes(value)]),
    long(0),
    sync,
  ])
}

/** Bytes before a block's data; the sync marker follows the data. */
export const blockHeader = (count: number, size: number): Buffer => Buffer.concat([long(count), long(size)])

const bytes = (value: Uint8Array): Buffer => Buffer.concat([long(value.length), value])

function long(value: number): Buffer {
  const target = Buffer.alloc(longBytes(value))
  writeLong(target, 0, value)
  return target
}
