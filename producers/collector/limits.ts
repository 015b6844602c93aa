import type { Clock } from '../../platform/clock.ts'

/**
 * Bytes that requests hold, from the first of the body that arrives to Kafka's acknowledgement. Past the limit the
 * collector sheds at once: nothing queues here, so memory stays flat however much is sent.
 */
export class Budget {
  #held = 0
  readonly limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  get held(): number {
    return this.#held
  }

  get full(): boolean {
    return this.#held >= this.limit
  }

  /** False, and nothing is taken, when it would not fit. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.limit) return false
    this.#held += bytes
    return true
  }

  /** Holds what is there already, whatever the limit says. */
  hold(bytes: number): void {
    this.#held += bytes
  }

  give(bytes: number): void {
    this.#held -= bytes
  }
}

/** Names remembered; the least lately used is forgotten, with at most a second's allowance. */
const MAX_NAMES = 10_000

/**
 * Events a second of each key, as a token bucket that holds one second's worth. How many events a request holds is
 * known only once it is read, so a request passes while the bucket is not empty and may leave it in debt.
 */
export class RateLimiter {
  readonly #perSecond: number
  readonly #clock: Clock
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond
    this.#clock = clock
  }

  get perSecond(): number {
    return this.#perSecond
  }

  /** Seconds that `name` must wait; 0 = it may send. */
  wait(name: string): number {
    if (this.#perSecond === 0) return 0
    const { tokens } = this.#filled(name)
    return tokens > 0 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.#perSecond))
  }

  spend(name: string, events: number): void {
    if (this.#perSecond > 0) this.#filled(name).tokens -= events
  }

  #filled(name: string): { tokens: number; at: number } {
    const now = this.#clock.now()
    const bucket = this.#buckets.get(name) ?? { tokens: this.#perSecond, at: now }
    bucket.tokens = Math.min(this.#perSecond, bucket.tokens + (Math.max(0, now - bucket.at) * this.#perSecond) / 1_000)
    bucket.at = now
    this.#buckets.delete(name)
    this.#buckets.set(name, bucket)
    if (this.#buckets.size > MAX_NAMES) this.#buckets.delete(this.#buckets.keys().next().value!)
    return bucket
  }
}
