import { MAX_GROWTH, MINUTE_MS, SILENCE_MS, SUMS, type MinutePlace, type SumName } from '../definitions.ts'
import { bucketOf, STARTUP_PARTS } from '../sketch.ts'
import { plainMinute } from './plain.ts'
import type { PlainMinute } from './plain-minute.ts'
import {
  BITS,
  BUSINESS,
  CLAMPED,
  ENDED,
  FATAL,
  firstAfter,
  MEDIA,
  SIZE,
  STALL,
  TECHNICAL,
  TIME,
  WALL,
  WATCHED,
  type Segment,
} from './segment.ts'

/**
 * Computes the figures of a minute from absolute counters. A player never reports "I stalled for 3 s in this minute";
 * it reports "since this segment began I have stalled for 40 s". A minute is therefore a difference: between what a
 * segment had reported at the minute's end (b, or c at the end of the first later minute with a report) and before it
 * (a). Reports do not come exactly at the ends of minutes, so the growth between two reports is spread evenly over the
 * time between them, and each minute gets the share that lies within it. Growth over a silence longer than SILENCE_MS,
 * or from an unknown start, is unknown and not spread.
 *
 * The same algebra in SQL, for stored minutes, is `minuteRollups` in rollups.ts; a test checks that both are equal on
 * any history. Prefixes of nested sums (stall <= watched <= wall) are spread and rounded down, not their parts: the
 * parts of a minute thus never exceed it, and the minutes of a span sum to its growth.
 */

/** Sums of one minute and one combination of dimensions: whole numbers, so the order of addition does not matter. */
export type MinuteCell = MinutePlace &
  Readonly<Record<SumName, number>> & {
    /** Plays by start-up time: lower end of the bucket (sketch.ts, STARTUP_PARTS) in ms, number of plays. */
    readonly startups: ReadonlyMap<number, number>
  }

/** A cell under construction. */
export type OpenCell = MinutePlace & Record<SumName, number> & { readonly startups: Map<number, number> }

export const emptyCell = ({ country, asn, oca, device, app_version }: MinutePlace): OpenCell => ({
  country,
  asn,
  oca,
  device,
  app_version,
  ...(Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<SumName, number>),
  startups: new Map(),
})

/** A copy of the current cells, without empty ones. */
export const snapshotOf = (cells: readonly MinuteCell[]): MinuteCell[] =>
  cells
    .filter((cell) => SUMS.some((name) => cell[name] !== 0))
    .map((cell) => ({ ...cell, startups: new Map(cell.startups) }))

/** Adds (sign 1) or removes (-1) the contribution of `segment` to the minute that starts at `minute`. */
export function addSegment(cell: OpenCell, segment: Segment, minute: number, sign: 1 | -1): void {
  if (segment.records !== undefined) return addPlain(cell, plainMinute(segment, minute), sign)
  const { states } = segment
  const next = firstAfter(states, minute)
  const b = next >= SIZE && states[next - SIZE] === minute ? next - SIZE : -1
  const before = (b >= 0 ? b : next) - SIZE
  const a = before >= 0 && states[before]! >= minute - SILENCE_MS ? before : -1
  const c = next < states.length ? next : -1
  const startup = startupAt(segment, minute)
  const watched = cell.watched_ms
  addTime(cell, segment, minute, { a, b, c }, sign)
  addMoments(cell, segment, startup, minute, sign)
  if (cell.watched_ms !== watched && isInProgress(segment, startup, minute)) cell.concurrent_plays += sign
  if (b >= 0) addEnd(cell, states, startup, b, sign)
}

/** What is known of the start as seen from SILENCE_MS after the minute, because the stored answer reads no further. */
const startupAt = ({ startup, startHeard }: Segment, minute: number): number =>
  startHeard <= minute + SILENCE_MS ? startup : -1
const isBegunAt = ({ begunHeard }: Segment, minute: number): boolean => begunHeard <= minute + SILENCE_MS

/** Positions in `states` of the last report before, the one in and the first after the minute; -1 if there is none. */
interface Neighbours {
  readonly a: number
  readonly b: number
  readonly c: number
}

/** A segment's counters are 0 at its start. */
const NOTHING: readonly number[] = new Array<number>(SIZE).fill(0)

function addTime(cell: OpenCell, segment: Segment, minute: number, { a, b, c }: Neighbours, sign: number): void {
  const q = b >= 0 ? b : c
  if (q < 0) return
  const { states } = segment
  const segmentStart = isBegunAt(segment, minute) ? segment.segmentStart : 0
  const [end, start] = [minute + MINUTE_MS, a >= 0 ? states[a + TIME]! : segmentStart]
  const span = states[q + TIME]! - start
  const known = start < end && span >= 0 && span <= SILENCE_MS && (a >= 0 || segmentStart >= minute - SILENCE_MS)
  const [from, p] = a >= 0 ? [states, a] : [NOTHING, 0]
  if (known) {
    const [since, until] = [Math.max(minute, start) - start, Math.min(end, states[q + TIME]!) - start]
    addSpan(cell, from, p, states, q, since, until, span, sign)
  }
  if (b >= 0 && known) {
    cell.errors_technical += sign * growth(states[b + TECHNICAL]!, from[p + TECHNICAL]!)
    cell.errors_business += sign * growth(states[b + BUSINESS]!, from[p + BUSINESS]!)
    cell.errors_fatal += sign * growth(states[b + FATAL]!, from[p + FATAL]!)
  }
  if (b >= 0 && !known) cell.unknown += sign
  if (b < 0 || c < 0) return
  const rest = states[c + TIME]! - states[b + TIME]!
  if (rest <= SILENCE_MS) addSpan(cell, states, b, states, c, 0, end - states[b + TIME]!, rest, sign)
}

/** Adds the growth from the state at p to the state at q: the share from `since` to `until` ms after p. */
function addSpan(
  cell: OpenCell,
  from: readonly number[],
  p: number,
  to: readonly number[],
  q: number,
  since: number,
  until: number,
  span: number,
  sign: number,
): void {
  if (until <= since) return
  // Growth beyond the elapsed time is scaled down to it.
  const over = Math.max(span, growth(to[q + WALL]!, from[p + WALL]!), 1)
  const partOf = (counter: number): number => {
    const grown = growth(to[q + counter]!, from[p + counter]!)
    return grown > 0 ? sign * (portion(grown, until, over) - portion(grown, since, over)) : 0
  }
  cell.stall_ms += partOf(STALL)
  cell.watched_ms += partOf(WATCHED)
  cell.wall_ms += partOf(WALL)
  cell.media_ms += partOf(MEDIA)
  cell.bits_played += partOf(BITS)
}

const growth = (to: number, from: number): number => Math.min(Math.max(to - from, 0), MAX_GROWTH)

/** floor(grown x part / whole), exact beyond 2^53 too. */
function portion(grown: number, part: number, whole: number): number {
  const product = grown * part
  return product <= Number.MAX_SAFE_INTEGER
    ? Math.floor(product / whole)
    : Number((BigInt(grown) * BigInt(part)) / BigInt(whole))
}

/** Adds request and first frame: points in time that every record of the segment reports. */
function addMoments(cell: OpenCell, of: Segment, startup: number, minute: number, sign: number): void {
  const { segment, sessionStart, segmentStart } = of
  if (!isBegunAt(of, minute)) return
  const within = (time: number): boolean => time >= minute && time < minute + MINUTE_MS
  if (segment === 0 && within(sessionStart)) cell.attempts += sign
  if (startup < 0 || !within(sessionStart + startup) || segmentStart > sessionStart + startup) return
  cell.plays += sign
  cell.startup_ms += sign * startup
  addStartup(cell, startup, sign)
}

function addStartup({ startups }: OpenCell, startup: number, sign: number): void {
  const bucket = bucketOf(startup, STARTUP_PARTS)
  const count = (startups.get(bucket) ?? 0) + sign
  if (count === 0) startups.delete(bucket)
  else startups.set(bucket, count)
}

/** Adds (sign 1) or removes (-1) a minute of a session of plain CMCD. A play may have an unknown start-up. */
export function addPlain(cell: OpenCell, { sums, startup }: PlainMinute, sign: 1 | -1): void {
  for (const name of SUMS) cell[name] += sign * sums[name]
  if (startup >= 0) addStartup(cell, startup, sign)
}

/**
 * Counted if the session was playing when the minute began, or if its first frame was in the minute: a change of OCA
 * within the minute adds no play.
 */
function isInProgress({ sessionStart, segmentStart }: Segment, startup: number, minute: number): boolean {
  const firstFrame = sessionStart + startup
  return startup >= 0 && firstFrame < minute + MINUTE_MS && (segmentStart <= minute || segmentStart <= firstFrame)
}

function addEnd(cell: OpenCell, states: readonly number[], startup: number, b: number, sign: number): void {
  if (states[b + CLAMPED] === 1) cell.clamped += sign
  if (states[b + ENDED] !== 1 || endedBefore(states, b)) return
  const failed = states[b + FATAL]! > 0
  const isTechnical = failed && states[b + BUSINESS] === 0
  if (startup >= 0) {
    if (isTechnical) cell.vpf_technical += sign
    return
  }
  if (failed) cell.vsf += sign
  else cell.ebvs += sign
  if (isTechnical) cell.vsf_technical += sign
}

function endedBefore(states: readonly number[], b: number): boolean {
  for (let i = b - SIZE; i >= 0 && states[i]! >= states[b]! - SILENCE_MS; i -= SIZE)
    if (states[i + ENDED] === 1) return true
  return false
}
