import type { LogMessage } from '../../platform/kafka/port.ts'
import type { Fault, Rejection } from './faults.ts'
import { MAX_EVENT_BYTES } from './values.ts'
import { hash64 } from './wire.ts'

/** Largest buffer that is kept between requests, bytes; a larger one is released after use. */
const KEPT_BYTES = 4 << 20
const FIRST_BYTES = 1 << 20

/**
 * The encoded events of one request: one growing buffer and, for each event, its offsets in it. Parsing is synchronous,
 * so one batch serves every request in turn; `take` copies out what is needed later.
 */
export class Batch {
  out: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  /** The same bytes, for access four at a time. */
  words = new DataView(this.out.buffer, this.out.byteOffset)
  /** Offset at which the next event is written. */
  at = 0
  /** Number of events encoded. */
  count = 0
  /** Number of events read, including refused ones: the index of the next event. */
  seen = 0
  rejected: Rejection[] = []
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly keyStarts: Int32Array
  readonly keyEnds: Int32Array
  readonly indexes: Int32Array
  /** Each event's payload hash, as two halves. */
  readonly hashes: Uint32Array
  /** Offset of each event id. */
  readonly ids: Int32Array
  readonly #maxEvents: number
  readonly #halves = new Uint32Array(2)

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents
    const column = (): Int32Array => new Int32Array(maxEvents)
    this.starts = column()
    this.ends = column()
    this.keyStarts = column()
    this.keyEnds = column()
    this.indexes = column()
    this.ids = column()
    this.hashes = new Uint32Array(2 * maxEvents)
  }

  reset(): void {
    if (this.out.length > KEPT_BYTES) this.#use(Buffer.allocUnsafeSlow(FIRST_BYTES))
    this.at = 0
    this.count = 0
    this.seen = 0
    this.rejected = []
  }

  /** False once the request holds the maximum number of events. */
  get open(): boolean {
    return this.seen < this.#maxEvents
  }

  reserve(bytes: number): void {
    if (this.at + bytes <= this.out.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.out.length * 2, this.at + bytes))
    this.out.copy(grown, 0, 0, this.at)
    this.#use(grown)
  }

  #use(out: Buffer): void {
    this.out = out
    this.words = new DataView(out.buffer, out.byteOffset)
  }

  /**
   * Adds the event written at `[this.at, end)`. The payload that identifies a resend is everything except the id and
   * the fields the collector sets: `[bodyStart, stampStart)` and `[stampEnd, payloadEnd)`.
   */
  add(
    end: number,
    id: number,
    bodyStart: number,
    stampStart: number,
    stampEnd: number,
    payloadEnd: number,
    keyStart: number,
    keyEnd: number,
  ): void {
    if (end - this.at > MAX_EVENT_BYTES) return this.reject({ code: 'event_too_large' })
    const n = this.count++
    const halves = this.#halves
    halves[0] = halves[1] = 0
    hash64(this.words, bodyStart, stampStart, halves)
    hash64(this.words, stampEnd, payloadEnd, halves)
    this.hashes[2 * n] = halves[0]!
    this.hashes[2 * n + 1] = halves[1]!
    this.starts[n] = this.at
    this.ends[n] = end
    this.ids[n] = id
    this.keyStarts[n] = keyStart
    this.keyEnds[n] = keyEnd
    this.indexes[n] = this.seen++
    this.at = end
  }

  reject(fault: Fault): void {
    this.rejected.push({ index: this.seen++, ...fault })
  }

  /** Removes the event added last, because a fault was found after it. */
  drop(event: number, fault: Fault): void {
    if (event < this.count) {
      this.count = event
      this.at = this.starts[event]!
    } else this.rejected.pop()
    this.seen--
    this.reject(fault)
  }

  /** Messages of the chosen events, copied into a buffer of exactly their size. */
  take(chosen: (event: number) => boolean): { messages: LogMessage[]; bytes: number } {
    const slab = Buffer.allocUnsafeSlow(this.at)
    this.out.copy(slab, 0, 0, this.at)
    const messages: LogMessage[] = []
    for (let n = 0; n < this.count; n++) {
      if (!chosen(n)) continue
      messages.push({
        key: slab.subarray(this.keyStarts[n], this.keyEnds[n]),
        value: slab.subarray(this.starts[n], this.ends[n]),
      })
    }
    return { messages, bytes: this.at }
  }
}
