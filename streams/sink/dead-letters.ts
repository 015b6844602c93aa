import { recordKey, readRecordBatches } from '../../platform/kafka/record-batch.ts'
import type { PartitionReader } from '../../platform/kafka/fetch.ts'
import type { TopicPartition } from '../../platform/kafka/group.ts'
import type { DeadLetter } from '../../schemas/generated/records.ts'
import { sha256 } from '../../platform/hash.ts'

/** Why a record is a dead letter, and which component refused it. */
export interface Reason {
  readonly offset: number
  readonly code: string
  readonly message: string
  readonly step: 'frame' | 'decode' | 'insert' | 'identity'
  readonly schemaId?: number
}

/** The part of a log record that its dead letter keeps: the first bytes of key and value. */
export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer
  /** Full size of the value in bytes; 0 for a null value too. */
  readonly size: number
  readonly digest: Buffer
  /** Log append time, ms. */
  readonly time: number
}

/** Larger values are stored as their first bytes and their digest. */
export const RAW_LIMIT_BYTES = 262_144
/** A dead letter must itself fit into a message. A key of exactly this length may have been truncated. */
export const KEY_LIMIT_BYTES = 65_536
const EMPTY_TRIES = 10
const FETCH = { maxWaitMs: 500, minBytes: 1, maxBytes: 1_048_576 }

/** Dead letters sent at once: limits memory when very many records cannot be inserted. */
const SLICE_LETTERS = 1_000
const SLICE_BYTES = 1_048_576

/** Dead letters for the reasons (sorted by offset), in slices that fit into memory and into one send. */
export async function* deadLettersOf(
  at: TopicPartition,
  reader: PartitionReader,
  reasons: readonly Reason[],
  now: () => number,
): AsyncGenerator<DeadLetter[]> {
  let slice: DeadLetter[] = []
  let bytes = 0
  const raws = readRecords(
    reader,
    reasons.map(({ offset }) => offset),
  )
  for (const reason of reasons) {
    const { value: raw } = await raws.next()
    slice.push(deadLetter(at, reason, raw ?? undefined, now()))
    bytes += raw?.value.length ?? 0
    if (slice.length < SLICE_LETTERS && bytes < SLICE_BYTES) continue
    yield slice
    slice = []
    bytes = 0
  }
  if (slice.length > 0) yield slice
}

/**
 * Reads the records at ascending offsets, with one fetch for offsets that are close together. Yields undefined for a
 * record that is no longer in the log.
 */
export async function* readRecords(
  reader: PartitionReader,
  offsets: readonly number[],
): AsyncGenerator<RawRecord | undefined, undefined> {
  let found = new Map<number, RawRecord>()
  let next = 0
  for (const [index, offset] of offsets.entries()) {
    if (offset >= next) {
      const read = await readFrom(reader, offset, new Set(offsets.slice(index, index + SLICE_LETTERS)))
      found = read.found
      next = Math.max(read.next, offset + 1)
    }
    yield found.get(offset)
  }
  return undefined
}

/** The requested records from one fetch, and the first offset that the fetch did not cover. */
async function readFrom(
  reader: PartitionReader,
  offset: number,
  wanted: ReadonlySet<number>,
): Promise<{ found: Map<number, RawRecord>; next: number }> {
  const found = new Map<number, RawRecord>()
  const last = Math.max(...wanted)
  const records = await fetchSome(reader, offset)
  const { nextOffset } = readRecordBatches(records, offset, {
    record(at, bytes, start, end, recordStart, time) {
      if (at > last) return false
      if (wanted.has(at))
        found.set(at, rawRecord(recordKey(bytes, recordStart), start < 0 ? EMPTY : bytes.subarray(start, end), time))
      return true
    },
  })
  return { found, next: nextOffset }
}

/**
 * Retries an empty fetch: the record existed when its batch was read, so a broker without it has only just restarted.
 */
async function fetchSome(reader: PartitionReader, offset: number): Promise<Buffer> {
  for (let tries = 1; ; tries++) {
    const { records } = await reader.fetch(offset, FETCH)
    if (records.length > 0 || tries === EMPTY_TRIES) return records
  }
}

const rawRecord = (key: Buffer | null, value: Buffer, time: number): RawRecord => ({
  key: key === null ? null : Buffer.from(key.subarray(0, KEY_LIMIT_BYTES)),
  value: Buffer.from(value.subarray(0, RAW_LIMIT_BYTES)),
  size: value.length,
  digest: sha256(value),
  time,
})

/** The event id is derived from the place in the log, so creating the same dead letter again gives the same id. */
export function deadLetter(at: TopicPartition, reason: Reason, raw: RawRecord | undefined, now: number): DeadLetter {
  const time = raw?.time ?? now
  return {
    event_id: sha256(`${at.topic}/${at.partition}/${reason.offset}`).subarray(0, 16),
    clock: 'live',
    event_time: time,
    received_time: now,
    skew_ms: null,
    source_topic: at.topic,
    source_partition: at.partition,
    source_offset: reason.offset,
    source_time: time,
    error_code: reason.code,
    error_message: reason.message.slice(0, 2_000),
    step: reason.step,
    schema_id: reason.schemaId ?? null,
    raw_key: raw?.key ?? null,
    raw: raw?.value ?? EMPTY,
    raw_size: raw?.size ?? 0,
    raw_sha256: raw?.digest ?? sha256(EMPTY),
  }
}

const EMPTY = Buffer.alloc(0)
