/** Clock passed in as a parameter: nothing outside platform/ reads the machine's clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason if aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error)
      const stop = (): void => {
        clearTimeout(timer)
        reject(signal?.reason as Error)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

/** Time since the start of this process: for durations, since the machine's clock may be set at any moment. */
export const monotonicClock: Clock = { ...systemClock, now: () => performance.now() }

/** A clock for tests that moves only when `advance` is called. */
export function manualClock(start = 0): Clock & { advance(ms: number): void } {
  let now = start
  let waiting: { at: number; wake: () => void }[] = []
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((wake, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error)
        const sleeper = { at: now + ms, wake }
        waiting.push(sleeper)
        signal?.addEventListener(
          'abort',
          () => {
            waiting = waiting.filter((other) => other !== sleeper)
            reject(signal.reason as Error)
          },
          { once: true },
        )
      }),
    advance(ms) {
      now += ms
      const due = waiting.filter(({ at }) => at <= now)
      waiting = waiting.filter(({ at }) => at > now)
      for (const { wake } of due) wake()
    },
  }
}
