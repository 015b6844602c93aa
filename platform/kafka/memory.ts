import { fail } from './errors.ts'
import { messageBytes } from './accumulator.ts'
import { partitionOf } from './partitioner.ts'
import type { LogAdmin, LogMessage, LogProducer, TopicSettings } from './port.ts'
import { PRODUCER_DEFAULTS } from './producer.ts'

export interface MemoryRecord extends LogMessage {
  readonly partition: number
  readonly offset: number
}

/** In-memory log for unit tests; the same contract suite runs on it and on the real broker. */
export interface MemoryLog {
  producer(options?: MemoryProducerOptions): LogProducer
  admin(): LogAdmin
  /** All records of a topic, partition by partition, in order. */
  records(topic: string): readonly MemoryRecord[]
  /** Makes the next `send` reject with this error without writing anything. */
  failNext(error: Error): void
}

export interface MemoryProducerOptions {
  readonly maxInflightBytes?: number
  readonly maxRecordBytes?: number
  /** Messages are acknowledged only after this resolves. */
  readonly acknowledge?: () => Promise<void>
}

export function memoryLog(): MemoryLog {
  const topics = new Map<string, MemoryRecord[][]>()
  let fault: Error | undefined
  const partitionsOf = (topic: string): MemoryRecord[][] => {
    const partitions = topics.get(topic)
    if (partitions === undefined) throw fail('KAFKA_TOPIC_UNKNOWN', { topic })
    return partitions
  }
  const append = (topic: string, messages: readonly LogMessage[]): void => {
    const partitions = partitionsOf(topic)
    for (const { key, value } of messages) {
      const partition = partitionOf(key, partitions.length)
      const records = partitions[partition]!
      records.push({ key, value, partition, offset: records.length })
    }
  }
  const takeFault = (): void => {
    const error = fault
    fault = undefined
    if (error !== undefined) throw error
  }
  return {
    producer: (options = {}) => memoryProducer(append, takeFault, options),
    admin: () => memoryAdmin(topics, partitionsOf),
    records: (topic) => partitionsOf(topic).flat(),
    failNext: (error) => void (fault = error),
  }
}

function memoryProducer(
  append: (topic: string, messages: readonly LogMessage[]) => void,
  takeFault: () => void,
  options: MemoryProducerOptions,
): LogProducer {
  const {
    maxInflightBytes,
    maxRecordBytes,
    acknowledge = () => Promise.resolve(),
  } = { ...PRODUCER_DEFAULTS, ...options }
  let inflight = 0
  let closed = false
  return {
    async send(topic, messages) {
      if (closed) throw fail('KAFKA_PRODUCER_CLOSED')
      const sizes = messages.map(messageBytes)
      const largest = Math.max(0, ...sizes)
      if (largest > maxRecordBytes)
        throw fail('KAFKA_RECORD_TOO_LARGE', { topic, bytes: largest, limit: maxRecordBytes })
      const bytes = sizes.reduce((sum, size) => sum + size, 0)
      if (inflight + bytes > maxInflightBytes) throw fail('KAFKA_PRODUCER_FULL', { limit: maxInflightBytes })
      inflight += bytes
      try {
        takeFault()
        append(topic, messages)
        await acknowledge()
      } finally {
        inflight -= bytes
      }
    },
    async close() {
      closed = true
    },
  }
}

function memoryAdmin(
  topics: Map<string, MemoryRecord[][]>,
  partitionsOf: (topic: string) => MemoryRecord[][],
): LogAdmin {
  const ensure = ({ name, partitions }: TopicSettings): void => {
    if (!topics.has(name))
      topics.set(
        name,
        Array.from({ length: partitions }, () => []),
      )
  }
  return {
    async ensureTopics(specs) {
      specs.forEach(ensure)
    },
    async offsets(topic) {
      return partitionsOf(topic).map((records, partition) => ({ partition, start: 0, end: records.length }))
    },
    async close() {},
  }
}
