import type { PlaybackTelemetryInput } from '../../../schemas/generated/inputs.ts'
import { MINUTE_MS, minuteOf } from '../definitions.ts'
import { MAX_SEQ, STATES } from '../session/columns.ts'
import { CLAMPED_TIME } from '../state.ts'

/**
 * What one record of plain CMCD says about the timeline of its session: sequence number; event time, ms; event and
 * state in one number (`CHANGE`, `PLAIN_STATES`); start-up delay (`msd`), ms, -1 = not in the record. Sorted as a tuple.
 *
 * A player of plain CMCD counts nothing that it could repeat, so the state of such a session is the set of its records:
 * order, copies and batches do not change it.
 */
export type PlainRecord = readonly [seq: number, time: number, code: number, msd: number]

/** Player states by number, from 1; 0 = the record does not tell the state. */
export const PLAIN_STATES = [...STATES, 'e', 'f', 'q'] as const
/** A change to a state that the record does not tell: the minified build of shaka loses `sta`. */
export const UNTOLD_CHANGE = 15
/** Added to the state by the event `ps`, which is sent at the moment of a change. Others show the state in passing. */
export const CHANGE = 16
export const stateNumber = (state: (typeof PLAIN_STATES)[number]): number => PLAIN_STATES.indexOf(state) + 1

/** States that show a first frame, and that end a session. */
export const FRAME_STATES: readonly number[] = (['p', 'e'] as const).map(stateNumber)
export const ENDED_STATES: readonly number[] = (['e', 'f', 'q'] as const).map(stateNumber)

const MAX_DELAY_MS = 2 ** 31 - 1

export function plainRecordOf(record: PlaybackTelemetryInput, time: number): PlainRecord {
  const { seq, event, state, startup_ms: delay } = record
  const place = PLAIN_STATES.indexOf(state as (typeof PLAIN_STATES)[number]) + 1
  const isChange = event === 'ps'
  return [
    Math.min(Math.max(seq, 0), MAX_SEQ),
    time,
    (place === 0 && isChange ? UNTOLD_CHANGE : place) + (isChange ? CHANGE : 0),
    Math.min(Math.max(delay ?? -1, -1), MAX_DELAY_MS),
  ]
}

const PLACE = `indexOf([${PLAIN_STATES.map((state) => `'${state}'`).join(', ')}], state)`
const PARTS = [
  `least(greatest(seq, 0), ${MAX_SEQ})`,
  CLAMPED_TIME,
  `multiIf(${PLACE} > 0, ${PLACE}, event = 'ps', ${UNTOLD_CHANGE}, 0) + if(event = 'ps', ${CHANGE}, 0)`,
  `least(greatest(ifNull(startup_ms, -1), -1), ${MAX_DELAY_MS})`,
] as const

export const IS_PLAIN = "source = 'cmcd'"
/** ClickHouse type of a set of records. */
export const RECORDS = 'Array(Tuple(Int32, Int64, UInt8, Int32))'
/** The set of one record, over a row of playback_telemetry. */
export const RECORDS_OF_ROW = `CAST([(${PARTS.join(', ')})], '${RECORDS}')`
/** The same as a flat list of numbers, for memory; empty if the record is not plain CMCD. */
export const FLAT_OF_ROW = `if(${IS_PLAIN}, [${PARTS.map((part) => `toInt64(${part})`).join(', ')}], CAST([], 'Array(Int64)'))`
/**
 * Records that count, whatever a client sends: the first of each minute and of each session, in their order; the others
 * are as if they were lost. The least of a union are among the least of its parts, so this depends on the set alone. Ten
 * a second are twice what a player with low latency sends of its requests; a session has as many in three hours then, in
 * a week with one every six seconds.
 */
export const MAX_MINUTE_RECORDS = 600
export const MAX_SESSION_RECORDS = 100_000

/** Those of a sorted list that count. */
export const countedRecords = (sorted: string): string =>
  `arraySlice(arrayFilter((r, n) -> n <= ${MAX_MINUTE_RECORDS}, ${sorted}, arrayEnumerateUniq(arrayMap(r -> intDiv(r.2, ${MINUTE_MS}), ${sorted}))), 1, ${MAX_SESSION_RECORDS})`

/** The same of a list in memory. */
export function countedOf(records: readonly PlainRecord[]): readonly PlainRecord[] {
  if (records.length <= MAX_MINUTE_RECORDS) return records
  const counts = new Map<number, number>()
  const isCounted = ([, time]: PlainRecord): boolean => {
    const count = (counts.get(minuteOf(time)) ?? 0) + 1
    counts.set(minuteOf(time), count)
    return count <= MAX_MINUTE_RECORDS
  }
  return records.filter(isCounted).slice(0, MAX_SESSION_RECORDS)
}

/** A set of records of a minute as a flat list, sorted. */
export const FLAT_OF_RECORDS = `arrayFlatten(arrayMap(r -> [toInt64(r.1), toInt64(r.2), toInt64(r.3), toInt64(r.4)], ${countedRecords('arraySort(records)')}))`

/** Four numbers a record, sorted. */
export function recordsFrom(flat: readonly number[]): PlainRecord[] {
  const records: PlainRecord[] = []
  for (let i = 0; i < flat.length; i += 4) records.push([flat[i]!, flat[i + 1]!, flat[i + 2]!, flat[i + 3]!])
  return records
}

export function compareRecords(a: PlainRecord, b: PlainRecord): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]
}

/** Whether a sorted list has the record; from the end, where new ones are looked for. */
export function hasRecord(records: readonly PlainRecord[], record: PlainRecord): boolean {
  let i = records.length - 1
  while (i >= 0 && compareRecords(records[i]!, record) > 0) i--
  return i >= 0 && compareRecords(records[i]!, record) === 0
}

/** Two sorted sets as one. */
export function mergeRecords(a: readonly PlainRecord[], b: readonly PlainRecord[]): readonly PlainRecord[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a
  if (compareRecords(a.at(-1)!, b[0]!) < 0) return [...a, ...b]
  const merged: PlainRecord[] = []
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const order = i === a.length ? 1 : j === b.length ? -1 : compareRecords(a[i]!, b[j]!)
    merged.push(order <= 0 ? a[i]! : b[j]!)
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return merged
}
