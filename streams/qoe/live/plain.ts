import { MINUTE_MS, SILENCE_MS, SUMS, type SumName } from '../definitions.ts'
import { kindNumber, KINDS, readTimeline, WATCHED_KINDS, type Reading } from '../plain/reading.ts'
import { CHANGE, stateNumber, type PlainRecord } from '../plain/record.ts'
import { CLAMPED, placeOf, type Segment } from './segment.ts'

/**
 * A minute of a session of plain CMCD. What counts for it is read from the records of SILENCE_MS before and after it and
 * from no others, so the answer is the same whatever else is in memory or asked for. plain/minutes.ts does the same in
 * SQL.
 */
export interface PlainMinute {
  readonly sums: Readonly<Record<SumName, number>>
  /** Start-up of the first frame in the minute, ms; -1 = none, or unknown. */
  readonly startup: number
}

const NO_SUMS = Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<SumName, number>
const NOTHING: PlainMinute = { sums: NO_SUMS, startup: -1 }
const ENDED: readonly number[] = (['e', 'f', 'q'] as const).map(stateNumber)
const FAILED = stateNumber('f')
const STALLED_KINDS = [kindNumber('stall')]
const ALL_KINDS = KINDS.map(kindNumber)

export const isSameMinute = (a: PlainMinute, b: PlainMinute): boolean =>
  a.startup === b.startup && SUMS.every((name) => a.sums[name] === b.sums[name])

export function plainMinute({ records = [], segment, states }: Segment, minute: number): PlainMinute {
  const [first, end] = [minute - SILENCE_MS, minute + SILENCE_MS + MINUTE_MS]
  const around = records.filter(([, time]) => time >= first && time < end)
  if (around.length === 0) return NOTHING
  const reading = readTimeline(around, false)
  const isIn = (time: number): boolean => time >= minute && time < minute + MINUTE_MS
  const moments = momentsOf(reading, isIn)
  const place = placeOf(states, minute)
  const times = timesOf(reading, minute)
  const isPlaying = reading.frame !== null && reading.frame < minute + MINUTE_MS && times.watched_ms > 0
  return {
    sums: {
      ...NO_SUMS,
      ...times,
      ...endOf(around, reading, isIn, minute),
      attempts: Number(segment === 0 && moments.isAttempt),
      plays: Number(moments.isPlay),
      startup_ms: Math.max(moments.startup, 0),
      concurrent_plays: Number(isPlaying),
      unknown: Number(reading.gaps.some(isIn)),
      clamped: place < 0 ? 0 : states[place + CLAMPED]!,
    },
    startup: moments.startup,
  }
}

function momentsOf({ isBegun, start, frame, startup }: Reading, isIn: (time: number) => boolean) {
  const isPlay = isBegun && frame !== null && isIn(frame)
  return { isAttempt: isBegun && isIn(start), isPlay, startup: isPlay && startup >= 0 ? startup : -1 }
}

/** Nested, and none longer than the minute, whatever a player's clock does. */
function timesOf({ spans }: Reading, minute: number): Pick<PlainMinute['sums'], 'stall_ms' | 'watched_ms' | 'wall_ms'> {
  const time = (kinds: readonly number[]): number =>
    Math.min(
      MINUTE_MS,
      spans
        .filter(({ kind }) => kinds.includes(kind))
        .reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, minute + MINUTE_MS) - Math.max(from, minute)), 0),
    )
  return { stall_ms: time(STALLED_KINDS), watched_ms: time(WATCHED_KINDS), wall_ms: time(ALL_KINDS) }
}

/** How the session ended in the minute, if it did. Without its beginning nobody knows whether it ever played. */
function endOf(
  around: readonly PlainRecord[],
  { frame, isBegun }: Reading,
  isIn: (time: number) => boolean,
  minute: number,
): Partial<PlainMinute['sums']> {
  const [isEnd, isFailure] = [isState(ENDED), isState([FAILED])]
  const fails = around.some((record) => isFailure(record) && isIn(record[1]))
  const failed = around.some((record) => isFailure(record) && record[1] < minute)
  const isOver =
    around.some((record) => isEnd(record) && isIn(record[1])) &&
    !around.some((record) => isEnd(record) && record[1] < minute)
  const isUnseen = isOver && frame === null && isBegun
  return {
    errors_fatal: Number(fails && !failed),
    ebvs: Number(isUnseen && !fails),
    vsf: Number(isUnseen && fails),
    vsf_technical: Number(isUnseen && fails),
    vpf_technical: Number(isOver && frame !== null && fails),
  }
}

const isState =
  (states: readonly number[]) =>
  ([, , code]: PlainRecord): boolean =>
    states.includes(code % CHANGE)
