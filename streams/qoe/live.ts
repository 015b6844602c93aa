import { MINUTE_MS, SILENCE_MS, minuteOf, type MinutePlace } from './definitions.ts'
import { addSegment, cellName, emptyCell, firstAfter, KNOT, TIME, type Cell, type Segment } from './spread.ts'
import { createWatermark } from './watermark.ts'

/** A record as the live view takes it: the segment's state as of one record, or of one stored minute. */
export interface StateRow extends MinutePlace {
  /** Hash of (session, instance, segment). */
  readonly key: bigint
  readonly segment: number
  readonly sessionStart: number
  readonly segmentStart: number
  readonly startup: number
  /** Log time, ms; 0 when it is not known (a stored minute). */
  readonly received: number
  /** KNOT numbers. */
  readonly knot: readonly number[]
}

/**
 * The last minutes of one clock, kept up to date by what each new record changes: a tick costs what landed, not who is
 * watching.
 */
export interface LiveClock {
  take(row: StateRow): void
  /** Moves the window to the present watermark. False: it jumped to where nothing is kept, and must be loaded anew. */
  roll(): boolean
  readonly watermark: number
  /** Cells of a minute of the window. */
  cells(minute: number): readonly Cell[]
  /** Minutes of the window, oldest first. */
  minutes(): readonly number[]
  /** Minutes changed since the last call. */
  changes(): ReadonlySet<number>
  readonly segments: number
  /** Records too late for what is kept; they are in the next load. */
  readonly late: number
}

/** Knots kept of a segment: what a record four minutes late can still change. */
const KEEP = 6

/** The watermark looks at every segment: no more often than this of log time, ms. */
const LOOK_MS = 500

/** A watermark further back than this is another time (a replay begun anew), not a wobble, ms. */
const STEADY_MS = 120_000

export function createLiveClock(watermark: number, windowMinutes: number): LiveClock {
  const segments = new Map<bigint, Segment>()
  const cubes = new Map<number, Map<string, Cell>>()
  const marks = createWatermark(watermark)
  let changed = new Set<number>()
  let late = 0
  let now = watermark
  /** Log time at the last roll, and when the watermark was looked at. */
  let [heard, looked] = [0, -Infinity]

  const oldest = (): number => minuteOf(now) - (windowMinutes - 1) * MINUTE_MS

  const apply = (segment: Segment, from: number, to: number, sign: 1 | -1): void => {
    for (let minute = Math.max(from, oldest()); minute <= Math.min(to, minuteOf(now)); minute += MINUTE_MS) {
      addSegment(cellOf(cubes.get(minute)!, segment), segment, minute, sign)
      changed.add(minute)
    }
  }

  const take = (row: StateRow): void => {
    const known = segments.get(row.key)
    const segment = known ?? newSegment(row)
    marks.saw(row.received)
    if (row.received > segment.received) segment.received = row.received
    if (known !== undefined && !news(known, row)) return
    if (known === undefined) segments.set(row.key, segment)
    if (tooLate(segment, row)) {
      late++
      return
    }
    const [from, to] = affected(segment, row)
    if (known !== undefined) apply(segment, from, to, -1)
    merge(segment, row)
    apply(segment, from, to, 1)
  }

  const addMinute = (minute: number): void => {
    const cells = new Map<string, Cell>()
    cubes.set(minute, cells)
    changed.add(minute)
    for (const segment of segments.values()) addSegment(cellOf(cells, segment), segment, minute, 1)
  }

  /** Soon after something was heard, and once more when nothing comes any longer. */
  const isTimeToLook = (): boolean => {
    const isStill = marks.received === heard
    heard = marks.received
    if (heard > 0 && (isStill ? heard === looked : heard < looked + LOOK_MS)) return false
    looked = heard
    return true
  }

  const roll = (): boolean => {
    if (!isTimeToLook()) return true
    const before = minuteOf(now)
    const present = marks.present(segments.values())
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
    for (const minute of cubes.keys()) if (minute < oldest()) cubes.delete(minute)
    const silentSince = marks.received - windowMinutes * MINUTE_MS
    for (const [key, { knots, received }] of segments) {
      if (knots[knots.length - KNOT]! < oldest() - SILENCE_MS || (received > 0 && received < silentSince))
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
    cells: (minute) => [...(cubes.get(minute)?.values() ?? [])],
    minutes: () => [...cubes.keys()].sort((a, b) => a - b),
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

function cellOf(cells: Map<string, Cell>, { cell: name, place }: Segment): Cell {
  const known = cells.get(name)
  if (known !== undefined) return known
  const cell = emptyCell(place)
  cells.set(name, cell)
  return cell
}

const newSegment = ({
  country,
  asn,
  oca,
  device,
  app_version,
  segment,
  sessionStart,
  segmentStart,
  received,
}: StateRow): Segment => ({
  ...placed({ country, asn, oca, device, app_version }),
  segment,
  sessionStart,
  segmentStart,
  startup: -1,
  heard: Infinity,
  startHeard: Infinity,
  received,
  trimmed: false,
  knots: [],
})

const placed = (place: MinutePlace): Pick<Segment, 'place' | 'cell'> => ({ place, cell: cellName(place) })

/** Does the record say more than what is known? A resend does not. */
function news({ knots, startup }: Segment, row: StateRow): boolean {
  const place = placeOf(knots, row.knot[0]!)
  if (place < 0 || row.startup > startup) return true
  return row.knot.some((value, i) => value > knots[place + i]!)
}

/** Two knots before it must be left, so that what it changes can be taken back exactly. */
const tooLate = ({ trimmed, knots }: Segment, { knot }: StateRow): boolean =>
  trimmed && firstAfter(knots, knot[0]! - 1) < 2 * KNOT

/** First and last minute that the record may change: those between its neighbours. */
function affected(
  { knots, heard, startHeard, segment, sessionStart, segmentStart }: Segment,
  row: StateRow,
): readonly [number, number] {
  const minute = row.knot[0]!
  const next = firstAfter(knots, minute)
  const before = firstAfter(knots, minute - 1) - KNOT
  const begin = minuteOf(segment === 0 ? Math.min(segmentStart, sessionStart) : segmentStart)
  const to = next < knots.length ? knots[next]! : minute
  // A start, or a start-up, that becomes known or known earlier tells of all minutes of the segment.
  if (minute < heard || (row.startup >= 0 && minute < startHeard))
    return [begin, Math.max(to, knots.at(-KNOT) ?? minute)]
  return [before >= 0 ? knots[before]! : begin, to]
}

function merge(segment: Segment, row: StateRow): void {
  const { knots } = segment
  const minute = row.knot[0]!
  segment.heard = Math.min(segment.heard, minute)
  if (row.startup >= 0) {
    segment.startup = Math.max(segment.startup, row.startup)
    segment.startHeard = Math.min(segment.startHeard, minute)
  }
  const place = placeOf(knots, minute)
  if (place < 0) knots.splice(firstAfter(knots, minute), 0, ...row.knot)
  else for (let i = TIME; i < KNOT; i++) knots[place + i] = Math.max(knots[place + i]!, row.knot[i]!)
  if (knots.length <= KEEP * KNOT) return
  knots.splice(0, knots.length - KEEP * KNOT)
  segment.trimmed = true
}

function placeOf(knots: readonly number[], minute: number): number {
  const place = firstAfter(knots, minute) - KNOT
  return place >= 0 && knots[place] === minute ? place : -1
}
