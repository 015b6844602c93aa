import { inflateRawSync } from 'node:zlib'
import { errorCode } from '../../../platform/errors.ts'
import type { Batch } from '../batch.ts'
import type { DatumReader } from '../datum.ts'
import { fail } from '../errors.ts'
import type { Stamp } from '../head.ts'
import { after, readLong } from '../../../platform/varint.ts'
import type { Readers } from './avro.ts'
import { unparseable } from './json.ts'
import { Text } from './text.ts'

const MAGIC_BYTES = 4
const SYNC_BYTES = 16

/**
 * Reads Avro object container files, codecs null and deflate. The writer's schema must have the same layout as a
 * published version of the topic. Source: Avro 1.12, "Object Container Files".
 */
export function readContainer(body: Buffer, readers: Readers, stamp: Stamp, batch: Batch, maxInflated: number): void {
  const file = new Cursor(body)
  const meta = readMeta(file)
  const sync = file.take(SYNC_BYTES)
  const codec = meta.get('avro.codec')?.toString() ?? 'null'
  if (codec !== 'null' && codec !== 'deflate') throw fail('COLLECTOR_ENCODING', { encoding: `avro.codec=${codec}` })
  const reader = readers.bySchema(meta.get('avro.schema')?.toString() ?? '')
  if (reader === undefined) throw unparseable('its schema is no published version of this topic')
  let left = maxInflated
  while (!file.done) {
    const count = file.long()
    const block = file.bytes()
    if (!file.take(SYNC_BYTES).equals(sync)) throw unparseable('a block does not end in the sync marker')
    const data = codec === 'null' ? block : inflate(block, left)
    left -= data.length
    readBlock(data, count, reader, stamp, batch)
  }
}

/** Data in a block have no framing: after an unreadable one, the start of the next is unknown. */
function readBlock(data: Buffer, count: number, reader: DatumReader, stamp: Stamp, batch: Batch): void {
  const text = new Text(data)
  let pos = 0
  for (let i = 0; i < count; i++) {
    if (!batch.open) throw fail('COLLECTOR_TOO_MANY', { limit: batch.seen })
    pos = reader.take(text, pos, data.length, stamp, batch)
    if (pos === -1) throw unparseable(`datum ${batch.seen} does not follow its schema`)
    if (reader.fault !== undefined) batch.reject(reader.fault)
  }
  if (pos !== data.length) throw unparseable('a block holds more than it says')
}

function readMeta(file: Cursor): Map<string, Buffer> {
  const meta = new Map<string, Buffer>()
  for (let count = file.long(); count !== 0; count = file.long()) {
    if (count < 0) file.long() // block size in bytes, only useful for skipping the block
    for (let i = Math.abs(count); i > 0; i--) meta.set(file.bytes().toString(), file.bytes())
  }
  return meta
}

function inflate(data: Buffer, limit: number): Buffer {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, limit) })
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw fail('COLLECTOR_TOO_LARGE', { limit, when: ' once decompressed' })
    throw unparseable('a deflated block is broken')
  }
}

/** Reads a file from front to back; reading past the end means the file is truncated. */
class Cursor {
  #at = MAGIC_BYTES
  readonly #body: Buffer

  constructor(body: Buffer) {
    this.#body = body
  }

  get done(): boolean {
    return this.#at >= this.#body.length
  }

  long(): number {
    const value = readLong(this.#body, this.#at, this.#body.length)
    if (Number.isNaN(value)) throw unparseable('the file breaks off')
    this.#at = after
    return value
  }

  bytes(): Buffer {
    return this.take(this.long())
  }

  take(size: number): Buffer {
    if (size < 0 || this.#at + size > this.#body.length) throw unparseable('the file breaks off')
    return this.#body.subarray(this.#at, (this.#at += size))
  }
}
