import type { Clock } from '../clock.ts'
import { errorMessage } from '../errors.ts'
import { backoffMs, jitter } from '../retry.ts'
import { encodeBatch, RECORD_OVERHEAD, type Compression, type ProducerIdentity } from './batch-writer.ts'
import { fail } from './errors.ts'
import type { LogMessage } from './port.ts'
import type { BatchTransport } from './produce.ts'
import { isStale, kafkaCode } from './protocol-errors.ts'

export interface AccumulatorOptions {
  readonly compression: Compression
  /** Time that a message waits for others to join its batch, ms. */
  readonly lingerMs: number
  readonly maxBatchMessages: number
  readonly maxBatchBytes: number
  /** Time limit for an attempt and its retries, after which the callers get the error, ms. */
  readonly deliveryMs: number
}

/** Called once per batch for all of a caller's messages in it, when their outcome is known. */
export type Settle = (messages: number, bytes: number, error?: Error) => void

/**
 * Gathers the messages of one partition into batches and keeps one batch in flight.
 *
 * One batch in flight keeps the broker's duplicate check simple: a retry has the same producer id and sequence and is
 * stored once. After a failure the outcome of a sequence is unknown, so the next batch takes a new producer id: under
 * the old one the broker might take it for the lost batch and drop it.
 */
export interface PartitionAccumulator {
  add(message: LogMessage, settle: Settle): void
  /** Sends the gathered messages at once. */
  flush(): void
}

interface Batch {
  readonly messages: LogMessage[]
  readonly callers: Map<Settle, { messages: number; bytes: number }>
  bytes: number
}

const OUT_OF_ORDER = 45
const INVALID_EPOCH = 47
const UNKNOWN_PRODUCER = 59
const NEW_IDENTITY = new Set([OUT_OF_ORDER, INVALID_EPOCH, UNKNOWN_PRODUCER])
const TOO_FEW_REPLICAS = new Set([7, 19, 20]) // request timed out, not enough replicas (before, after append)
const BACKOFF = { firstMs: 50, maxMs: 500 }

export function openAccumulator(
  topic: string,
  partition: number,
  transport: BatchTransport,
  clock: Clock,
  options: AccumulatorOptions,
): PartitionAccumulator {
  const waiting: Batch[] = []
  let identity: ProducerIdentity | undefined
  let sequence = 0
  let busy = false
  let lingering = false

  const add = (message: LogMessage, settle: Settle): void => {
    const size = messageBytes(message)
    let batch = waiting.at(-1)
    if (batch === undefined || isFull(batch, size, options))
      waiting.push((batch = { messages: [], callers: new Map(), bytes: 0 }))
    batch.messages.push(message)
    batch.bytes += size
    const own = batch.callers.get(settle)
    if (own === undefined) batch.callers.set(settle, { messages: 1, bytes: size })
    else {
      own.messages++
      own.bytes += size
    }
    if (waiting.length > 1 || batch.messages.length >= options.maxBatchMessages) flush()
    else linger()
  }

  const linger = (): void => {
    if (lingering || busy) return
    lingering = true
    void clock.sleep(options.lingerMs).then(() => {
      lingering = false
      flush()
    })
  }

  const flush = (): void => {
    if (busy || waiting.length === 0) return
    busy = true
    void drain()
  }

  const drain = async (): Promise<void> => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      const error = await deliver(batch)
      if (error !== undefined) identity = undefined
      for (const [settle, { messages, bytes }] of batch.callers) settle(messages, bytes, error)
    }
    busy = false
  }

  /**
   * Retries the identical batch until it is acknowledged, finally refused, or too old; returns the error in the last
   * two cases.
   */
  const deliver = async (batch: Batch): Promise<Error | undefined> => {
    const deadline = clock.now() + options.deliveryMs
    let encoded: Buffer | undefined
    for (let attempt = 1; ; attempt++) {
      const pause = backoffMs(BACKOFF, attempt, jitter)
      try {
        identity ??= await within(deadline, fresh())
        encoded ??= encodeBatch(batch.messages, identity, sequence, options.compression, clock.now())
        await within(deadline, transport.produce(topic, partition, encoded))
        sequence = nextSequence(sequence, batch.messages.length)
        return undefined
      } catch (error) {
        transport.reset(error)
        if (NEW_IDENTITY.has(kafkaCode(error))) identity = encoded = undefined
        else if (!canRepeat(error)) return failed(error)
        if (clock.now() + pause >= deadline) return failed(error)
      }
      await clock.sleep(pause)
    }
  }

  const fresh = async (): Promise<ProducerIdentity> => {
    const next = await transport.identify(topic, partition)
    sequence = 0
    return next
  }

  const within = async <T>(deadline: number, work: Promise<T>): Promise<T> => {
    const late = new AbortController()
    const timer = clock.sleep(Math.max(0, deadline - clock.now()), late.signal).then(() => {
      throw new Error(`no answer within ${options.deliveryMs} ms`)
    })
    try {
      return await Promise.race([work, timer])
    } finally {
      timer.catch(() => undefined)
      late.abort(new Error('answered'))
    }
  }

  const failed = (error: unknown): Error => fail('KAFKA_PRODUCE_FAILED', { topic, reason: errorMessage(error) }, error)

  return { add, flush }
}

export const messageBytes = ({ key, value }: LogMessage): number => key.length + value.length + RECORD_OVERHEAD

const isFull = (batch: Batch, more: number, options: AccumulatorOptions): boolean =>
  batch.messages.length >= options.maxBatchMessages || batch.bytes + more > options.maxBatchBytes

/** Sequences have 31 bits and wrap around to 0. Source: Kafka, DefaultRecordBatch.incrementSequence. */
export const nextSequence = (sequence: number, count: number): number => (sequence + count) % 2 ** 31

/**
 * True for network errors and for errors that refreshed metadata or time resolves; a refusal of the records is final.
 */
function canRepeat(error: unknown): boolean {
  const code = kafkaCode(error)
  return code === 0 || isStale(code) || TOO_FEW_REPLICAS.has(code)
}
