import { systemClock, type Clock } from '../clock.ts'
import type { Compression } from './batch-writer.ts'
import { openCluster } from './cluster.ts'
import { fail } from './errors.ts'
import { messageBytes, openAccumulator, type PartitionAccumulator, type AccumulatorOptions } from './accumulator.ts'
import { partitionOf } from './partitioner.ts'
import type { LogMessage, LogProducer } from './port.ts'
import { brokerTransport, type BatchTransport } from './produce.ts'
import { kafkaCode } from './protocol-errors.ts'

export interface ProducerOptions extends Partial<AccumulatorOptions> {
  readonly clientId?: string
  /** Limit of accepted bytes that are not acknowledged yet; `send` refuses above it. */
  readonly maxInflightBytes?: number
  /** Largest key and value of one record, bytes. */
  readonly maxRecordBytes?: number
  readonly clock?: Clock
}

export const PRODUCER_DEFAULTS = {
  clientId: 'playloop',
  // The cheapest of Kafka's codecs for producer and consumers together (measured).
  compression: 'lz4' as Compression,
  lingerMs: 5,
  maxBatchMessages: 2_000,
  maxBatchBytes: 1_048_576,
  // Longer than a broker needs to restart (5 s): messages that wait for it are acknowledged late, not refused.
  deliveryMs: 10_000,
  maxInflightBytes: 33_554_432,
  maxRecordBytes: 1_000_000,
} as const

const UNKNOWN_TOPIC = 3

/** Writes to brokers: acks=all, idempotent within one producer, same key → same partition as Kafka's Java client. */
export function createProducer(brokers: readonly string[], options: ProducerOptions = {}): LogProducer {
  const cluster = openCluster(brokers, options.clientId ?? PRODUCER_DEFAULTS.clientId)
  const partitions = async (topic: string): Promise<number> => {
    const count = (await cluster.partitions([topic])).get(topic)
    if (count === undefined || count === 0) throw fail('KAFKA_TOPIC_UNKNOWN', { topic })
    return count
  }
  return producerOver(brokerTransport(cluster), partitions, () => cluster.close(), options)
}

/** A producer on any transport. */
export function producerOver(
  transport: BatchTransport,
  partitions: (topic: string) => Promise<number>,
  release: () => Promise<void>,
  options: ProducerOptions,
): LogProducer {
  const { clock = systemClock, ...settings } = { ...PRODUCER_DEFAULTS, ...options }
  const topics = new Map<string, Promise<PartitionAccumulator[]>>()
  const inflight = inflightBudget()
  let closed = false

  const open = async (topic: string): Promise<PartitionAccumulator[]> => {
    const count = await partitions(topic).catch((error: unknown) => {
      topics.delete(topic)
      transport.reset(error)
      throw kafkaCode(error) === UNKNOWN_TOPIC ? fail('KAFKA_TOPIC_UNKNOWN', { topic }, error) : error
    })
    return Array.from({ length: count }, (_, partition) =>
      openAccumulator(topic, partition, transport, clock, settings),
    )
  }
  const accumulators = (topic: string): Promise<PartitionAccumulator[]> => {
    const known = topics.get(topic) ?? open(topic)
    topics.set(topic, known)
    return known
  }

  return {
    async send(topic, messages) {
      if (closed) throw fail('KAFKA_PRODUCER_CLOSED')
      const bytes = checkedBytes(topic, messages, settings.maxRecordBytes)
      if (inflight.bytes() + bytes > settings.maxInflightBytes)
        throw fail('KAFKA_PRODUCER_FULL', { limit: settings.maxInflightBytes })
      if (messages.length === 0) return
      inflight.take(bytes)
      const targets = await accumulators(topic).catch((error: unknown) => {
        inflight.give(bytes)
        throw error
      })
      await new Promise<void>((resolve, reject) => {
        let left = messages.length
        const settle = (count: number, settled: number, error?: Error): void => {
          inflight.give(settled)
          left -= count
          if (error !== undefined) reject(error)
          else if (left === 0) resolve()
        }
        for (const message of messages) targets[partitionOf(message.key, targets.length)]!.add(message, settle)
      })
    },
    async close() {
      closed = true
      const open = await Promise.allSettled(topics.values())
      for (const accumulator of open.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])))
        accumulator.flush()
      await inflight.empty()
      await release()
    },
  }
}

/**
 * One oversized record would make the broker refuse a whole batch, including messages of other callers: so no message
 * of the call is sent.
 */
function checkedBytes(topic: string, messages: readonly LogMessage[], limit: number): number {
  let bytes = 0
  for (const message of messages) {
    const size = messageBytes(message)
    if (size > limit) throw fail('KAFKA_RECORD_TOO_LARGE', { topic, bytes: size, limit })
    bytes += size
  }
  return bytes
}

function inflightBudget(): {
  bytes(): number
  take(bytes: number): void
  give(bytes: number): void
  empty(): Promise<void>
} {
  let taken = 0
  let waiting: (() => void)[] = []
  return {
    bytes: () => taken,
    take: (bytes) => void (taken += bytes),
    give(bytes) {
      taken -= bytes
      if (taken > 0) return
      for (const wake of waiting) wake()
      waiting = []
    },
    empty: () => (taken === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
