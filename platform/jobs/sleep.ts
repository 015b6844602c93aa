import type { Clock } from '../clock.ts'

/** The waiting of one job: no wake-up is lost, whenever it comes. */
export interface Sleep {
  /** Before a step: it will see everything that happened until now. */
  begin(): void
  /** Something happened that the step under way may not have seen. */
  wake(): void
  /** Waits for a wake-up, at most `ms`; one that came since `begin` counts. After it, `gatherMs` more. */
  idle(ms: number, gatherMs?: number): Promise<void>
  /** Waits, whoever wakes. */
  rest(ms: number): Promise<void>
}

/** All waiting ends with `stopping`. */
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
