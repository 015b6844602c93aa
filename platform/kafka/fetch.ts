import { fetchV12, type Connection, type Reader } from '@platformatic/kafka'
import type { Cluster } from './cluster.ts'
import { offsetRange } from './offsets.ts'
import { fail, isStale } from './protocol-errors.ts'

/** Raw record batches of one partition, as the broker sent them. */
export interface Fetched {
  /** Record batches, of which the last may be cut off; empty if there are none. */
  readonly records: Buffer
  /** Next offset that will be written (high watermark). */
  readonly end: number
  /** First offset that still exists. */
  readonly start: number
}

export interface FetchLimits {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
}

/** Reads one partition from a given offset, on its own connection. */
export interface PartitionReader {
  fetch(offset: number, limits: FetchLimits): Promise<Fetched>
  /** First offset that still exists, and the next offset to be written. */
  range(): Promise<{ readonly start: number; readonly end: number }>
  close(): Promise<void>
}

const FETCH_API = 1
const FETCH_VERSION = 12
const OFFSET_OUT_OF_RANGE = 1
const READ_UNCOMMITTED = 0

export function openPartitionReader(cluster: Cluster, topic: string, partition: number): PartitionReader {
  const purpose = `fetch ${topic}/${partition}`
  return {
    async fetch(offset, limits) {
      const connection = await cluster.leader(topic, partition, purpose).catch((error: unknown) => {
        cluster.forget()
        throw error
      })
      const answer = await request(connection, topic, partition, offset, limits).catch((error: unknown) => {
        cluster.forget()
        throw error
      })
      if (answer.errorCode === OFFSET_OUT_OF_RANGE) {
        throw fail('KAFKA_OFFSET_OUT_OF_RANGE', {
          topic,
          partition,
          offset,
          ...(await offsetRange(cluster, topic, partition)),
        })
      }
      if (answer.errorCode !== 0) {
        if (isStale(answer.errorCode)) cluster.forget()
        throw fail('KAFKA_REFUSED', { request: `fetch of ${topic}/${partition}`, kafkaCode: answer.errorCode })
      }
      return answer
    },
    range: () => offsetRange(cluster, topic, partition),
    close: () => cluster.release(purpose),
  }
}

interface FetchAnswer extends Fetched {
  readonly errorCode: number
}

function request(
  connection: Connection,
  topic: string,
  partition: number,
  offset: number,
  limits: FetchLimits,
): Promise<FetchAnswer> {
  const payload = (): ReturnType<typeof fetchV12.createRequest> =>
    fetchV12.createRequest(
      limits.maxWaitMs,
      limits.minBytes,
      limits.maxBytes,
      READ_UNCOMMITTED,
      0,
      -1,
      [
        {
          topicId: topic,
          partitions: [
            {
              partition,
              currentLeaderEpoch: -1,
              fetchOffset: BigInt(offset),
              lastFetchedEpoch: -1,
              partitionMaxBytes: limits.maxBytes,
            },
          ],
        },
      ],
      [],
      '',
    )
  return new Promise((resolve, reject) => {
    connection.send(FETCH_API, FETCH_VERSION, payload, parse, true, true, (error, answer) => {
      if (error !== null && error !== undefined) reject(error)
      else resolve(answer as FetchAnswer)
    })
  })
}

/**
 * Parses a Fetch Response (Version: 12) to a request for one partition; the records stay bytes. The library's own
 * parser creates an object per record, which takes most of its CPU.
 */
function parse(_correlationId: number, _apiKey: number, _apiVersion: number, reader: Reader): FetchAnswer {
  reader.readInt32() // throttle
  const failed = reader.readInt16()
  reader.readInt32() // fetch session
  if (failed !== 0) return { errorCode: failed, records: EMPTY, end: -1, start: -1 }
  reader.readUnsignedVarInt() // topics: one, as requested
  reader.readString()
  reader.readUnsignedVarInt() // partitions: one
  reader.readInt32()
  const errorCode = reader.readInt16()
  const end = Number(reader.readInt64())
  reader.readInt64() // last stable offset
  const start = Number(reader.readInt64())
  reader.readNullableArray((r) => {
    // aborted transactions
    r.readInt64()
    r.readInt64()
    return null
  })
  reader.readInt32() // preferred read replica
  const size = reader.readUnsignedVarInt() - 1 // compact: 0 is null
  const records = size > 0 ? reader.buffer.slice(reader.position, reader.position + size) : EMPTY
  return { errorCode, records, end, start }
}

const EMPTY = Buffer.alloc(0)
