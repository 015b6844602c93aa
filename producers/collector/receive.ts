import type { Clock } from '../../platform/clock.ts'
import { Batch } from './batch.ts'
import type { InflightBatch, Deliver, Outcome } from './delivery.ts'
import { fail } from './errors.ts'
import type { Pipeline } from './pipeline.ts'
import type { Budget, RateLimiter } from './limits.ts'
import type { Seen } from './head.ts'
import type { Reading } from './parse/body.ts'
import { gunzip } from './parse/gzip.ts'
import { senderNumber } from './sender.ts'
import { skewOf } from './skew.ts'

export interface Limits {
  /** Maximum body size as it arrives, bytes. */
  readonly maxBodyBytes: number
  /** Maximum body size once decompressed, bytes. */
  readonly maxInflatedBytes: number
  readonly maxEvents: number
}

/** What is known of a request in addition to its body. */
export interface Arrival {
  readonly pipeline: Pipeline
  readonly reading: Reading
  readonly gzip: boolean
  /** When the client says it sent the batch, ms; unparsed. */
  readonly sentAt: string | undefined
  /** When the request arrived, ms. */
  readonly arrivedAt: number
  /** The name whose rate limit the events count against. */
  readonly sender: string
  /** Who sends, see admission.ts. */
  readonly origin: string
  /** What the collector sees of the client; undefined if it was not looked up. */
  readonly seen: Seen | undefined
}

/** A body that has been parsed and sent. */
export interface Taken {
  /** Size of the body as it arrived, bytes. */
  readonly bytes: number
  /** Resolves with the log's acknowledgement. */
  readonly outcome: Promise<Outcome>
}

export interface Receiver {
  /**
   * Parses a body and sends its events. The body is read before this returns, so its memory may be reused at once. Its
   * bytes, which the caller reserved in the budget, are released and those of the encoded events reserved instead.
   */
  take(arrival: Arrival, body: Buffer): Taken | Promise<Taken>
}

/**
 * Takes bytes to the log's acknowledgement. Nothing is awaited between parsing and sending, so one batch serves all
 * requests.
 */
export function receiver(deliver: Deliver, budget: Budget, rates: RateLimiter, clock: Clock, limits: Limits): Receiver {
  const batch = new Batch(limits.maxEvents)

  const parse = (
    { pipeline, reading, sentAt, arrivedAt, sender, origin, seen }: Arrival,
    body: Buffer,
  ): InflightBatch => {
    const stamp = {
      receivedTime: clock.now(),
      skew: skewOf(sentAt, arrivedAt),
      sender: senderNumber(origin),
      ...(seen && { seen }),
    }
    batch.reset()
    reading.read(body, pipeline, stamp, batch)
    rates.spend(sender, batch.seen)
    return deliver(pipeline, batch)
  }

  const inflated = (body: Buffer): Buffer => {
    const whole = gunzip(body, limits.maxInflatedBytes)
    if (!budget.take(whole.length - body.length)) throw fail('COLLECTOR_OVERLOADED', { limit: budget.limit })
    return whole
  }

  const sent = (bytes: number, { bytes: encoded, outcome }: InflightBatch): Taken => {
    budget.hold(encoded)
    const settled = outcome().finally(() => budget.give(encoded))
    // The caller handles the rejection; this only prevents an unhandled rejection until then.
    settled.catch(() => undefined)
    return { bytes, outcome: settled }
  }

  /** Fetches unknown schemas from the registry first. The body is copied, since others arrive meanwhile. */
  const learnFirst = async (arrival: Arrival, ids: ReadonlySet<number>, body: Buffer): Promise<Taken> => {
    const own = Buffer.from(body)
    try {
      for (const id of ids) await arrival.pipeline.learn(id)
      return sent(body.length, parse(arrival, own))
    } finally {
      budget.give(own.length)
    }
  }

  return {
    take(arrival, body) {
      let held = body.length
      try {
        const whole = arrival.gzip ? inflated(body) : body
        held = whole.length
        const ids = arrival.reading.idsNamed(whole)
        if ([...ids].every((id) => arrival.pipeline.readers.byId(id) !== undefined))
          return sent(body.length, parse(arrival, whole))
        held = 0
        return learnFirst(arrival, ids, whole)
      } finally {
        budget.give(held)
      }
    },
  }
}
