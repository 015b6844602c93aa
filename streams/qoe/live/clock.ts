import { MINUTE_MS, SILENCE_MS, minuteOf } from '../definitions.ts'
import type { StateRow } from '../state.ts'
import { affectedMinutes, isNews, isTooLate, merge, newSegment, SIZE, type Segment } from './segment.ts'
import { addSegment, emptyCell, type MinuteCell, type OpenCell } from './spread.ts'
import { watermarkOf } from './watermark.ts'

/**
 * The last minutes of one clock, kept up to date by what each new record changes: a tick costs what landed, not who is
 * watching. A record takes back what its segment meant for the minutes that it changes, and adds what it means now.
 */
export interface LiveClock {
  take(row: StateRow): void
  /** Moves the window to the present watermark. False: it jumped to where nothing is kept, and must be loaded anew. */
  roll(): boolean
  readonly watermark: number
  /** Cells of a minute of the window as they stand now: they go on changing. */
  cells(minute: number): readonly MinuteCell[]
  /** Minutes of the window, oldest first. */
  minutes(): readonly number[]
  /** Minutes changed since the last call. */
  changes(): ReadonlySet<number>
  readonly segments: number
  /** Records that came too late for what is kept; they are in the next load. */
  readonly late: number
}

/** The watermark looks at every segment: no more often than this of log time, ms. */
const LOOK_MS = 500

/** A watermark further back than this is another time (a replay begun anew), not a wobble, ms. */
const STEADY_MS = 120_000

export function createLiveClock(watermark: number, windowMinutes: number): LiveClock {
  const segments = new Map<bigint, Segment>()
  const cellsByMinute = new Map<number, Map<string, OpenCell>>()
  let changed = new Set<number>()
  let late = 0
  let now = watermark
  /** Latest log time: of all records, at the last roll, and when the watermark was last looked at, ms. */
  let [received, heard, looked] = [0, 0, -Infinity]

  const oldest = (): number => minuteOf(now) - (windowMinutes - 1) * MINUTE_MS

  const apply = (segment: Segment, from: number, to: number, sign: 1 | -1): void => {
    for (let minute = Math.max(from, oldest()); minute <= Math.min(to, minuteOf(now)); minute += MINUTE_MS) {
      addSegment(cellOf(cellsByMinute.get(minute)!, segment), segment, minute, sign)
      changed.add(minute)
    }
  }

  const take = (row: StateRow): void => {
    const known = segments.get(row.key)
    const segment = known ?? newSegment(row)
    if (row.received > received) received = row.received
    if (row.received > segment.received) segment.received = row.received
    if (known !== undefined && !isNews(known, row)) return
    if (known === undefined) segments.set(row.key, segment)
    if (isTooLate(segment, row)) {
      late++
      return
    }
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

  /** Soon after something was heard, and once more when nothing comes any longer. */
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
    // Players that leave may take the watermark a little back: time does not run backwards for that.
    if (present < now && present > now - STEADY_MS) return true
    now = present
    if (minuteOf(now) < before || minuteOf(now) > before + windowMinutes * MINUTE_MS) return false
    for (let minute = before + MINUTE_MS; minute <= minuteOf(now); minute += MINUTE_MS) addMinute(minute)
    if (minuteOf(now) > before) forget()
    return true
  }

  /** A paused player may come back: a segment is kept for as long as the window shows a minute of it. */
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
