import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka'
import { after, readLong, skipNumber } from '../varint.ts'

/**
 * Reads record batches (magic 2) in place: no object per record; the sink gets positions in a buffer.
 *
 * Source: Kafka protocol, "Record Batch"; baseOffset 8, batchLength 4, leaderEpoch 4, magic 1, crc 4, attributes 2,
 * lastOffsetDelta 4, baseTimestamp 8, maxTimestamp 8, producerId 8, producerEpoch 2, baseSequence 4, count 4.
 */
export interface RecordSink {
  /**
   * One data record. `value` is [valueStart, valueEnd) of `bytes`; valueStart = -1 for a null value. `time` is when the
   * batch was appended to the log, ms (in a topic that keeps producers' times: the time of the batch's first record).
   * Return false to stop reading: the record does not count as taken.
   */
  record(
    offset: number,
    bytes: Buffer,
    valueStart: number,
    valueEnd: number,
    recordStart: number,
    time: number,
  ): boolean
}

/** Where reading ended: the next offset to fetch. */
export interface ReadResult {
  readonly nextOffset: number
  /** False if the sink stopped the reading. */
  readonly complete: boolean
}

const HEADER_BYTES = 61
const CONTROL = 0b10_0000
const COMPRESSION = 0b111
const APPEND_TIME = 0b1000

/**
 * Passes every data record at or after `from` to the sink, in order. A batch cut off at the end (the broker fills the
 * fetch size exactly) is left for the next fetch; control batches (transaction markers) are skipped.
 */
export function readRecordBatches(bytes: Buffer, from: number, sink: RecordSink): ReadResult {
  let position = 0
  let nextOffset = from
  while (position + HEADER_BYTES <= bytes.length) {
    const baseOffset = Number(bytes.readBigInt64BE(position))
    const end = position + 12 + bytes.readInt32BE(position + 8)
    if (end > bytes.length) break
    const lastOffset = baseOffset + bytes.readInt32BE(position + 23)
    if (lastOffset >= from) {
      const attributes = bytes.readInt16BE(position + 21)
      if ((attributes & CONTROL) === 0) {
        const stoppedAt = readBatch(bytes, position, end, baseOffset, attributes & COMPRESSION, from, sink)
        if (stoppedAt !== -1) return { nextOffset: stoppedAt, complete: false }
      }
      nextOffset = lastOffset + 1
    }
    position = end
  }
  return { nextOffset, complete: true }
}

/** Returns the offset that was not taken, or -1 if all were. */
function readBatch(
  bytes: Buffer,
  position: number,
  end: number,
  baseOffset: number,
  compression: number,
  from: number,
  sink: RecordSink,
): number {
  const count = bytes.readInt32BE(position + 57)
  const time = Number(
    bytes.readBigInt64BE(position + ((bytes.readInt16BE(position + 21) & APPEND_TIME) === 0 ? 27 : 35)),
  )
  let data = bytes
  let at = position + HEADER_BYTES
  if (compression !== 0) {
    data = decompress(bytes.subarray(at, end), compression)
    at = 0
  }
  for (let i = 0; i < count; i++) {
    const recordStart = at
    const length = readLong(data, at, data.length)
    const bodyStart = after
    at = bodyStart + length
    // The offset delta follows the attributes and the timestamp delta.
    const offset = baseOffset + readLong(data, skipNumber(data, bodyStart + 1), at)
    if (offset < from) continue
    const keyLength = readLong(data, after, at)
    const valueLength = readLong(data, after + Math.max(0, keyLength), at)
    const valueStart = valueLength < 0 ? -1 : after
    if (!sink.record(offset, data, valueStart, after + Math.max(0, valueLength), recordStart, time)) return offset
  }
  return -1
}

/** The key of the record that starts at `recordStart`, or null. Slow path, used only for dead letters. */
export function recordKey(data: Buffer, recordStart: number): Buffer | null {
  const attributes = skipNumber(data, recordStart)
  const offset = skipNumber(data, attributes + 1)
  const length = readLong(data, skipNumber(data, offset), data.length)
  return length < 0 ? null : data.subarray(after, after + length)
}

function decompress(data: Buffer, compression: number): Buffer {
  const algorithm = compressionsAlgorithmsByBitmask[String(compression)]
  if (algorithm === undefined) throw new Error(`compression ${compression} is not known`)
  return algorithm.decompressSync(data)
}
