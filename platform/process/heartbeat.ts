import { Worker } from 'node:worker_threads'
import { BEAT_LINES, BEAT_MS, PAUSED_MS } from './protocol.ts'

/**
 * The heartbeat of a process comes from a thread of its own, so neither a long computation nor a large answer delays
 * it. The thread also watches the event loop, which moves a counter in shared memory: a loop that has been held too
 * long never comes back, so the thread says so and ends the process, under a supervisor as well as under an
 * orchestrator.
 */
export interface Heartbeat {
  /** From now on the event loop may be held no longer than the limit. Before, a start may hold it for long. */
  watch(): void
  stop(): void
}

export interface HeartbeatOptions {
  /** Name in the log. */
  readonly role: string
  /** Longest time that the event loop may be held, ms. */
  readonly heldLimitMs?: number
  /** Where a supervisor listens; undefined without one. */
  readonly fd?: number | undefined
}

/**
 * Longest hold of the event loop, ms: several times what work in one piece may take (an answer of 74 MB takes seconds),
 * and short enough that an orchestrator's probe need not be waited for.
 */
export const HELD_LIMIT_MS = 15_000

/** Slots of the memory that loop and thread share. */
const SLOTS = { beats: 0, watching: 1, stopped: 2 } as const

/** What the thread is given; it imports nothing. */
export interface HeartbeatData {
  readonly role: string
  readonly heldLimitMs: number
  readonly fd: number | undefined
  readonly shared: Int32Array
  readonly slots: typeof SLOTS
  readonly beatMs: number
  readonly pausedMs: number
  readonly lines: typeof BEAT_LINES
}

const LOOP_BEAT_MS = 250

export function startHeartbeat({ role, heldLimitMs = HELD_LIMIT_MS, fd }: HeartbeatOptions): Heartbeat {
  const shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(SLOTS).length))
  const given = { role, heldLimitMs, fd, shared, slots: SLOTS, beatMs: BEAT_MS, pausedMs: PAUSED_MS, lines: BEAT_LINES }
  const thread = new Worker(new URL('./heartbeat-thread.mjs', import.meta.url), {
    workerData: given satisfies HeartbeatData,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  })
  thread.unref()
  const beating = setInterval(() => Atomics.add(shared, SLOTS.beats, 1), LOOP_BEAT_MS).unref()
  return {
    watch: () => void Atomics.store(shared, SLOTS.watching, 1),
    stop() {
      clearInterval(beating)
      Atomics.store(shared, SLOTS.stopped, 1)
      Atomics.notify(shared, SLOTS.stopped)
    },
  }
}
