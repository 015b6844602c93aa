/**
 * The advertisement before the film: it plays in state s, may stall in the middle (state r, cause ad), and may fail to
 * load.
 */
import type { Ad } from './types.ts'

export class Preroll {
  /** True when the film may start. */
  done: boolean
  /** True while it plays or stalls. */
  running = false
  /** Total length so far, including its stall, ms. */
  tookMs = 0
  private readonly ad: Ad | undefined
  private startedAt = 0
  private stalled = false

  constructor(ad: Ad | undefined) {
    this.ad = ad
    this.done = ad === undefined
  }

  /** Starts; returns the time of its next event. */
  start(now: number): number {
    const { durationMs, stallMs } = this.ad!
    this.running = true
    this.startedAt = now
    return now + (stallMs > 0 ? Math.floor(durationMs / 2) : durationMs)
  }

  /** Starts its stall and returns its length, ms; 0 if no stall is left and it is over. */
  stallOrEnd(now: number): number {
    if (this.ad!.stallMs > 0 && !this.stalled) {
      this.stalled = true
      return this.ad!.stallMs
    }
    this.tookMs = now - this.startedAt
    this.skip()
    return 0
  }

  /** Resumes after its stall; returns the time of its end. */
  goOn(now: number): number {
    return now + Math.ceil(this.ad!.durationMs / 2)
  }

  skip(): void {
    this.running = false
    this.done = true
  }
}
