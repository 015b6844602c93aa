import { ENDED, SIZE, TIME, type Segment } from './segment.ts'

/** Log time within which a player counts as recently active, ms: two heartbeats. */
const RECENT_MS = 20_000
const SECOND_MS = 1_000
/** One in so many decides, of senders and of the players of a sender; but no single one where there are two. */
const ONE_IN = 3
/** Players that still play decide alone if they are at least three, and one in ten of those heard. */
const LEAST_PLAYING = 3
const LEAST_SHARE = 0.1

/** The clock whose event times are real time: nothing on it can happen after the collector has received it. */
const LIVE = 'live'

/**
 * The watermark is the current time of a clock. A client can invent sessions and times, but not the address from which
 * the collector receives them: so each sender counts once, with the second that one in three of its players have
 * reached, and the watermark is the latest second that one in three senders have reached; of two, both. While fewer
 * than half as many senders lie as tell the truth, it lies between times that honest senders told, whatever the others
 * say and in how many sessions; and on the clock \`live\` no time counts as later than its receipt.
 *
 * It is not the greatest event time: one player whose clock is a year ahead would empty the view. Nor is it a small
 * share of the players: of any thousand devices about a dozen are minutes ahead. Players that have ended stand still
 * and would hold a fast clock back, so they count only where few others are left.
 *
 * \`received\` is the latest log time read, ms. Undefined if no player was active recently. tail.ts says the same in SQL.
 */
export function watermarkOf(segments: Iterable<Segment>, received: number, clock: string): number | undefined {
  const senders = new Map<number, Players>()
  for (const { states, received: heard, sender } of segments) {
    if (heard === 0 || heard < received - RECENT_MS || states.length === 0) continue
    const last = states.length - SIZE
    const time = clock === LIVE ? Math.min(states[last + TIME]!, heard) : states[last + TIME]!
    const players = senders.get(sender) ?? { all: new Map(), playing: new Map() }
    senders.set(sender, players)
    add(players.all, Math.floor(time / SECOND_MS))
    if (states[last + ENDED] !== 1) add(players.playing, Math.floor(time / SECOND_MS))
  }
  if (senders.size === 0) return undefined
  const reached: Seconds = new Map()
  for (const players of senders.values()) add(reached, reachedBy(players))
  return nthLatest(reached, third(sizeOf(reached))) * SECOND_MS
}

/** Seconds and how many have reached just them. */
type Seconds = Map<number, number>

/** Players of one sender. */
interface Players {
  readonly all: Seconds
  readonly playing: Seconds
}

function reachedBy({ all, playing }: Players): number {
  const few = Math.max(LEAST_PLAYING, Math.ceil(sizeOf(all) * LEAST_SHARE))
  return sizeOf(playing) >= few
    ? nthLatest(playing, third(sizeOf(playing)))
    : nthLatest(all, Math.min(sizeOf(all), few))
}

const third = (count: number): number => Math.max(Math.ceil(count / ONE_IN), Math.min(count, 2))
const sizeOf = (seconds: Seconds): number => [...seconds.values()].reduce((sum, count) => sum + count, 0)
const add = (seconds: Seconds, second: number): void => void seconds.set(second, (seconds.get(second) ?? 0) + 1)

/** The latest second that so many have reached. */
function nthLatest(seconds: Seconds, rank: number): number {
  let missing = rank
  return [...seconds].sort(([a], [b]) => b - a).find(([, count]) => (missing -= count) <= 0)![0]
}
