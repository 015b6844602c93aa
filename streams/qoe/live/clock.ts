import { MINUTE_MS, SILENCE_MS, minuteOf, type MinutePlace } from '../definitions.ts'
import type { StateRow } from '../state.ts'
import { openCells } from './cells.ts'
import { openDropped } from './dropped.ts'
import { UNBOUNDED, type Bounds, type LeftOut } from './bounds.ts'
import type { PlainRecord } from '../plain/record.ts'
import { openPlaces } from './places.ts'
import { plainMinute, plainMinuteAfter } from './plain.ts'
import { isSameMinute } from './plain-minute.ts'
import { touchedMinutes } from './plain-changes.ts'
import {
  affectedMinutes,
  firstKnown,
  isNews,
  isTooLate,
  merge,
  newRecords,
  newSegment,
  recordsLeftOut,
  SIZE,
  type Segment,
} from './segment.ts'
import type { MinuteCell } from './spread.ts'
import { watermarkOf } from './watermark.ts'

/**
 * The last minutes of one clock, updated with each new record: the cost of a tick depends on what landed, not on the
 * number of viewers. A record removes its segment's previous contribution to the minutes that it changes and adds the
 * new one.
 */
export interface LiveClock {
  take(row: StateRow): void
  /**
   * Moves the window to the current watermark. False: the watermark jumped outside the window, and the clock must be
   * loaded again.
   */
  roll(): boolean
  readonly watermark: number
  /** Current cells of a minute of the window; later records change them. */
  cells(minute: number): readonly MinuteCell[]
  /** Minutes of the window, oldest first. */
  minutes(): readonly number[]
  /** Minutes changed since the last call. */
  changes(): ReadonlySet<number>
  /** Number of segments in memory. */
  readonly segments: number
  /** What does not appear under its own name, or not at all, because of the bounds. */
  leftOut(): LeftOut
  /** Number of records that came too late for the states in memory; the next load includes them. */
  readonly late: number
}

/**
 * Computing the watermark reads every segment, so it runs at most once per this much log time for each so many of them,
 * ms.
 */
const LOOK_MS = 500
const LOOK_SEGMENTS = 50_000

/** A watermark that moves back further than this is another time (a restarted replay), not a fluctuation, ms. */
const STEADY_MS = 120_000

/** Dropped at once when there are too many segments, as a share of the bound: finding the silent ones reads all. */
const DROPPED_SHARE = 0.2

export function createLiveClock(
  watermark: number,
  windowMinutes: number,
  { clock = '', bounds = () => UNBOUNDED }: { readonly clock?: string; readonly bounds?: () => Bounds } = {},
): LiveClock {
  const segments = new Map<bigint, Segment>()
  const [cells, places, dropped] = [openCells(), openPlaces(bounds()), openDropped()]
  let changed = new Set<number>()
  let [late, taken, crowded] = [0, 0, 0]
  let [limits, chosen] = [bounds(), false]
  let now = watermark
  /** The watermark at which dropped segments were last forgotten. */
  let rotated = watermark
  /** Latest log time in ms: of all records, at the last roll, and when the watermark was last computed. */
  let [received, heard, looked] = [0, 0, -Infinity]

  const oldest = (): number => minuteOf(now) - (windowMinutes - 1) * MINUTE_MS

  const apply = (segment: Segment, from: number, to: number, sign: 1 | -1): void => {
    for (let minute = Math.max(from, oldest()); minute <= Math.min(to, minuteOf(now)); minute += MINUTE_MS) {
      cells.count(segment, minute, sign)
      changed.add(minute)
    }
  }

  const changePlain = (segment: Segment, row: StateRow, fresh: readonly PlainRecord[]): void => {
    if (fresh.length === 0) crowded += recordsLeftOut(segment, row)
    const touched = touchedMinutes(segment, row, fresh, cells.minutes())
    const known = touched.map(({ minute }) => segment.figures.get(minute) ?? plainMinute(segment, minute))
    merge(segment, row, fresh)
    segment.figures = new Map(
      touched.map(({ minute, isSettled }, i) => {
        const after = isSettled ? plainMinuteAfter(known[i]!, segment, minute) : plainMinute(segment, minute)
        if (!isSameMinute(known[i]!, after)) {
          cells.replace(segment.place.cell, minute, known[i]!, after)
          changed.add(minute)
        }
        return [minute, after]
      }),
    )
  }

  const take = (row: StateRow): void => {
    // No segment is both: what its own player counts and what is read from plain records do not mix.
    const key = row.plain.length > 0 ? ~row.key : row.key
    if (row.received > received) received = row.received
    const known = segments.get(key)
    if (known === undefined && dropped.leavesOut(key)) return
    const segment = known ?? newSegment(row, places.enter(row))
    segment.taken = ++taken
    if (row.received >= segment.received) [segment.received, segment.sender] = [row.received, row.sender]
    const fresh = newRecords(segment, row)
    if (known !== undefined && !isNews(known, row, fresh)) return
    if (known === undefined) add(key, segment)
    if (isTooLate(segment, row)) {
      late++
      return
    }
    if (segment.records !== undefined) return changePlain(segment, row, fresh)
    const [from, to] = affectedMinutes(segment, row)
    if (known !== undefined) apply(segment, from, to, -1)
    merge(segment, row, fresh)
    apply(segment, from, to, 1)
  }

  const add = (key: bigint, segment: Segment): void => {
    segments.set(key, segment)
    if (segments.size > limits.sessions) drop(Math.floor(limits.sessions * (1 - DROPPED_SHARE)))
  }
  const remove = (key: bigint, { place }: Segment): void => {
    segments.delete(key)
    places.leave(place)
  }
  /** Keeps the `most` segments that were heard last; the minutes keep what the others contributed. */
  const drop = (most: number): void => {
    const order = Float64Array.from(segments.values(), (segment) => segment.taken).sort()
    const since = order.at(-most)!
    for (const [key, segment] of segments) {
      if (segment.taken >= since) continue
      dropped.add(key)
      remove(key, segment)
    }
  }

  const addMinute = (minute: number): void => {
    cells.open(minute)
    changed.add(minute)
    for (const segment of segments.values()) cells.count(segment, minute, 1)
  }

  /** Shortly after new records, and once more when no more records arrive. */
  const isTimeToLook = (): boolean => {
    const isStill = received === heard
    heard = received
    const every = LOOK_MS * Math.max(1, segments.size / LOOK_SEGMENTS)
    if (heard > 0 && (isStill ? heard === looked : heard < looked + every)) return false
    looked = heard
    return true
  }

  const roll = (): boolean => {
    if (!isTimeToLook()) return true
    const before = minuteOf(now)
    const present = watermarkOf(segments.values(), received, clock) ?? now
    // Players that leave may move the watermark back a little: the clock does not follow.
    if (present < now && present > now - STEADY_MS) return true
    now = present
    if (minuteOf(now) < before || minuteOf(now) > before + windowMinutes * MINUTE_MS) return false
    for (let minute = before + MINUTE_MS; minute <= minuteOf(now); minute += MINUTE_MS) addMinute(minute)
    const isNew = minuteOf(now) > before
    if (isNew) forget()
    limits = bounds()
    if (places.isBounded && (isNew || !chosen)) choose()
    return true
  }

  /** A paused player may resume, so a segment is kept while the window shows a minute of it. */
  const forget = (): void => {
    cells.forget(oldest())
    const silentSince = received - windowMinutes * MINUTE_MS
    for (const [key, segment] of segments) {
      const { states, received: last } = segment
      if (states[states.length - SIZE]! < oldest() - SILENCE_MS || (last > 0 && last < silentSince))
        remove(key, segment)
    }
    if (now > rotated + windowMinutes * MINUTE_MS + SILENCE_MS) {
      dropped.rotate()
      rotated = now
    }
  }

  /** Decides anew which values have cells of their own, by the sessions in memory. */
  const choose = (): void => {
    const { merged, left } = places.choose(limits, cells.used())
    chosen = true
    cells.merge(merged)
    if (left.size > 0) {
      for (const segment of segments.values()) {
        const from = left.get(segment.place)
        if (from !== undefined) move(segment, from)
      }
    }
    for (const minute of cells.minutes()) changed.add(minute)
  }
  /** What rests on states that memory has dropped stays where it is. */
  const move = (segment: Segment, from: MinutePlace): void => {
    for (const minute of cells.minutes().filter((each) => each >= firstKnown(segment))) {
      cells.count(segment, minute, -1, from)
      cells.count(segment, minute, 1)
    }
  }

  for (let minute = oldest(); minute <= minuteOf(now); minute += MINUTE_MS) addMinute(minute)
  return {
    take,
    roll,
    get watermark() {
      return now
    },
    cells: (minute) => cells.of(minute),
    minutes: () => cells.minutes(),
    changes() {
      const since = changed
      changed = new Set()
      return since
    },
    get segments() {
      return segments.size
    },
    leftOut: () => ({ values: places.others(), sessions: dropped.leftOut, records: crowded }),
    get late() {
      return late
    },
  }
}
