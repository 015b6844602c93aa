import { minuteOf, SILENCE_MS } from '../definitions.ts'
import {
  compareRecords,
  countedOf,
  hasRecord,
  MAX_MINUTE_RECORDS,
  mergeRecords,
  recordsFrom,
  type PlainRecord,
} from '../plain/record.ts'
import { MINUTE_STATE, type StateRow } from '../state.ts'
import type { Place } from './places.ts'
import type { PlainMinute } from './plain-minute.ts'

interface Filled {
  readonly minute: number
  readonly count: number
}

/** State of one segment of a session: one player start on one appliance, network and app version. */
export interface Segment {
  readonly place: Place
  /** 0 for the first of its session. */
  readonly segment: number
  /** The latest that a record reported, as the stored state keeps it; 0 while no record has. */
  sessionStart: number
  segmentStart: number
  /** Time from playback request to first frame, ms; -1 while there is no first frame. */
  startup: number
  /** First minute in which the present start was reported, and the first in which a start-up was. */
  begunHeard: number
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
  /** Records of plain CMCD, sorted: what counts for a minute is read from them; undefined for our own players. */
  records: PlainRecord[] | undefined
  /** The minute that a record was added to last, and its number of records. */
  filled: Filled
  /** What the minutes that its last record changed count of it. */
  figures: ReadonlyMap<number, PlainMinute>
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
/** Of plain CMCD: a record five minutes late changes minutes five before it, which rest on records five before them. */
const KEPT_PLAIN_MINUTES = 16

export const newSegment = (row: StateRow, place: Place): Segment => ({
  place,
  segment: row.segment,
  sessionStart: row.session_start,
  segmentStart: row.segment_start,
  startup: -1,
  begunHeard: Infinity,
  startHeard: Infinity,
  received: row.received,
  sender: row.sender,
  taken: 0,
  trimmed: false,
  states: [],
  records: row.plain.length > 0 ? [] : undefined,
  filled: NOT_FILLED,
  figures: NO_FIGURES,
})
const NOT_FILLED: Filled = { minute: -1, count: 0 }
const NO_FIGURES: ReadonlyMap<number, PlainMinute> = new Map()

/** True if the record adds to the known state; false for a resend. `fresh`: its `newRecords`. */
export function isNews(segment: Segment, row: StateRow, fresh: readonly PlainRecord[]): boolean {
  if (fresh.length > 0) return true
  const { states, startup } = segment
  const place = placeOf(states, row.minute_state[0]!)
  if (place < 0 || row.startup_ms > startup || movesStart(segment, row) || isEarlier(segment, row)) return true
  return row.minute_state.some((value, i) => value > states[place + i]!)
}

/** Records of plain CMCD that the row adds to those that count. */
export const newRecords = (segment: Segment, row: StateRow): readonly PlainRecord[] =>
  segment.records === undefined
    ? NO_RECORDS
    : recordsFrom(row.plain).filter((record) => !hasRecord(segment.records!, record) && !isBeyond(segment, record))
const NO_RECORDS: readonly PlainRecord[] = []

/** Number of records of the row beyond those of its minute that count. */
export const recordsLeftOut = (segment: Segment, row: StateRow): number =>
  recordsFrom(row.plain).filter((record) => isBeyond(segment, record)).length

function isBeyond({ records = [], filled }: Segment, record: PlainRecord): boolean {
  if (records.length < MAX_MINUTE_RECORDS) return false
  const minute = minuteOf(record[1])
  const count = filled.minute === minute ? filled.count : countIn(records, minute)
  if (count < MAX_MINUTE_RECORDS) return false
  return compareRecords(records.at(-1)!, record) < 0 || countIn(records, minute, record) >= MAX_MINUTE_RECORDS
}

/** Number of records in a minute, of those before one if given. */
function countIn(records: readonly PlainRecord[], minute: number, before?: PlainRecord): number {
  let count = 0
  for (const each of records)
    if (minuteOf(each[1]) === minute && (before === undefined || compareRecords(each, before) < 0)) count++
  return count
}

const movesStart = (
  { sessionStart, segmentStart }: Segment,
  { session_start, segment_start }: Pick<StateRow, 'session_start' | 'segment_start'>,
): boolean => session_start > sessionStart || segment_start > segmentStart

/** True if the present start is reported, or a later one. */
const tellsStart = ({ sessionStart }: Segment, { session_start }: StateRow): boolean => session_start >= sessionStart

/** True if the start or a start-up was first heard in a later minute: it then counts for more minutes. */
const isEarlier = (segment: Segment, row: StateRow): boolean =>
  (row.minute_state[0]! < segment.begunHeard && tellsStart(segment, row)) ||
  (row.minute_state[0]! < segment.startHeard && row.startup_ms >= 0)

/**
 * A record changes the minutes between its neighbours, and removing their previous contribution needs the neighbours of
 * those minutes too. If older states were dropped and fewer than two are left before the record, or if its start changes,
 * the change cannot be computed exactly: the record is too late for memory and is included when the clock is loaded
 * again.
 */
export const isTooLate = (segment: Segment, row: StateRow): boolean =>
  segment.records !== undefined
    ? segment.trimmed && row.minute_state[0]! - 2 * SILENCE_MS < segment.states[0]!
    : segment.trimmed && (movesStart(segment, row) || firstAfter(segment.states, row.minute_state[0]! - 1) < 2 * SIZE)

/** The first minute whose contribution can still be computed as it was added: it rests on SILENCE_MS before it. */
export const firstKnown = ({ trimmed, states }: Segment): number => (trimmed ? states[0]! + SILENCE_MS : -Infinity)

/** First and last minute that the record may change: those between its neighbours. */
export function affectedMinutes(known: Segment, row: StateRow): readonly [from: number, to: number] {
  const { states, segment, sessionStart, segmentStart, startup } = known
  const { minute_state, startup_ms, session_start } = row
  const minute = minute_state[0]!
  const next = firstAfter(states, minute)
  const before = firstAfter(states, minute - 1) - SIZE
  const begin = minuteOf(segment === 0 ? Math.min(segmentStart, sessionStart) : segmentStart)
  const to = next < states.length ? states[next]! : minute
  // A start or a start-up that becomes known, or moves earlier, changes all minutes of the segment.
  if (movesStart(known, row) || isEarlier(known, row))
    return [begin, Math.max(to, states.at(-SIZE) ?? minute, minuteOf(session_start + Math.max(startup, startup_ms, 0)))]
  return [before >= 0 ? states[before]! : begin, to]
}

/** Merges the record: the maximum of the record and of the known state of its minute, and its new records. */
export function merge(segment: Segment, row: StateRow, fresh: readonly PlainRecord[]): void {
  const { states } = segment
  const { minute_state, startup_ms } = row
  const minute = minute_state[0]!
  if (row.session_start > segment.sessionStart) segment.begunHeard = Infinity
  if (tellsStart(segment, row)) segment.begunHeard = Math.min(segment.begunHeard, minute)
  segment.sessionStart = Math.max(segment.sessionStart, row.session_start)
  segment.segmentStart = Math.max(segment.segmentStart, row.segment_start)
  if (startup_ms >= 0) {
    segment.startup = Math.max(segment.startup, startup_ms)
    segment.startHeard = Math.min(segment.startHeard, minute)
  }
  const place = placeOf(states, minute)
  // A new list and not a splice, which would reserve room for three more minutes: most segments never need it.
  if (place < 0) segment.states = inserted(states, firstAfter(states, minute), minute_state)
  else for (let i = 1; i < SIZE; i++) states[place + i] = Math.max(states[place + i]!, minute_state[i]!)
  if (fresh.length > 0) addRecords(segment, minute, fresh)
  const kept = SIZE * (segment.records === undefined ? KEPT_MINUTES : KEPT_PLAIN_MINUTES)
  if (segment.states.length <= kept) return
  segment.states = segment.states.slice(-kept)
  segment.trimmed = true
  segment.records = segment.records?.filter(([, time]) => time >= segment.states[0]!)
}

/** In place where one follows all others, as nearly always: a copy for each record costs more than all else. */
function addRecords(segment: Segment, minute: number, fresh: readonly PlainRecord[]): void {
  const { records = [], filled } = segment
  const last = records.at(-1)
  if (fresh.length === 1 && (last === undefined || compareRecords(last, fresh[0]!) < 0)) records.push(fresh[0]!)
  else segment.records = [...countedOf(mergeRecords(records, fresh))]
  const isOneMore = filled.minute === minute && segment.records === records
  segment.filled = { minute, count: isOneMore ? filled.count + 1 : countIn(segment.records!, minute) }
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
