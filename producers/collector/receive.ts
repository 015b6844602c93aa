import type { Clock } from '../../platform/clock.ts'
import { Batch } from './batch.ts'
import type { Consignment, Deliver, Outcome } from './delivery.ts'
import { fail } from './errors.ts'
import type { Intake } from './intake.ts'
import type { Budget, RateLimiter } from './limits.ts'
import { idsNamed, readEvents, type Form } from './parse/body.ts'
import { gunzip } from './parse/gzip.ts'
import { skewOf } from './skew.ts'

export interface Limits {
  /** Largest body as it arrives, bytes. */
  readonly maxBodyBytes: number
  /** Largest body once decompressed, bytes. */
  readonly maxInflatedBytes: number
  readonly maxEvents: number
}

/** A body that has arrived; its bytes are held in the budget by whoever read it, and released here. */
export interface Arrival {
  readonly intake: Intake
  readonly form: Form
  readonly gzip: boolean
  readonly body: Buffer
  /** When the client says it sent the batch, ms; as it came. */
  readonly sentAt: string | undefined
  /** When the request reached us, ms. */
  readonly arrivedAt: number
  /** Whose allowance the events are taken from. */
  readonly sender: string
}

export type Receive = (arrival: Arrival) => Promise<Outcome>

/** From bytes to the log's acknowledgement. Between parsing and sending nothing is awaited: one batch serves all requests. */
export function receiver(deliver: Deliver, budget: Budget, rates: RateLimiter, clock: Clock, limits: Limits): Receive {
  const batch = new Batch(limits.maxEvents)

  const parse = ({ intake, form, sentAt, arrivedAt, sender }: Arrival, body: Buffer): Consignment => {
    const stamp = { receivedTime: clock.now(), skew: skewOf(sentAt, arrivedAt) }
    batch.reset()
    readEvents(form, body, intake, stamp, batch, limits.maxInflatedBytes)
    rates.spend(sender, batch.seen)
    return deliver(intake, batch)
  }

  const inflated = (arrival: Arrival): Buffer => {
    if (!arrival.gzip) return arrival.body
    const body = gunzip(arrival.body, limits.maxInflatedBytes)
    if (!budget.take(body.length - arrival.body.length)) throw fail('COLLECTOR_OVERLOADED', { limit: budget.limit })
    return body
  }

  /** Gives the body's bytes back and holds those of the encoded events instead. */
  const exchange = async (arrival: Arrival): Promise<Consignment> => {
    let held = arrival.body.length
    try {
      const body = inflated(arrival)
      held = body.length
      for (const id of idsNamed(arrival.form, body)) await arrival.intake.learn(id)
      return parse(arrival, body)
    } finally {
      budget.give(held)
    }
  }

  return async (arrival) => {
    const { bytes, outcome } = await exchange(arrival)
    budget.hold(bytes)
    try {
      return await outcome()
    } finally {
      budget.give(bytes)
    }
  }
}
