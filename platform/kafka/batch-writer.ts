import { compressionsAlgorithms, crc32c } from '@platformatic/kafka'
import { longBytes, writeLong } from '../varint.ts'
import type { LogMessage } from './port.ts'

export type Compression = 'none' | 'lz4' | 'snappy' | 'zstd'

/** Producer identity for the broker's duplicate check: a batch sent again with the same identity is stored once. */
export interface ProducerIdentity {
  readonly id: bigint
  readonly epoch: number
}

const HEADER_BYTES = 61
/**
 * Maximum framing of a record, bytes: length 5, attributes 1, timestamp 1, offset 5, key length 5, value length 5,
 * headers 1.
 */
export const RECORD_OVERHEAD = 23

/**
 * Encodes one record batch (magic 2) into one buffer. The client library creates several objects per record, which is
 * three quarters of the cost of producing. Layout: Kafka protocol, "Record Batch".
 */
export function encodeBatch(
  messages: readonly LogMessage[],
  producer: ProducerIdentity,
  sequence: number,
  compression: Compression,
  now: number,
): Buffer {
  const records = encodeRecords(messages)
  const body = compression === 'none' ? records : compressionsAlgorithms[compression].compressSync(records)
  const batch = Buffer.allocUnsafe(HEADER_BYTES + body.length)
  batch.set(body, HEADER_BYTES)
  writeHeader(batch, messages.length, producer, sequence, compressionsAlgorithms[compression].bitmask, BigInt(now))
  return batch
}

function writeHeader(
  batch: Buffer,
  count: number,
  producer: ProducerIdentity,
  sequence: number,
  attributes: number,
  now: bigint,
): void {
  batch.writeBigInt64BE(0n, 0) // base offset: assigned by the broker
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt32BE(-1, 12) // partition leader epoch
  batch.writeInt8(2, 16) // magic
  batch.writeInt16BE(attributes, 21)
  batch.writeInt32BE(count - 1, 23)
  // The topics use log append time, but the timestamp must still be plausible.
  batch.writeBigInt64BE(now, 27)
  batch.writeBigInt64BE(now, 35)
  batch.writeBigInt64BE(producer.id, 43)
  batch.writeInt16BE(producer.epoch, 51)
  batch.writeInt32BE(sequence, 53)
  batch.writeInt32BE(count, 57)
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
}

function encodeRecords(messages: readonly LogMessage[]): Buffer {
  let room = 0
  for (const { key, value } of messages) room += key.length + value.length + RECORD_OVERHEAD
  const out = Buffer.allocUnsafe(room)
  let at = 0
  for (let i = 0; i < messages.length; i++) {
    const { key, value } = messages[i]!
    const body = 3 + longBytes(i) + longBytes(key.length) + key.length + longBytes(value.length) + value.length
    at = writeLong(out, at, body)
    out[at++] = 0 // attributes
    out[at++] = 0 // timestamp delta
    at = writeLong(out, at, i)
    at = writeLong(out, at, key.length)
    out.set(key, at)
    at = writeLong(out, at + key.length, value.length)
    out.set(value, at)
    at += value.length
    out[at++] = 0 // headers
  }
  return out.subarray(0, at)
}
