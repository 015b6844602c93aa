import type { Clock } from '../../platform/clock.ts'

/**
 * Memory budget for requests, in bytes, from the first byte of the body to Kafka's acknowledgement. Above the limit the
 * collector sheds load at once: there is no queue, so memory stays bounded at any load.
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

  fits(bytes: number): boolean {
    return this.#held + bytes <= this.limit
  }

  /** Reserves the bytes; returns false, and reserves nothing, if they do not fit. */
  take(bytes: number): boolean {
    if (!this.fits(bytes)) return false
    this.#held += bytes
    return true
  }

  /** Reserves bytes that are already in memory, regardless of the limit. */
  hold(bytes: number): void {
    this.#held += bytes
  }

  give(bytes: number): void {
    this.#held -= bytes
  }
}

/**
 * What each sender holds of the budget in bodies that are arriving: at most as much as it leaves free for others
 * (dynamic thresholds, Choudhury and Hahne 1998). One sender alone can use half of the budget, two a third each, and
 * there is always room for one more.
 */
export class Shares {
  readonly #budget: Budget
  readonly #held = new Map<string, number>()

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Whether the sender may reserve so many bytes more. */
  fits(sender: string, bytes: number): boolean {
    return this.heldBy(sender) + bytes <= this.#budget.limit - this.#budget.held - bytes
  }

  heldBy(sender: string): number {
    return this.#held.get(sender) ?? 0
  }

  hold(sender: string, bytes: number): void {
    this.#held.set(sender, this.heldBy(sender) + bytes)
  }

  give(sender: string, bytes: number): void {
    const held = this.heldBy(sender) - bytes
    if (held <= 0) this.#held.delete(sender)
    else this.#held.set(sender, held)
  }
}

/** Maximum number of names kept; the least recently used is evicted, which grants it at most one second's allowance. */
const MAX_NAMES = 10_000

/**
 * Limits the events per second of each key, with a token bucket of one second's capacity. The number of events in a
 * request is known only after reading it, so a request passes while the bucket is not empty and may leave it in debt.
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

  /** Seconds that `name` must wait; 0 if it may send now. */
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
