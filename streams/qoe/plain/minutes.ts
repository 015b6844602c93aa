import type { Store } from '../../../platform/clickhouse/index.ts'
import { COUNTED, MINUTE_MS, SILENCE_MS, SPREAD, type MinuteDimension } from '../definitions.ts'
import { compose, type Level } from '../session/levels.ts'
import { bucketSql, STARTUP_PARTS } from '../sketch.ts'
import type { StatesRead } from '../state.ts'
import { KIND_NUMBERS, readingLevels, timeOf } from './levels.ts'
import { kindNumber, WATCHED_KINDS } from './reading.ts'
import { stateNumber } from './record.ts'
import { PLAIN_MINUTES, SORTED_RECORDS } from './tables.ts'

/** What each minute knows of each session, with the names of the last level of `minuteRollups`: live/plain.ts in SQL. */
export function plainMoments(
  dimensions: readonly MinuteDimension[],
  wanted: readonly string[],
  reading: StatesRead,
): string {
  return compose(AROUND(dimensions, reading), [...grouped(dimensions), ...readingLevels('0'), ...MOMENTS], wanted)
}

/** Whether there are minutes of plain CMCD of this clock, from `from` to `to`: statements about them cost some time. */
export async function hasPlainMinutes(
  store: Pick<Store, 'bytes'>,
  params: { readonly clock: string; readonly from: number; readonly to: number },
): Promise<boolean> {
  const sql = `SELECT 1 FROM ${PLAIN_MINUTES} WHERE clock = {clock:String} AND minute >= {from:Int64} AND minute <= {to:Int64} LIMIT 1`
  return (await store.bytes({ sql, params }, 'RowBinary')).length > 0
}

/** Condition over qoe_minute_v1: no minute of plain CMCD, which has columns that its players do not send. */
export const NOT_PLAIN = (from: string, to: string): string =>
  `(minute, session_id, instance, segment) NOT IN (SELECT minute, session_id, instance, segment FROM ${PLAIN_MINUTES} WHERE clock = {clock:String} AND minute >= {${from}:Int64} AND minute <= {${to}:Int64})`

/** Each stored minute beside each minute `M` that it counts for. */
const AROUND = (dimensions: readonly MinuteDimension[], { valueOf, condition }: StatesRead): string => `(
  SELECT M, cityHash64(session_id, instance, segment) AS key, segment AS place, minute, clamped, records AS stored, ${dimensions.map((name) => `${valueOf(name)} AS own_${name}`).join(', ')}
  FROM ${PLAIN_MINUTES}
  ARRAY JOIN range(greatest(minute - ${SILENCE_MS}, {from:Int64}), least(minute + ${SILENCE_MS}, {to:Int64}) + 1, ${MINUTE_MS}) AS M
  WHERE clock = {clock:String} AND minute >= {first:Int64} AND minute <= {last:Int64} AND ${condition})`

const grouped = (dimensions: readonly MinuteDimension[]): readonly Level[] => [
  {
    columns: [
      SORTED_RECORDS,
      'maxIf(clamped, minute = M) AS b_clamped',
      ...dimensions.map((name) => `max(own_${name}) AS ${name}`),
    ],
    groupBy: ['M', 'key', 'place'],
  },
]

const WITHIN = (time: string): string => `${time} >= M AND ${time} < M + ${MINUTE_MS}`
const ENDED = (['e', 'f', 'q'] as const).map(stateNumber).join(', ')
const FAILED = String(stateNumber('f'))
const told = (states: string, when: string): string =>
  `arrayExists((x, t) -> x IN (${states}) AND ${when}, told, times)`
const inMinute = (kinds: readonly number[], isLead: boolean): string => {
  const lead = isLead
    ? ` + if(lead_ms > 0, greatest(least(begun_at + lead_ms, M + ${MINUTE_MS}) - greatest(begun_at, M), 0), 0)`
    : ''
  return `toInt64(least(${timeOf(kinds, ['M', `M + ${MINUTE_MS}`])}${lead}, ${MINUTE_MS}))`
}
const NONE = 'toInt64(0)'
const TIMES: Readonly<Record<(typeof SPREAD)[number], string>> = {
  stall_ms: inMinute([kindNumber('stall')], false),
  watched_ms: inMinute(WATCHED_KINDS, true),
  wall_ms: inMinute(KIND_NUMBERS, true),
  media_ms: NONE,
  bits_played: NONE,
}

const MOMENTS: readonly Level[] = [
  {
    columns: [
      ...SPREAD.map((name) => `${TIMES[name]} AS in_${name}`),
      'toInt64(startup_ms) AS waited_ms',
      `arrayExists(t -> ${WITHIN('t')}, times) AS b_seen`,
      `NOT arrayExists((i, t, l) -> ${WITHIN('t')} AND NOT l AND NOT (i = 1 AND is_begun), nth, times, links) AS known`,
      `toInt64(${told(FAILED, WITHIN('t'))}) AS b_errors_fatal`,
      `${told(FAILED, 't < M')} AS failed_before`,
      `${NONE} AS b_errors_business`,
      `${told(ENDED, WITHIN('t'))} AND NOT ${told(ENDED, 't < M')} AND (frame_nth > 0 OR is_begun) AS over`,
      `is_begun AND place = 0 AND ${WITHIN('begun_at')} AS attempt`,
      `is_begun AND frame_nth > 0 AND ${WITHIN('frame_at')} AS play`,
    ],
    apart: true,
  },
  {
    columns: [
      ...COUNTED.map(
        (name) => `${name === 'errors_fatal' ? 'if(failed_before, 0, b_errors_fatal)' : NONE} AS in_${name}`,
      ),
      `frame_nth > 0 AND frame_at < M + ${MINUTE_MS} AND in_watched_ms > 0 AS playing`,
      `${bucketSql('waited_ms', STARTUP_PARTS)} AS startup_bucket`,
    ],
    apart: true,
  },
]
