import { MINUTE_MS, SILENCE_MS } from '../definitions.ts'
import { CHANGE, compareRecords, ENDED_STATES, FRAME_STATES, type PlainRecord } from '../plain/record.ts'
import type { StateRow } from '../state.ts'
import { CLAMPED, placeOf, type Segment } from './segment.ts'

/** A minute that may change; settled: only by the time between the record and the one before it. */
export interface Touched {
  readonly minute: number
  readonly isSettled: boolean
}

/**
 * Which minutes a record of plain CMCD may change. Any of those around it, in general; but nearly every record follows
 * all others, and then those that have a first frame already change only between it and the record before it: so the
 * cost of a record does not depend on how many came before. Minutes are named too often rather than too rarely.
 */
export function touchedMinutes(
  { records = [], states }: Segment,
  row: StateRow,
  fresh: readonly PlainRecord[],
  minutes: readonly number[],
): readonly Touched[] {
  const minute = row.minute_state[0]!
  const around = minutes.filter((each) => Math.abs(each - minute) <= SILENCE_MS)
  const [record, ...more] = fresh
  // Beyond what counts, or a resend: it may only be the first of its minute that was clamped.
  if (record === undefined) return isClamped(states, row) ? unsettled(around.filter((each) => each === minute)) : []
  const last = records.at(-1)
  if (last === undefined || more.length > 0 || compareRecords(record, last) < 0) return unsettled(around)
  const isSettled = settledBefore(records, record)
  return around
    .map((each) => ({ minute: each, isSettled: isSettled(each) }))
    .filter((each) => !each.isSettled || isBetween(each.minute, last, record))
}

function isClamped(states: readonly number[], { minute_state }: StateRow): boolean {
  const place = placeOf(states, minute_state[0]!)
  return minute_state[CLAMPED]! > (place < 0 ? 0 : states[place + CLAMPED]!)
}

const unsettled = (minutes: readonly number[]): readonly Touched[] =>
  minutes.map((minute) => ({ minute, isSettled: false }))

/** Whether the minute is between the record and the one before it. */
const isBetween = (minute: number, [, since]: PlainRecord, [, time]: PlainRecord): boolean =>
  minute <= time && minute + MINUTE_MS > Math.min(since, time)

/**
 * Whether the records that a minute is read from tell its start, its first frame and its start-up, so that one that
 * follows them says nothing new of these, nor of the end.
 */
function settledBefore(
  records: readonly PlainRecord[],
  [seq, , code, delay]: PlainRecord,
): (minute: number) => boolean {
  const last = records.at(-1)!
  if (last[0] > 0 !== seq > 0 || ENDED_STATES.includes(code % CHANGE)) return () => false
  const evidence = [last[1]]
  let isWanted = delay >= 0
  for (let i = records.length - 1; i >= 0; i--) {
    const [, time, code, told] = records[i]!
    if (isWanted && told >= 0) {
      evidence.push(time)
      isWanted = false
    }
    if (isWanted || !FRAME_STATES.includes(code % CHANGE)) continue
    const [first, latest] = [Math.min(time, ...evidence), Math.max(time, ...evidence)]
    return (minute) => first >= minute - SILENCE_MS && latest < minute + MINUTE_MS + SILENCE_MS
  }
  return () => false
}
