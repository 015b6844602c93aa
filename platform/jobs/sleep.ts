import type { Clock } from '../clock.ts'

/** The waits of one job; no wake-up is lost, whenever it comes. */
export interface Sleep {
  /** Called before a step, which will see everything that happened until now. */
  begin(): void
  /** Reports an event that the running step may not have seen. */
  wake(): void
  /** Waits for a wake-up, at most `ms`; a wake-up since `begin` counts. After it, waits `gatherMs` more. */
  idle(ms: number, gatherMs?: number): Promise<void>
  /** Waits `ms`, regardless of wake-ups. */
  rest(ms: number): Promise<void>
}

/** All waits end when `stopping` is aborted. */
export function createSleep(clock: Clock, stopping: AbortSignal): Sleep {
  let news = new AbortController()
  const until = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal).catch(() => undefined)
  return {
    begin() {
      if (news.signal.aborted) news = new AbortController()
    },
    wake: () => news.abort(),
    async idle(ms, gatherMs = 0) {
      await until(ms, AbortSignal.any([stopping, news.signal]))
      if (news.signal.aborted && gatherMs > 0) await until(gatherMs, stopping)
    },
    rest: (ms) => until(ms, stopping),
  }
}
