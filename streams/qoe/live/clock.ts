import { MINUTE_MS, SILENCE_MS, minuteOf } from '../definitions.ts'
import type { StateRow } from '../state.ts'
import { isSameMinute, plainMinute } from './plain.ts'
import { affectedMinutes, isNews, isTooLate, merge, newSegment, SIZE, type Segment } from './segment.ts'
import { addPlain, addSegment, emptyCell, type MinuteCell, type OpenCell } from './spread.ts'
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
  readonly segments: number
  /** Number of records that came too late for the states in memory; the next load includes them. */
  readonly late: number
}

/** Computing the watermark reads every segment, so it runs at most once per this much log time, ms. */
const LOOK_MS = 500

/** A watermark that moves back further than this is another time (a restarted replay), not a fluctuation, ms. */
const STEADY_MS = 120_000

export function createLiveClock(watermark: number, windowMinutes: number): LiveClock {
  const segments = new Map<bigint, Segment>()
  const cellsByMinute = new Map<number, Map<string, OpenCell>>()
  let changed = new Set<number>()
  let late = 0
  let now = watermark
  /** Latest log time in ms: of all records, at the last roll, and when the watermark was last computed. */
  let [received, heard, looked] = [0, 0, -Infinity]

  const oldest = (): number => minuteOf(now) - (windowMinutes - 1) * MINUTE_MS

  const apply = (segment: Segment, from: number, to: number, sign: 1 | -1): void => {
    for (let minute = Math.max(from, oldest()); minute <= Math.min(to, minuteOf(now)); minute += MINUTE_MS) {
      addSegment(cellOf(cellsByMinute.get(minute)!, segment), segment, minute, sign)
      changed.add(minute)
    }
  }

  /** A record of plain CMCD may change what the minutes around it mean, and mostly changes one or two of them. */
  const changePlain = (segment: Segment, row: StateRow): void => {
    const around = [...cellsByMinute.keys()].filter((minute) => Math.abs(minute - row.minute_state[0]!) <= SILENCE_MS)
    const before = around.map((minute) => plainMinute(segment, minute))
    merge(segment, row)
    for (const [i, minute] of around.entries()) {
      const after = plainMinute(segment, minute)
      if (isSameMinute(before[i]!, after)) continue
      const cell = cellOf(cellsByMinute.get(minute)!, segment)
      addPlain(cell, before[i]!, -1)
      addPlain(cell, after, 1)
      changed.add(minute)
    }
  }

  const take = (row: StateRow): void => {
    // No segment is both: what its own player counts and what is read from plain records do not mix.
    const key = row.plain.length > 0 ? ~row.key : row.key
    const known = segments.get(key)
    const segment = known ?? newSegment(row)
    if (row.received > received) received = row.received
    if (row.received > segment.received) segment.received = row.received
    if (known !== undefined && !isNews(known, row)) return
    if (known === undefined) segments.set(key, segment)
    if (isTooLate(segment, row)) {
      late++
      return
    }
    if (segment.records !== undefined) return changePlain(segment, row)
    const [from, to] = affectedMinutes(segment, row)
    if (known !== undefined) apply(segment, from, to, -1)
    merge(segment, row)
    apply(segment, from, to, 1)
  }

  const addMinute = (minute: number): void => {
    const cells = new Map<string, OpenCell>()
    cellsByMinute.set(minute, cells)
    changed.add(minute)
    for (const segment of segments.values()) addSegment(cellOf(cells, segment), segment, minute, 1)
  }

  /** Shortly after new records, and once more when no more records arrive. */
  const isTimeToLook = (): boolean => {
    const isStill = received === heard
    heard = received
    if (heard > 0 && (isStill ? heard === looked : heard < looked + LOOK_MS)) return false
    looked = heard
    return true
  }

  const roll = (): boolean => {
    if (!isTimeToLook()) return true
    const before = minuteOf(now)
    const present = watermarkOf(segments.values(), received) ?? now
    // Players that leave may move the watermark back a little: the clock does not follow.
    if (present < now && present > now - STEADY_MS) return true
    now = present
    if (minuteOf(now) < before || minuteOf(now) > before + windowMinutes * MINUTE_MS) return false
    for (let minute = before + MINUTE_MS; minute <= minuteOf(now); minute += MINUTE_MS) addMinute(minute)
    if (minuteOf(now) > before) forget()
    return true
  }

  /** A paused player may resume, so a segment is kept while the window shows a minute of it. */
  const forget = (): void => {
    for (const minute of cellsByMinute.keys()) if (minute < oldest()) cellsByMinute.delete(minute)
    const silentSince = received - windowMinutes * MINUTE_MS
    for (const [key, { states, received: last }] of segments) {
      if (states[states.length - SIZE]! < oldest() - SILENCE_MS || (last > 0 && last < silentSince))
        segments.delete(key)
    }
  }

  for (let minute = oldest(); minute <= minuteOf(now); minute += MINUTE_MS) addMinute(minute)
  return {
    take,
    roll,
    get watermark() {
      return now
    },
    cells: (minute) => [...(cellsByMinute.get(minute)?.values() ?? [])],
    minutes: () => [...cellsByMinute.keys()].sort((a, b) => a - b),
    changes() {
      const since = changed
      changed = new Set()
      return since
    },
    get segments() {
      return segments.size
    },
    get late() {
      return late
    },
  }
}

function cellOf(cells: Map<string, OpenCell>, segment: Segment): OpenCell {
  const known = cells.get(segment.cell)
  if (known !== undefined) return known
  const cell = emptyCell(segment)
  cells.set(segment.cell, cell)
  return cell
}
