import { minuteOf, type MinutePlace } from '../definitions.ts'
import { MINUTE_STATE, type StateRow } from '../state.ts'

/** What is known of one segment of a session: a player start on one appliance, network and app version. */
export interface Segment extends MinutePlace {
  /** Names its cell of a minute. */
  readonly cell: string
  /** 0 for the first of its session. */
  readonly segment: number
  readonly sessionStart: number
  readonly segmentStart: number
  /** Playback request to first frame, ms; -1 while there was none. */
  startup: number
  /** First minute that the segment was heard in, and first in which it told a start-up. */
  heard: number
  startHeard: number
  /** Log time of the latest record, ms; 0 while only stored minutes are known. */
  received: number
  /** Set once states older than those kept were let go. */
  trimmed: boolean
  /**
   * What the segment had said by the end of each minute it was heard in, oldest first: SIZE numbers a minute, in the
   * order of MINUTE_STATE. One flat list, because there are some of it for every player who watches.
   */
  states: number[]
}

/** Numbers of one minute in `states`; the constants below are places within them. */
export const SIZE = MINUTE_STATE.length
const at = (name: (typeof MINUTE_STATE)[number]): number => MINUTE_STATE.indexOf(name)
export const TIME = at('last_time')
export const STALL = at('stall_ms')
export const WATCHED = at('watched_ms')
export const WALL = at('wall_ms')
export const MEDIA = at('media_ms')
export const BITS = at('bits_played')
export const TECHNICAL = at('errors_technical')
export const BUSINESS = at('errors_business')
export const FATAL = at('errors_fatal')
export const ENDED = at('ended')
export const CLAMPED = at('clamped')

/** Minutes kept of a segment: what a record four minutes late can still change. */
const KEPT_MINUTES = 6

export const newSegment = (row: StateRow): Segment => ({
  country: row.country,
  asn: row.asn,
  oca: row.oca,
  device: row.device,
  app_version: row.app_version,
  cell: `${row.country}\n${row.asn}\n${row.oca}\n${row.device}\n${row.app_version}`,
  segment: row.segment,
  sessionStart: row.session_start,
  segmentStart: row.segment_start,
  startup: -1,
  heard: Infinity,
  startHeard: Infinity,
  received: row.received,
  trimmed: false,
  states: [],
})

/** Does the record say more than what is known? A resend does not. */
export function isNews({ states, startup }: Segment, row: StateRow): boolean {
  const place = placeOf(states, row.minute_state[0]!)
  if (place < 0 || row.startup_ms > startup) return true
  return row.minute_state.some((value, i) => value > states[place + i]!)
}

/**
 * A record changes the minutes between its neighbours, and taking back what was told of them needs the neighbours of
 * those too. Where older states were let go and fewer than two are left before the record, nobody can say exactly what
 * it changes: it is too late for memory, and comes in when the clock is loaded anew.
 */
export const isTooLate = ({ trimmed, states }: Segment, { minute_state }: StateRow): boolean =>
  trimmed && firstAfter(states, minute_state[0]! - 1) < 2 * SIZE

/** First and last minute that the record may change: those between its neighbours. */
export function affectedMinutes(
  { states, heard, startHeard, segment, sessionStart, segmentStart }: Segment,
  { minute_state, startup_ms }: StateRow,
): readonly [from: number, to: number] {
  const minute = minute_state[0]!
  const next = firstAfter(states, minute)
  const before = firstAfter(states, minute - 1) - SIZE
  const begin = minuteOf(segment === 0 ? Math.min(segmentStart, sessionStart) : segmentStart)
  const to = next < states.length ? states[next]! : minute
  // A start, or a start-up, that becomes known or known earlier tells of all minutes of the segment.
  if (minute < heard || (startup_ms >= 0 && minute < startHeard))
    return [begin, Math.max(to, states.at(-SIZE) ?? minute)]
  return [before >= 0 ? states[before]! : begin, to]
}

/** Takes the record in: the maximum of what it says and of what is known of its minute. */
export function merge(segment: Segment, { minute_state, startup_ms }: StateRow): void {
  const { states } = segment
  const minute = minute_state[0]!
  segment.heard = Math.min(segment.heard, minute)
  if (startup_ms >= 0) {
    segment.startup = Math.max(segment.startup, startup_ms)
    segment.startHeard = Math.min(segment.startHeard, minute)
  }
  const place = placeOf(states, minute)
  if (place < 0) states.splice(firstAfter(states, minute), 0, ...minute_state)
  else for (let i = 1; i < SIZE; i++) states[place + i] = Math.max(states[place + i]!, minute_state[i]!)
  if (states.length <= KEPT_MINUTES * SIZE) return
  states.splice(0, states.length - KEPT_MINUTES * SIZE)
  segment.trimmed = true
}

/** Place of the first state of a later minute, or the length. From the end: the newest minutes are asked for. */
export function firstAfter(states: readonly number[], minute: number): number {
  let place = states.length
  while (place >= SIZE && states[place - SIZE]! > minute) place -= SIZE
  return place
}

/** Place of the state of this minute; -1 where the segment was not heard in it. */
export function placeOf(states: readonly number[], minute: number): number {
  const place = firstAfter(states, minute) - SIZE
  return place >= 0 && states[place] === minute ? place : -1
}
