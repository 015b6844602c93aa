import type { Clock } from '../../platform/clock.ts'
import { Batch } from './batch.ts'
import type { InflightBatch, Deliver, Outcome } from './delivery.ts'
import { fail } from './errors.ts'
import type { Pipeline } from './pipeline.ts'
import type { Budget, RateLimiter } from './limits.ts'
import type { Seen } from './head.ts'
import type { Reading } from './parse/body.ts'
import { gunzip } from './parse/gzip.ts'
import { skewOf } from './skew.ts'

export interface Limits {
  /** Largest body as it arrives, bytes. */
  readonly maxBodyBytes: number
  /** Largest body once decompressed, bytes. */
  readonly maxInflatedBytes: number
  readonly maxEvents: number
}

/** What is known of a request beside its body. */
export interface Arrival {
  readonly pipeline: Pipeline
  readonly reading: Reading
  readonly gzip: boolean
  /** When the client says it sent the batch, ms; as it came. */
  readonly sentAt: string | undefined
  /** When the request reached us, ms. */
  readonly arrivedAt: number
  /** Whose allowance the events are taken from. */
  readonly sender: string
  /** What is seen of the client; undefined where nobody looks. */
  readonly seen: Seen | undefined
}

/** A body that has been parsed and sent. */
export interface Taken {
  /** Bytes of the body as it arrived. */
  readonly bytes: number
  /** Resolves with the log's acknowledgement. */
  readonly outcome: Promise<Outcome>
}

export interface Receiver {
  /**
   * Parses a body and sends its events. It is read before this returns, so its memory may be used again at once; its
   * bytes, held in the budget by whoever read it, are given back and those of the encoded events held instead.
   */
  take(arrival: Arrival, body: Buffer): Taken | Promise<Taken>
}

/**
 * From bytes to the log's acknowledgement. Between parsing and sending nothing is awaited: one batch serves all
 * requests.
 */
export function receiver(deliver: Deliver, budget: Budget, rates: RateLimiter, clock: Clock, limits: Limits): Receiver {
  const batch = new Batch(limits.maxEvents)

  const parse = ({ pipeline, reading, sentAt, arrivedAt, sender, seen }: Arrival, body: Buffer): InflightBatch => {
    const stamp = { receivedTime: clock.now(), skew: skewOf(sentAt, arrivedAt), ...(seen && { seen }) }
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
    // Whoever waits for it is told; until then a refusal of the log is nobody's.
    settled.catch(() => undefined)
    return { bytes, outcome: settled }
  }

  /** Schemas that a registry must be asked for: the body is copied, since others arrive meanwhile. */
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
