import type { LogMessage, LogProducer } from '../../platform/kafka/port.ts'
import type { Batch } from './batch.ts'
import { type DuplicateCache, FRESH, REUSED, SEEN } from './duplicates.ts'
import { fail } from './errors.ts'
import type { Rejection } from './faults.ts'
import type { Pipeline } from './pipeline.ts'

/** The outcome of a request's events; the `index` of a rejection counts all events in the order sent. */
export interface Outcome {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly Rejection[]
}

/** The events of a request between parsing and the log's acknowledgement. */
export interface InflightBatch {
  /** Bytes reserved until `outcome` settles. */
  readonly bytes: number
  /** Resolves once every event in it is acknowledged; rejects with COLLECTOR_LOG_UNAVAILABLE. */
  readonly outcome: () => Promise<Outcome>
}

export type Deliver = (pipeline: Pipeline, batch: Batch) => InflightBatch

/**
 * Delivers batches in the order that durability needs: claim the id, send the event, receive the log's acknowledgement,
 * mark the id as known, answer the client. Any failure of the log fails the whole request and releases the claimed ids,
 * so that the client's resend counts as new.
 */
export function deliverTo(log: LogProducer, cache: DuplicateCache): Deliver {
  const sending = new Map<number, Promise<void>>()
  let lastTicket = 0

  return (pipeline, batch) => {
    lastTicket = (lastTicket % 0xffff_ffff) + 1
    const ticket = lastTicket
    const { chosen, places, awaited, duplicates } = meetAll(pipeline, batch, cache, ticket)
    const { messages, bytes } = batch.take(chosen)
    const { rejected } = batch
    rejected.sort((a, b) => a.index - b.index)
    const settle = (acknowledged: boolean): void => {
      sending.delete(ticket)
      for (let i = 0; i < places.length; i++) cache.settle(places[i]!, ticket, acknowledged)
    }
    const sent = send(log, pipeline.topic, messages).then(
      () => settle(true),
      (error: unknown) => {
        settle(false)
        throw error
      },
    )
    sending.set(ticket, sent)
    const all = Promise.all([sent, ...[...awaited].map((owner) => sending.get(owner))])
    return { bytes, outcome: () => all.then(() => ({ accepted: messages.length, duplicates, rejected })) }
  }
}

interface Met {
  /** Selects the events to be sent, in order. */
  readonly chosen: (event: number) => boolean
  /** Places in the cache to be settled. */
  readonly places: readonly number[]
  /** Tickets of the requests that are sending copies of the same events. */
  readonly awaited: ReadonlySet<number>
  readonly duplicates: number
}

function meetAll({ number }: Pipeline, batch: Batch, cache: DuplicateCache, ticket: number): Met {
  const places: number[] = []
  const awaited = new Set<number>()
  const fresh = new Uint8Array(batch.count)
  let duplicates = 0
  for (let n = 0; n < batch.count; n++) {
    const meeting = cache.meet(batch.out, batch.ids[n]!, number, batch.hashes[2 * n]!, batch.hashes[2 * n + 1]!, ticket)
    if (meeting === FRESH) {
      fresh[n] = 1
      if (cache.place !== -1) places.push(cache.place)
    } else if (meeting === REUSED)
      batch.rejected.push({ index: batch.indexes[n]!, code: 'id_reuse', field: 'event_id' })
    else {
      duplicates++
      if (meeting !== SEEN) awaited.add(cache.owner)
    }
  }
  return { chosen: (event) => fresh[event] === 1, places, awaited, duplicates }
}

async function send(log: LogProducer, topic: string, messages: readonly LogMessage[]): Promise<void> {
  if (messages.length === 0) return
  try {
    await log.send(topic, messages)
  } catch (error) {
    throw fail('COLLECTOR_LOG_UNAVAILABLE', {}, error)
  }
}
