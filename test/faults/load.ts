import { systemClock } from '../../platform/clock.ts'
import type { LogMessage, LogProducer } from '../../platform/kafka/port.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { JournalSource } from '../../streams/audit/index.ts'
import { poisonOf, type EventSource } from './events.ts'

export interface LoadOptions {
  readonly producer: LogProducer
  /** Events a second of each source. */
  readonly sources: readonly { readonly source: EventSource; readonly perSecond: number }[]
  /** One record of so many is poison, in the first source; 0 = none. */
  readonly poisonEvery?: number
}

/** A steady load that knows what was acknowledged. */
export interface Load {
  /** Events acknowledged so far, of all topics. */
  acknowledged(): number
  /** Longest time without an acknowledgement so far, ms. */
  longestGapMs(): number
  stop(): Promise<void>
  /** What the producers know to be in the log: every number below the count of each source. */
  readonly journals: readonly JournalSource[]
}

const TICK_MS = 40
/** One event of so many is sent again, as a client does that got no answer. */
const RESEND_EVERY = 50

export function startLoad({ producer, sources, poisonEvery = 0 }: LoadOptions): Load {
  const sent = new Map(sources.map(({ source }) => [source, 0]))
  const stop = new AbortController()
  let last = performance.now()
  let gap = 0
  let total = 0

  /** Sends until it is acknowledged; after a failure some may be in the log twice, as with any client. */
  const deliver = async (topic: TopicName, messages: readonly LogMessage[]): Promise<void> => {
    for (;;) {
      try {
        await producer.send(topic, messages)
        break
      } catch {
        await systemClock.sleep(100)
      }
    }
    const now = performance.now()
    gap = Math.max(gap, now - last)
    last = now
    total += messages.length
  }
  const run = async (source: EventSource, perSecond: number, withPoison: boolean): Promise<void> => {
    const begun = performance.now()
    while (!stop.signal.aborted) {
      const from = sent.get(source)!
      const to = Math.max(from, Math.floor(((performance.now() - begun) / 1_000) * perSecond))
      const messages = Array.from({ length: Math.min(to - from, 5_000) }, (_, i) => from + i).flatMap((n) => {
        const message = source.message(n)
        const copies = n % RESEND_EVERY === 0 ? [message, message] : [message]
        return withPoison && n % poisonEvery === poisonEvery - 1
          ? [...copies, { key: message.key, value: poisonOf(source, n) }]
          : copies
      })
      if (messages.length > 0) await deliver(source.topic, messages)
      sent.set(source, from + Math.min(to - from, 5_000))
      await systemClock.sleep(TICK_MS)
    }
  }
  const running = Promise.all(
    sources.map(({ source, perSecond }, index) => run(source, perSecond, index === 0 && poisonEvery > 0)),
  )
  return {
    acknowledged: () => total,
    longestGapMs: () => Math.max(gap, performance.now() - last),
    async stop() {
      stop.abort()
      await running
    },
    journals: sources.map(({ source }) => ({
      producer: 'load',
      topic: source.topic,
      async *ids() {
        for (let n = 0; n < sent.get(source)!; n += 10_000) {
          yield Buffer.concat(
            Array.from({ length: Math.min(10_000, sent.get(source)! - n) }, (_, i) => source.id(n + i)),
          )
        }
      },
    })),
  }
}
