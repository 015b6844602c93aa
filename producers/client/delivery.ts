import type { Clock } from '../../platform/clock.ts'
import { errorCode, type PlayloopError } from '../../platform/errors.ts'
import { ID_BYTES } from '../../platform/ids.ts'
import type { Random } from '../../platform/random.ts'
import { readAnswer, readCode, type Answer } from './answer.ts'
import type { Batch } from './batch.ts'
import { fail } from './errors.ts'
import type { Journal } from '../../platform/journal/journal.ts'
import { backoffMs, isRetryable, retryAfterMs } from './retry.ts'
import { countRejected, type Tally } from './stats.ts'
import { toWire, type Reply, type Transport, type WireBatch } from './transport.ts'

export interface DeliveryOptions {
  readonly transport: Transport
  readonly url: string
  readonly ingestKey: string
  readonly zip: boolean
  readonly clock: Clock
  readonly random: Random
  readonly concurrency: number
  readonly tally: Tally
  readonly journal: Journal | undefined
  readonly onError: (error: PlayloopError) => void
  /**
   * Called when every event of the batch is accounted for: the collector has read all of its bytes, so they may be
   * reused.
   */
  readonly onAcknowledged: (batch: Batch) => void
}

const [OK, ACCEPTED, NO_CONTENT, GONE] = [200, 202, 204, 410]
/** Code under which events of a closed session are counted as rejected. */
export const SESSION_CLOSED = 'COLLECTOR_SESSION_CLOSED'

/**
 * Delivers batches to the collector: `concurrency` at a time, each with as many attempts as it needs.
 *
 * A batch is settled when the collector has answered for each of its events, or has refused it for good. Only then are
 * its ids journalled (all except the rejected ones) and its bytes released.
 */
export class Delivery {
  readonly #options: DeliveryOptions
  readonly #unsettled = new Set<Promise<void>>()
  readonly #abort = new AbortController()
  readonly #waitingForSlot: (() => void)[] = []
  #freeSlots: number
  #wakers: (() => void)[] = []
  /** Sessions that the collector has closed. */
  readonly closed = new Set<string>()
  /** Bytes of unsettled batches. */
  pendingBytes = 0

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#freeSlots = options.concurrency
  }

  add(batch: Batch): void {
    this.pendingBytes += batch.body.length
    const settled = this.#bring(batch)
    this.#unsettled.add(settled)
    // Not caught: a batch that ends in an exception is a bug, and must not count as delivered.
    void settled.finally(() => this.#unsettled.delete(settled))
  }

  /**
   * Resolves once all batches added so far are settled and journalled; rejects if one of them was abandoned, or if the
   * journal cannot be written: a caller that stores its position must not pass events whose outcome is unknown.
   */
  async settled(): Promise<void> {
    await this.idle()
    const { abandoned } = this.#options.tally
    if (abandoned > 0) throw fail('CLIENT_ABANDONED', { abandoned })
  }

  /** The same, whatever the outcome of the batches. */
  async idle(): Promise<void> {
    await Promise.all(this.#unsettled)
    await this.#options.journal?.flush()
  }

  /** Whether batches are waiting for others to be settled before they are sent. */
  get queued(): boolean {
    return this.#waitingForSlot.length > 0
  }

  /** Resolves when the next batch is settled. */
  nextSettled(): Promise<void> {
    return new Promise((wake) => this.#wakers.push(wake))
  }

  /** Stops retrying: unsettled events count as abandoned. */
  async abandon(): Promise<void> {
    this.#abort.abort()
    await this.#options.transport.close(new Error('the client was closed'))
  }

  async close(): Promise<void> {
    if (!this.#abort.signal.aborted) await this.#options.transport.close()
    await this.#options.journal?.close()
  }

  async #bring(batch: Batch): Promise<void> {
    await this.#takeSlot()
    try {
      await this.#deliver(batch)
    } finally {
      this.#giveSlot()
      this.pendingBytes -= batch.body.length
      for (const wake of this.#wakers.splice(0)) wake()
    }
  }

  async #deliver(batch: Batch): Promise<void> {
    const wire = await toWire(batch, this.#options)
    for (let attempt = 1; !this.#abort.signal.aborted; attempt++) {
      if (attempt > 1) this.#options.tally.retried++
      const reply = await this.#attempt(wire)
      if (reply !== undefined && !isRetryable(reply.status)) return this.#settle(batch, reply)
      await this.#pause(attempt, reply)
    }
    this.#options.tally.abandoned += batch.count
  }

  /** Undefined if the connection failed: whether the events are stored is unknown, and sending them again is safe. */
  async #attempt(wire: WireBatch): Promise<Reply | undefined> {
    const { clock, tally, transport } = this.#options
    const start = clock.now()
    tally.requests++
    tally.inFlight++
    tally.bytesSent += wire.body.length
    try {
      const reply = await transport.post(wire)
      tally.latency.record(clock.now() - start)
      return reply
    } catch (error) {
      if (errorCode(error) === 'UND_ERR_INVALID_ARG') throw error
      return undefined
    } finally {
      tally.inFlight--
    }
  }

  async #pause(attempt: number, reply: Reply | undefined): Promise<void> {
    const { clock, random } = this.#options
    const asked = retryAfterMs(reply?.retryAfter, clock.now())
    // An abort ends the pause early; the loop then detects it.
    await clock.sleep(backoffMs(attempt, random, asked), this.#abort.signal).catch(() => {})
  }

  #settle(batch: Batch, reply: Reply): void {
    const answer = answerOf(reply, batch)
    if (answer === undefined) return this.#refused(batch, reply)
    const { tally, journal } = this.#options
    for (const { index, code } of answer.rejected)
      if (code === 'cmcd_session_closed') this.closed.add(batch.sessions[index]!)
    tally.accepted += answer.accepted
    tally.duplicates += answer.duplicates
    for (const { code } of answer.rejected) countRejected(tally, code, 1)
    journal?.append(batch.topic, acknowledgedIds(batch, answer))
    this.#options.onAcknowledged(batch)
  }

  #refused({ topic, count, form, sessions }: Batch, { status, text }: Reply): void {
    const code = readCode(text)
    if (form === 'cmcd' && status === GONE) return this.#close(sessions)
    const error =
      status < 300
        ? fail('CLIENT_ANSWER_ODD', { topic, count, answer: text.slice(0, 200) })
        : fail('CLIENT_REFUSED', { topic, count, status, code })
    countRejected(this.#options.tally, code === '' ? error.code : code, count)
    this.#options.onError(error)
  }

  /** Closes sessions: their players must send nothing more. This is an answer, not a fault. */
  #close(sessions: readonly string[]): void {
    for (const session of sessions) this.closed.add(session)
    countRejected(this.#options.tally, SESSION_CLOSED, sessions.length)
  }

  async #takeSlot(): Promise<void> {
    if (this.#freeSlots > 0) this.#freeSlots--
    else await new Promise<void>((take) => this.#waitingForSlot.push(take))
  }

  #giveSlot(): void {
    const next = this.#waitingForSlot.shift()
    if (next === undefined) this.#freeSlots++
    else next()
  }
}

/**
 * Undefined if the answer does not account for each event. A CMCD collector that only answers 204 has accepted them
 * all.
 */
function answerOf({ status, text }: Reply, { form, count }: Batch): Answer | undefined {
  if (form === 'cmcd' && status === NO_CONTENT) return { accepted: count, duplicates: 0, rejected: [] }
  return status === ACCEPTED || (form === 'cmcd' && status === OK) ? readAnswer(text, count) : undefined
}

/** Ids of all events except the rejected ones. */
function acknowledgedIds({ ids, count }: Batch, { rejected }: Answer): Uint8Array {
  if (rejected.length === 0) return ids
  const refused = new Set(rejected.map(({ index }) => index))
  const kept = Array.from({ length: count }, (_, i) => i).filter((i) => !refused.has(i))
  return Buffer.concat(kept.map((i) => ids.subarray(i * ID_BYTES, (i + 1) * ID_BYTES)))
}
