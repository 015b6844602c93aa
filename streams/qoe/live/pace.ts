import type { Clock } from '../../../platform/clock.ts'

/**
 * At the earliest this long after the last tick when something landed: event-to-visible has 1 s, of which a batch takes
 * 250 ms and its insert 100, ms.
 */
const SOONEST_MS = 150
/** Looked for anyway so often where a sink tells of what lands, and where none does, ms. */
const TOLD_MS = 2_000
const UNTOLD_MS = 1_000

/** When to compute next: soon after something landed, rarely while nothing does. */
export interface Pace {
  /** Resolves when it is time; false when it is over. */
  next(): Promise<boolean>
  stop(): void
}

export function createPace(clock: Clock, onLanded?: (listener: (topic: string) => void) => () => void): Pace {
  const over = new AbortController()
  let landed = true
  let wake = (): void => undefined
  const leave = onLanded?.((topic) => {
    if (topic !== 'playback.telemetry') return
    landed = true
    wake()
  })
  const rest = async (): Promise<void> => {
    if (landed || over.signal.aborted) return
    const awake = new AbortController()
    wake = () => awake.abort()
    await clock
      .sleep((onLanded === undefined ? UNTOLD_MS : TOLD_MS) - SOONEST_MS, AbortSignal.any([over.signal, awake.signal]))
      .catch(() => undefined)
  }
  let first = true
  return {
    async next() {
      if (!first) await clock.sleep(SOONEST_MS, over.signal).catch(() => undefined)
      if (!first) await rest()
      first = landed = false
      return !over.signal.aborted
    },
    stop() {
      leave?.()
      over.abort(new Error('the live view stops'))
    },
  }
}
