import { recordKey, readRecordBatches } from '../../platform/kafka/record-batch.ts'
import type { PartitionReader } from '../../platform/kafka/fetch.ts'
import type { TopicPartition } from '../../platform/kafka/group.ts'
import type { DeadLetter } from '../../schemas/generated/records.ts'
import { sha256 } from '../../platform/hash.ts'

/** Why a record is a dead letter, and which part refused it. */
export interface Reason {
  readonly offset: number
  readonly code: string
  readonly message: string
  readonly step: 'frame' | 'decode' | 'insert' | 'identity'
  readonly schemaId?: number
}

/** A record of the log, copied out of its batch. */
export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** A value past this is kept as its first bytes and its digest. */
export const RAW_LIMIT_BYTES = 262_144

/** Reads one record by its offset; undefined when the log no longer has it. */
export async function readRecord(reader: PartitionReader, offset: number): Promise<RawRecord | undefined> {
  const { records } = await reader.fetch(offset, { maxWaitMs: 500, minBytes: 1, maxBytes: 1 })
  let found: RawRecord | undefined
  readRecordBatches(records, offset, {
    record(at, bytes, start, end, recordStart) {
      if (at !== offset) return false
      const key = recordKey(bytes, recordStart)
      found = { key: key === null ? null : Buffer.from(key), value: start < 0 ? null : Buffer.from(bytes.subarray(start, end)) }
      return true
    },
  })
  return found
}

/** The letter of a place in the log: the same place always gives the same id, so a repeated letter is the same letter. */
export function deadLetter(at: TopicPartition, reason: Reason, raw: RawRecord | undefined, now: number): DeadLetter {
  const value = raw?.value ?? Buffer.alloc(0)
  return {
    event_id: sha256(`${at.topic}/${at.partition}/${reason.offset}`).subarray(0, 16),
    clock: 'live',
    event_time: now,
    received_time: now,
    skew_ms: null,
    source_topic: at.topic,
    source_partition: at.partition,
    source_offset: reason.offset,
    source_time: now,
    error_code: reason.code,
    error_message: reason.message.slice(0, 2_000),
    step: reason.step,
    schema_id: reason.schemaId ?? null,
    raw_key: raw?.key ?? null,
    raw: value.subarray(0, RAW_LIMIT_BYTES),
    raw_size: value.length,
    raw_sha256: sha256(value),
  }
}
