import { SIZE, TIME, type Segment } from './segment.ts'

/** Log time within which a player counts as recently active, ms: two heartbeats. */
const RECENT_MS = 20_000
const SECOND_MS = 1_000
/** The watermark is decided by one in ten of the recently active players, and at least three. */
const LEAST_PLAYERS = 3
const LEAST_SHARE = 0.1

/**
 * The watermark is the current time of a clock: the latest second that at least max(3, 10 %) of the recently active
 * players have reached, or all of them if there are fewer. It is not the greatest event time, because one player whose
 * clock is a year ahead would empty the view. Nor is it a small share of the players: of any thousand devices about a
 * dozen are minutes ahead, and a minute that only they have reached is empty.
 *
 * `received` is the latest log time read, ms. Undefined if no player was active recently.
 */
export function watermarkOf(segments: Iterable<Segment>, received: number): number | undefined {
  const seconds = new Map<number, number>()
  let players = 0
  for (const { states, received: heard } of segments) {
    if (heard === 0 || heard < received - RECENT_MS || states.length === 0) continue
    const second = Math.floor(states[states.length - SIZE + TIME]! / SECOND_MS)
    seconds.set(second, (seconds.get(second) ?? 0) + 1)
    players++
  }
  let missing = Math.min(players, Math.max(LEAST_PLAYERS, Math.ceil(players * LEAST_SHARE)))
  for (const [second, count] of [...seconds].sort(([a], [b]) => b - a)) {
    missing -= count
    if (missing <= 0) return second * SECOND_MS
  }
  return undefined
}
