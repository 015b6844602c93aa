import {
  MINUTE_MS,
  MAX_GROWTH,
  SILENCE_MS,
  SUMS,
  startupBucket,
  type MinutePlace,
  type SumName,
} from './definitions.ts'

/**
 * What one segment of a session adds to one minute. The same algebra as `minuteCubes` in queries.ts, there for any
 * minute that
 * is stored, here for the minutes that are still open; a test holds them equal on any history.
 */
export interface Segment {
  readonly place: MinutePlace
  /** Names its cell of a minute. */
  readonly cell: string
  readonly segment: number
  readonly sessionStart: number
  readonly segmentStart: number
  /** Playback request to first frame, ms; -1 while there was none. */
  startup: number
  /** First minute the segment was heard in, and first in which it told a start-up. */
  heard: number
  startHeard: number
  /** Log time of the latest record, ms. */
  received: number
  /** Set once knots older than those kept were let go. */
  trimmed: boolean
  /** What the segment last said in each minute: KNOT numbers each, in order of minutes. */
  knots: number[]
}

/** Layout of a knot. The counters stand in the order of CARRIED. */
export const KNOT = 12
export const MINUTE = 0
export const TIME = 1
export const COUNTERS = 2
export const ENDED = 10
export const CLAMPED = 11
const WALL = COUNTERS + 2
const BUSINESS = COUNTERS + 6
const SPREAD_COUNT = 5
const CARRIED_COUNT = 8
const FATAL = COUNTERS + 7

/** Sums of one place in one minute. */
export interface Cell extends MinutePlace {
  /** In the order of SUMS. */
  readonly sums: number[]
  /** Plays by bucket of start-up time. */
  readonly startups: Map<number, number>
}

export const cellName = ({ country, asn, oca, device, app_version }: MinutePlace): string =>
  `${country}\n${asn}\n${oca}\n${device}\n${app_version}`

export const emptyCell = (place: MinutePlace): Cell => ({ ...place, sums: SUMS.map(() => 0), startups: new Map() })

const at = (name: SumName): number => SUMS.indexOf(name)
const [ATTEMPTS, PLAYS, CONCURRENT, EBVS, VSF, VSF_TECHNICAL, VPF_TECHNICAL, STARTUP, FIRST, UNKNOWN, CLAMPS] = [
  at('attempts'),
  at('plays'),
  at('concurrent_plays'),
  at('ebvs'),
  at('vsf'),
  at('vsf_technical'),
  at('vpf_technical'),
  at('startup_ms'),
  at('stall_ms'),
  at('unknown'),
  at('clamped'),
] as const
const WATCHED_SUM = at('watched_ms')

/** A segment's counters are 0 at its start. */
const NOTHING: readonly number[] = new Array<number>(KNOT).fill(0)

/** Adds (sign 1) or takes back (-1) what `segment` means for the minute that starts at `minute`. */
export function addSegment(cell: Cell, segment: Segment, minute: number, sign: 1 | -1): void {
  const { knots } = segment
  const next = firstAfter(knots, minute)
  const b = next >= KNOT && knots[next - KNOT] === minute ? next - KNOT : -1
  const before = (b >= 0 ? b : next) - KNOT
  const a = before >= 0 && knots[before]! >= minute - SILENCE_MS ? before : -1
  const c = next < knots.length ? next : -1
  const startup = startupAt(segment, minute)
  const watched = cell.sums[WATCHED_SUM]!
  addTime(cell.sums, segment, minute, { a, b, c }, sign)
  addMoments(cell, segment, startup, minute, sign)
  const active = cell.sums[WATCHED_SUM] !== watched
  if (active && inProgress(segment, startup, minute)) cell.sums[CONCURRENT]! += sign
  if (b >= 0) addEnd(cell.sums, knots, startup, b, sign)
}

/** What is known of the start by those who look SILENCE_MS ahead of the minute: the stored answer reads no further. */
const startupAt = ({ startup, startHeard }: Segment, minute: number): number =>
  startHeard <= minute + SILENCE_MS ? startup : -1

/** Places of the neighbours in `knots`; -1 where there is none. */
interface Neighbours {
  readonly a: number
  readonly b: number
  readonly c: number
}

function addTime(
  sums: number[],
  { knots, segmentStart }: Segment,
  minute: number,
  { a, b, c }: Neighbours,
  sign: number,
): void {
  const q = b >= 0 ? b : c
  if (q < 0) return
  const start = a >= 0 ? knots[a + TIME]! : segmentStart
  const span = knots[q + TIME]! - start
  const known =
    start < minute + MINUTE_MS && span >= 0 && span <= SILENCE_MS && (a >= 0 || segmentStart >= minute - SILENCE_MS)
  const end = minute + MINUTE_MS
  if (known)
    addSpan(
      sums,
      a >= 0 ? knots : NOTHING,
      Math.max(a, 0),
      knots,
      q,
      Math.max(minute, start) - start,
      Math.min(end, knots[q + TIME]!) - start,
      span,
      sign,
    )
  if (b >= 0 && known) {
    for (let i = SPREAD_COUNT; i < CARRIED_COUNT; i++)
      sums[FIRST + i]! += sign * growth(knots[b + COUNTERS + i]!, a >= 0 ? knots[a + COUNTERS + i]! : 0)
  }
  if (b >= 0 && !known) sums[UNKNOWN]! += sign
  if (b < 0 || c < 0) return
  const tail = knots[c + TIME]! - knots[b + TIME]!
  if (tail <= SILENCE_MS) addSpan(sums, knots, b, knots, c, 0, end - knots[b + TIME]!, tail, sign)
}

/** Growth from knot p to knot q, the part of it from `since` to `until` ms after p. */
function addSpan(
  sums: number[],
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
  // More growth than time passed is scaled down to the time.
  const over = Math.max(span, growth(to[q + WALL]!, from[p + WALL]!), 1)
  for (let i = 0; i < SPREAD_COUNT; i++) {
    const grown = growth(to[q + COUNTERS + i]!, from[p + COUNTERS + i]!)
    if (grown > 0) sums[FIRST + i]! += sign * (portion(grown, until, over) - portion(grown, since, over))
  }
}

const growth = (to: number, from: number): number => Math.min(Math.max(to - from, 0), MAX_GROWTH)

/** floor(grown x part / whole): exact, past 2^53 too. */
function portion(grown: number, part: number, whole: number): number {
  const product = grown * part
  return product <= Number.MAX_SAFE_INTEGER
    ? Math.floor(product / whole)
    : Number((BigInt(grown) * BigInt(part)) / BigInt(whole))
}

/** Request and first frame: moments, told by every record of the segment. */
function addMoments(
  { sums, startups }: Cell,
  { segment, heard, sessionStart, segmentStart }: Segment,
  startup: number,
  minute: number,
  sign: number,
): void {
  const within = (time: number): boolean => time >= minute && time < minute + MINUTE_MS
  if (segment === 0 && within(sessionStart) && heard <= minute + SILENCE_MS) sums[ATTEMPTS]! += sign
  if (startup < 0 || !within(sessionStart + startup) || segmentStart > sessionStart + startup) return
  sums[PLAYS]! += sign
  sums[STARTUP]! += sign * startup
  const bucket = startupBucket(startup)
  const count = (startups.get(bucket) ?? 0) + sign
  if (count === 0) startups.delete(bucket)
  else startups.set(bucket, count)
}

/** Counted where the minute found it, or where its first frame was: a change of OCA within the minute adds no play. */
function inProgress({ sessionStart, segmentStart }: Segment, startup: number, minute: number): boolean {
  const firstFrame = sessionStart + startup
  return startup >= 0 && firstFrame < minute + MINUTE_MS && (segmentStart <= minute || segmentStart <= firstFrame)
}

function addEnd(sums: number[], knots: readonly number[], startup: number, b: number, sign: number): void {
  if (knots[b + CLAMPED] === 1) sums[CLAMPS]! += sign
  if (knots[b + ENDED] !== 1 || endedBefore(knots, b)) return
  const failed = knots[b + FATAL]! > 0
  if (startup < 0) sums[failed ? VSF : EBVS]! += sign
  if (failed && knots[b + BUSINESS] === 0) sums[startup < 0 ? VSF_TECHNICAL : VPF_TECHNICAL]! += sign
}

function endedBefore(knots: readonly number[], b: number): boolean {
  for (let i = b - KNOT; i >= 0 && knots[i]! >= knots[b]! - SILENCE_MS; i -= KNOT)
    if (knots[i + ENDED] === 1) return true
  return false
}

/** Place of the first knot of a later minute, or the length: minutes are few, and the newest are asked for. */
export function firstAfter(knots: readonly number[], minute: number): number {
  let place = knots.length
  while (place >= KNOT && knots[place - KNOT]! > minute) place -= KNOT
  return place
}
