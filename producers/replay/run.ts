import type { Clock } from '../../platform/clock.ts'
import type { Client } from '../client/index.ts'
import { pacer } from './pace.ts'
import type { ReplayEvent, ReplaySource } from './source.ts'

export interface RunOptions {
  readonly source: ReplaySource
  readonly client: Client
  readonly clock: Clock
  /** First event to send. */
  readonly from: number
  /** Position in the data set at which to stop. */
  readonly limit: number
  readonly speed: number
  /** Stops the run early and in order. */
  readonly signal: AbortSignal
  /** Every event before `position` is acknowledged and journalled. */
  readonly onSettled: (position: number) => Promise<void>
  readonly onProgress: () => void
}

const MARK_EVENTS = 20_000
const MARK_MS = 2_000
/** Maximum time that an interrupted run waits for its last acknowledgements. */
const LAST_WAIT_MS = 3_000

/** Sends a source's events in order; returns once they are acknowledged or the signal has stopped the run. */
export async function runSource(options: RunOptions): Promise<void> {
  const { source, from, limit } = options
  const run = new Run(options)
  try {
    if (from < limit) for await (const chunk of source.events(from)) if (!(await run.send(chunk))) break
  } catch (error) {
    // Wait until the events sent before the fault are settled, but report the fault itself.
    await run.finish().catch(() => {})
    throw error
  }
  await run.finish()
}

class Run {
  readonly #options: RunOptions
  readonly #wait: (eventTime: number) => number
  readonly #stopped: Promise<void>
  #position: number
  #marked: number
  #markedAt: number
  /** Positions are stored one after the other; the first failed write ends the run. */
  #marks: Promise<void> = Promise.resolve()
  #failed = false

  constructor(options: RunOptions) {
    const { clock, from, speed, signal } = options
    this.#options = options
    this.#wait = pacer(clock, speed)
    this.#stopped = new Promise((stop) => signal.addEventListener('abort', () => stop(), { once: true }))
    this.#position = this.#marked = from
    this.#markedAt = clock.now()
  }

  /** Returns false if the run must end. */
  async send(chunk: readonly ReplayEvent[]): Promise<boolean> {
    const { client, clock, limit, signal, onProgress } = this.#options
    for (const { topic, event } of chunk) {
      const delay = this.#wait(event.event_time)
      if (delay > 0) await clock.sleep(delay, signal).catch(() => {})
      if (signal.aborted || this.#failed) return false
      if (!client.send(topic, event)) await Promise.race([client.ready(), this.#stopped])
      this.#position++
      if (delay > 0 || (this.#position & 255) === 0) this.#mark()
      if (this.#position >= limit) return false
    }
    onProgress()
    return !signal.aborted
  }

  async finish(): Promise<void> {
    const { clock, signal, client, onSettled } = this.#options
    const last = client.flush().then(async () => {
      await this.#marks
      await onSettled(this.#position)
    })
    // If the wait was abandoned, ignore a later failure: the position is not stored then.
    last.catch(() => {})
    const enough = new AbortController()
    const late = signal.aborted ? clock.sleep(LAST_WAIT_MS, enough.signal).catch(() => {}) : this.#stopped
    await Promise.race([last, late]).finally(() => enough.abort())
  }

  /** Stores the position from time to time, without waiting, once all events so far are settled. */
  #mark(): void {
    const { client, clock, onSettled } = this.#options
    if (this.#position - this.#marked < MARK_EVENTS && clock.now() - this.#markedAt < MARK_MS) return
    const position = this.#position
    this.#marked = position
    this.#markedAt = clock.now()
    const settled = client.flush()
    settled.catch(() => {})
    this.#marks = this.#marks.then(() => settled).then(() => onSettled(position))
    this.#marks.catch(() => (this.#failed = true))
  }
}
