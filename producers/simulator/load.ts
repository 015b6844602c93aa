/** Computes the number of viewers needed to send a given number of events per second. */
import type { WorldOptions } from './scene.ts'

/** Both measured over an hour under load, in full detail: events of a session in all topics, and its length. */
const EVENTS_PER_SESSION = 385
export const MEAN_SESSION_S = 3_500
/** Households per running session, so that the same ones do not always watch. */
const HOUSEHOLDS_PER_SESSION = 4
/** Real time over which the viewers arrive, ms. */
const RUSH_MS = 20_000

export type Load = Pick<WorldOptions, 'liveSessionsPerSecond' | 'households' | 'rushMs'>

/**
 * `rate`: events per second of real time; without it, or at maximum speed (speed 0), the population keeps its own
 * rhythm.
 */
export function loadFor({ rate, speed }: { readonly rate?: number | undefined; readonly speed: number }): Load {
  if (rate === undefined || speed === 0) return {}
  const liveSessionsPerSecond = rate / speed / EVENTS_PER_SESSION
  const playing = liveSessionsPerSecond * MEAN_SESSION_S
  return {
    liveSessionsPerSecond,
    households: Math.max(1_000, Math.ceil(playing * HOUSEHOLDS_PER_SESSION)),
    rushMs: RUSH_MS * Math.max(1, speed),
  }
}
