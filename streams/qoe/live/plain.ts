import { MINUTE_MS, minuteOf, SILENCE_MS } from '../definitions.ts'
import { kindNumber, readTimeline, spanTo, stepAfter, WATCHED_KINDS, type Span } from '../plain/reading.ts'
import { CHANGE, ENDED_STATES, stateNumber, type PlainRecord } from '../plain/record.ts'
import { NOTHING, type PlainMinute } from './plain-minute.ts'
import { CLAMPED, placeOf, type Segment } from './segment.ts'

const FAILED = stateNumber('f')
const STALLED = kindNumber('stall')

/** Read for nearly every record of a player: loops, and one object of one shape, take a quarter of the time. */
export function plainMinute({ records = [], segment, states }: Segment, minute: number): PlainMinute {
  const around = recordsIn(records, minute - SILENCE_MS, minute + SILENCE_MS + MINUTE_MS)
  if (around.length === 0) return NOTHING
  const reading = readTimeline(around, false)
  const { isBegun, start, frame, startup } = reading
  const isIn = (time: number): boolean => time >= minute && time < minute + MINUTE_MS
  const isPlay = isBegun && frame !== null && isIn(frame)
  const { stalled, watched, wall } = timesOf(reading.spans, minute)
  const { isOver, isFatal, fails } = endOf(around, minute)
  const isUnseen = isOver && frame === null && isBegun
  const isShown = frame !== null && frame < minute + MINUTE_MS
  const place = placeOf(states, minute)
  return {
    sums: {
      attempts: Number(segment === 0 && isBegun && isIn(start)),
      plays: Number(isPlay),
      concurrent_plays: Number(isShown && watched > 0),
      ebvs: Number(isUnseen && !fails),
      vsf: Number(isUnseen && fails),
      vsf_technical: Number(isUnseen && fails),
      vpf_technical: Number(isOver && frame !== null && fails),
      startup_ms: isPlay ? Math.max(startup, 0) : 0,
      stall_ms: stalled,
      watched_ms: watched,
      wall_ms: wall,
      media_ms: 0,
      bits_played: 0,
      errors_technical: 0,
      errors_business: 0,
      errors_fatal: Number(isFatal),
      unknown: Number(reading.gaps.some(isIn)),
      clamped: place < 0 ? 0 : states[place + CLAMPED]!,
    },
    startup: isPlay && startup >= 0 ? startup : -1,
    isShown,
    last: reading.last,
  }
}

/**
 * The same, from what it was before the last record, if that one follows all others and tells nothing new of the start,
 * the first frame and the end (plain-changes.ts).
 */
export function plainMinuteAfter(known: PlainMinute, { records, states }: Segment, minute: number): PlainMinute {
  const { sums, isShown } = known
  const [before, record] = [known.last!, records!.at(-1)!]
  const last = stepAfter(before, record, { isUnnumbered: record[0] === 0, isFromStart: false })
  const span = spanTo(last, before)
  const { stalled, watched, wall } = timesOf(span === undefined ? [] : [span], minute)
  const isGap = !last.isLinked && minuteOf(last.time) === minute
  const place = placeOf(states, minute)
  return {
    ...known,
    last,
    sums: {
      ...sums,
      stall_ms: Math.min(sums.stall_ms + stalled, MINUTE_MS),
      watched_ms: Math.min(sums.watched_ms + watched, MINUTE_MS),
      wall_ms: Math.min(sums.wall_ms + wall, MINUTE_MS),
      concurrent_plays: Number(isShown && sums.watched_ms + watched > 0),
      unknown: isGap ? 1 : sums.unknown,
      clamped: place < 0 ? 0 : states[place + CLAMPED]!,
    },
  }
}

function recordsIn(records: readonly PlainRecord[], from: number, to: number): readonly PlainRecord[] {
  const within: PlainRecord[] = []
  for (const record of records) if (record[1] >= from && record[1] < to) within.push(record)
  return within
}

/** Nested, and none longer than the minute, whatever a player's clock does. */
function timesOf(spans: readonly Span[], minute: number): Readonly<Record<'stalled' | 'watched' | 'wall', number>> {
  let [stalled, watched, wall] = [0, 0, 0]
  for (const { from, to, kind } of spans) {
    const ms = Math.min(to, minute + MINUTE_MS) - Math.max(from, minute)
    if (ms <= 0) continue
    wall += ms
    if (WATCHED_KINDS.includes(kind)) watched += ms
    if (kind === STALLED) stalled += ms
  }
  const most = (time: number): number => Math.min(time, MINUTE_MS)
  return { stalled: most(stalled), watched: most(watched), wall: most(wall) }
}

/** How the session ended in the minute, if it did. Without its beginning nobody knows whether it ever played. */
function endOf(
  around: readonly PlainRecord[],
  minute: number,
): Readonly<Record<'isOver' | 'isFatal' | 'fails', boolean>> {
  let [ends, ended, fails, failed] = [false, false, false, false]
  for (const [, time, code] of around) {
    const state = code % CHANGE
    if (!ENDED_STATES.includes(state) || time >= minute + MINUTE_MS) continue
    if (time < minute) [ended, failed] = [true, failed || state === FAILED]
    else [ends, fails] = [true, fails || state === FAILED]
  }
  return { isOver: ends && !ended, isFatal: fails && !failed, fails }
}
