import { minuteOf } from '../definitions.ts'
import { MINUTE_STATE, type StateRow } from '../state.ts'
import type { Place } from './places.ts'

/** State of one segment of a session: one player start on one appliance, network and app version. */
export interface Segment {
  readonly place: Place
  /** 0 for the first of its session. */
  readonly segment: number
  readonly sessionStart: number
  readonly segmentStart: number
  /** Time from playback request to first frame, ms; -1 while there is no first frame. */
  startup: number
  /** First minute in which the segment was reported, and the first in which it reported a start-up. */
  heard: number
  startHeard: number
  /** Log time of the latest record, ms; 0 while only stored minutes are loaded. */
  received: number
  /** Who sent the latest record, as the collector saw it; 0 = unknown. */
  sender: number
  /** When it was last taken: the number of the record among all of its clock. */
  taken: number
  /** True once older states were dropped. */
  trimmed: boolean
  /**
   * What the segment had reported by the end of each minute with a report, oldest first: SIZE numbers per minute, in
   * the order of MINUTE_STATE. One flat list, because every active player has some.
   */
  states: number[]
}

/** Numbers per minute in `states`; the constants below are positions within them. */
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

/** Minutes kept per segment: those that a record four minutes late can still change. */
const KEPT_MINUTES = 6

export const newSegment = (row: StateRow, place: Place): Segment => ({
  place,
  segment: row.segment,
  sessionStart: row.session_start,
  segmentStart: row.segment_start,
  startup: -1,
  heard: Infinity,
  startHeard: Infinity,
  received: row.received,
  sender: row.sender,
  taken: 0,
  trimmed: false,
  states: [],
})

/** True if the record adds to the known state; false for a resend. */
export function isNews({ states, startup }: Segment, row: StateRow): boolean {
  const place = placeOf(states, row.minute_state[0]!)
  if (place < 0 || row.startup_ms > startup) return true
  return row.minute_state.some((value, i) => value > states[place + i]!)
}

/**
 * A record changes the minutes between its neighbours, and removing their previous contribution needs the neighbours of
 * those minutes too. If older states were dropped and fewer than two are left before the record, the change cannot be
 * computed exactly: the record is too late for memory and is included when the clock is loaded again.
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
  // A start or a start-up that becomes known, or moves earlier, changes all minutes of the segment.
  if (minute < heard || (startup_ms >= 0 && minute < startHeard))
    return [begin, Math.max(to, states.at(-SIZE) ?? minute)]
  return [before >= 0 ? states[before]! : begin, to]
}

/** Merges the record: the maximum of the record and of the known state of its minute. */
export function merge(segment: Segment, { minute_state, startup_ms }: StateRow): void {
  const { states } = segment
  const minute = minute_state[0]!
  segment.heard = Math.min(segment.heard, minute)
  if (startup_ms >= 0) {
    segment.startup = Math.max(segment.startup, startup_ms)
    segment.startHeard = Math.min(segment.startHeard, minute)
  }
  const place = placeOf(states, minute)
  // A new list and not a splice, which would reserve room for three more minutes: most segments never need it.
  if (place < 0) segment.states = inserted(states, firstAfter(states, minute), minute_state)
  else for (let i = 1; i < SIZE; i++) states[place + i] = Math.max(states[place + i]!, minute_state[i]!)
  if (segment.states.length <= KEPT_MINUTES * SIZE) return
  segment.states = segment.states.slice(-KEPT_MINUTES * SIZE)
  segment.trimmed = true
}

const inserted = (states: readonly number[], at: number, state: readonly number[]): number[] =>
  states.slice(0, at).concat(state, states.slice(at))

/**
 * Position of the first state of a later minute, or the length. Searches from the end, because the newest minutes are
 * requested most.
 */
export function firstAfter(states: readonly number[], minute: number): number {
  let place = states.length
  while (place >= SIZE && states[place - SIZE]! > minute) place -= SIZE
  return place
}

/** Position of the state of this minute; -1 if the segment has no report in it. */
export function placeOf(states: readonly number[], minute: number): number {
  const place = firstAfter(states, minute) - SIZE
  return place >= 0 && states[place] === minute ? place : -1
}
