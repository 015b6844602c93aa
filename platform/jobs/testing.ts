import type { Clock } from '../clock.ts'

/** A clock that jumps to the next moment at which a sleeper wakes, so that hours take milliseconds. */
export interface SimulatedClock extends Clock {
  /** Advances time until `end`, ms. */
  runUntil(end: number): Promise<void>
}

export function simulatedClock(): SimulatedClock {
  let now = 0
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error)
        const sleeper = { at: now + ms, wake: resolve }
        sleepers.add(sleeper)
        const stop = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', stop, { once: true })
      }),
    async runUntil(end) {
      for (;;) {
        // Everything that is awake runs until all of it sleeps.
        await new Promise((resolve) => setImmediate(resolve))
        const next = [...sleepers].reduce((first, each) => (each.at < first ? each.at : first), Infinity)
        if (next > end) break
        now = Math.max(now, next)
        for (const sleeper of [...sleepers].filter(({ at }) => at <= now)) {
          sleepers.delete(sleeper)
          sleeper.wake()
        }
      }
      now = end
    },
  }
}
