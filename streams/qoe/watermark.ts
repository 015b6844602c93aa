import { KNOT, TIME, type Segment } from './spread.ts'

/** Log time within which a player counts as recently heard, ms: two heartbeats. */
const RECENT_MS = 20_000
const SECOND_MS = 1_000

/**
 * "Now" of a clock: the latest second that at least max(3, 10 %) of the recently heard players have reached, all of
 * them where
 * there are fewer. Never the greatest event time: one player whose clock is a year ahead would empty the view. And no
 * small
 * share of them: of any thousand devices some dozen are minutes ahead, and a minute that only they have reached is
 * empty.
 */
export function kthLatest(seconds: ReadonlyMap<number, number>, present: number): number {
  const total = [...seconds.values()].reduce((sum, count) => sum + count, 0)
  let missing = Math.min(total, Math.max(3, Math.ceil(total / 10)))
  if (missing === 0) return present
  for (const [second, count] of [...seconds].sort(([a], [b]) => b - a)) {
    missing -= count
    if (missing <= 0) return second * SECOND_MS
  }
  return present
}

export interface Watermark {
  saw(received: number): void
  /** The watermark over these segments; as it was when none was heard of lately. */
  present(segments: Iterable<Segment>): number
  /** Latest log time seen, ms; 0 before the first. */
  readonly received: number
}

export function createWatermark(initial: number): Watermark {
  let received = 0
  let present = initial
  return {
    get received() {
      return received
    },
    saw(time) {
      if (time > received) received = time
    },
    present(segments) {
      const seconds = new Map<number, number>()
      for (const { knots, received: heard } of segments) {
        if (heard === 0 || heard < received - RECENT_MS || knots.length === 0) continue
        const second = Math.floor(knots[knots.length - KNOT + TIME]! / SECOND_MS)
        seconds.set(second, (seconds.get(second) ?? 0) + 1)
      }
      present = kthLatest(seconds, present)
      return present
    },
  }
}
