import { join } from 'node:path'
import { systemClock, type Clock } from '../../platform/clock.ts'
import type { PlayloopError } from '../../platform/errors.ts'
import type { Random } from '../../platform/random.ts'
import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { BatchBuilder, type EventInput } from './batch.ts'
import { Delivery, SESSION_CLOSED } from './delivery.ts'
import { fail } from './errors.ts'
import { openJournal } from '../../platform/journal/journal.ts'
import { countRejected, emptyTally, snapshot, type ClientStats } from './stats.ts'
import { httpTransport } from './transport.ts'

export interface ClientOptions {
  /** The collector, such as http://127.0.0.1:8081. */
  readonly url: string
  /** Wall clock for back-off, latency and the time in generated ids. It is not the clock of the events. */
  readonly clock?: Clock
  readonly random: Random
  /** Names the journal's folder: `<journalDir>/<producer>/<topic>.ids`. */
  readonly producer: string
  /** Folder for the journal of acknowledged ids; without it there is no journal. */
  readonly journalDir?: string
  /** Maximum events per request. */
  readonly maxBatch?: number
  /** Maximum bytes per request; a single larger event is sent alone. */
  readonly maxBatchBytes?: number
  /** Maximum time that an event waits for others to share its request, ms. */
  readonly lingerMs?: number
  /** Number of concurrent requests. */
  readonly concurrency?: number
  /** Unsettled bytes above which send() returns false. */
  readonly maxPendingBytes?: number
  readonly ingestKey?: string
  readonly gzip?: boolean
  /** Sends telemetry in CMCD's event mode instead of JSON; the events are the same. */
  readonly cmcd?: boolean
  /** A request without an answer is retried after this time, ms. */
  readonly timeoutMs?: number
  /** Called for requests that were refused for good as a whole; stats().rejected counts them too. */
  readonly onError?: (error: PlayloopError) => void
}

export interface Client {
  /**
   * Takes an event and serialises it before it returns, so the object may be reused. If it returns false, await ready()
   * before the next event. No order is guaranteed between requests, not even for events of one key: telemetry counters
   * are absolute, everything else is recomputed from its distinct events.
   */
  send<Topic extends TopicName>(topic: Topic, event: TopicInputs[Topic]): boolean
  /** Resolves when there is space again. */
  ready(): Promise<void>
  /**
   * Resolves when every event sent before the call is settled and written to the journal; rejects if close() abandoned
   * one.
   */
  flush(): Promise<void>
  /**
   * Sends the remaining events, for at most `deadlineMs` (default 10 s); events still unsettled then count as
   * abandoned.
   */
  close(deadlineMs?: number): Promise<void>
  stats(): ClientStats
}

const KIB = 1_024
const TELEMETRY = 'playback.telemetry'

/** A client that behaves as real ones do: batches, keep-alive, retries with the same bytes and ids, bounded memory. */
export function createClient(options: ClientOptions): Client {
  const {
    url,
    random,
    clock = systemClock,
    concurrency = 4,
    timeoutMs = 30_000,
    gzip = false,
    cmcd = false,
    ingestKey = '',
  } = options
  const {
    maxBatch = 200,
    maxBatchBytes = 512 * KIB,
    lingerMs = 50,
    maxPendingBytes = 8 * KIB * KIB,
    onError = () => {},
  } = options
  const tally = emptyTally()
  const journal =
    options.journalDir === undefined ? undefined : openJournal(join(options.journalDir, options.producer), clock)
  // Bodies are reused: allocating 200 kB per request made garbage collection a quarter of the client's work.
  const spare: Buffer[] = []
  const delivery = new Delivery({
    transport: httpTransport({ url, concurrency, timeoutMs }),
    url,
    clock,
    random,
    concurrency,
    zip: gzip,
    ingestKey,
    tally,
    journal,
    onError,
    onAcknowledged: ({ memory }) => void (spare.length < 2 * concurrency && spare.push(memory)),
  })
  const open = new Map<TopicName, BatchBuilder>()
  let openBytes = 0
  let closed = false

  const seal = (builder: BatchBuilder): void => {
    if (open.get(builder.topic) !== builder) return
    open.delete(builder.topic)
    openBytes -= builder.bytes
    // Empty if its first event was refused as invalid.
    if (builder.count > 0) delivery.add(builder.seal())
  }
  const begin = (topic: TopicName): BatchBuilder => {
    const builder = new BatchBuilder(
      topic,
      cmcd && topic === TELEMETRY ? 'cmcd' : 'json',
      spare.pop() ?? Buffer.allocUnsafe(16 * KIB),
      maxBatch,
    )
    open.set(topic, builder)
    void ripen(builder)
    return builder
  }
  // While other batches are queued, sealing this one would send nothing earlier: batches would only shrink, in the end
  // to single events.
  const ripen = async (builder: BatchBuilder): Promise<void> => {
    await clock.sleep(lingerMs)
    while (delivery.queued && open.get(builder.topic) === builder) await delivery.nextSettled()
    seal(builder)
  }
  const add = (topic: TopicName, event: EventInput): void => {
    const builder = open.get(topic) ?? begin(topic)
    openBytes += builder.add(event, clock, random)
    if (builder.count >= maxBatch || builder.bytes >= maxBatchBytes) seal(builder)
  }
  const isOfClosed = (topic: TopicName, event: EventInput): boolean =>
    delivery.closed.size > 0 &&
    topic === TELEMETRY &&
    delivery.closed.has((event as TopicInputs[typeof TELEMETRY]).session_id)
  const pendingBytes = (): number => openBytes + delivery.pendingBytes
  const sealAll = (): void => {
    for (const builder of [...open.values()]) seal(builder)
  }

  return {
    send(topic, event) {
      if (closed) throw fail('CLIENT_CLOSED')
      if (pendingBytes() > 4 * maxPendingBytes)
        throw fail('CLIENT_OVERFLOW', { bytes: pendingBytes(), limit: maxPendingBytes })
      if (isOfClosed(topic, event)) countRejected(tally, SESSION_CLOSED, 1)
      else add(topic, event)
      tally.produced++
      return pendingBytes() < maxPendingBytes
    },
    async ready() {
      while (pendingBytes() >= maxPendingBytes && !closed) await delivery.nextSettled()
    },
    flush() {
      sealAll()
      return delivery.settled()
    },
    async close(deadlineMs = 10_000) {
      closed = true
      const done = new AbortController()
      const deadline = clock.sleep(deadlineMs, done.signal).then(
        () => delivery.abandon(),
        () => {},
      )
      try {
        sealAll()
        await delivery.idle()
      } finally {
        done.abort()
        await deadline
        await delivery.close()
      }
    },
    stats: () => snapshot(tally),
  }
}
