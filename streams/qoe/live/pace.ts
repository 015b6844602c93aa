import type { Clock } from '../../../platform/clock.ts'

/**
 * Shortest time in ms from the last tick to the next after something landed. The budget from event to visible is 1 s,
 * of which a batch takes 250 ms and its insert 100 ms.
 */
const SOONEST_MS = 150
/** Poll intervals in ms: where a sink notifies of what lands, and where none does. */
const TOLD_MS = 2_000
const UNTOLD_MS = 1_000

/** Decides when to compute next: soon after something landed, rarely while nothing does. */
export interface Pace {
  /** Resolves when the next tick is due; false after the end. */
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
