import type { Query } from '../../../platform/clickhouse/index.ts'
import { inSlice, type Slice } from '../../../platform/clickhouse/slices.ts'
import { landingTable } from '../../../schemas/topics.ts'
import { NOT_PLAIN } from '../plain/minutes.ts'
import { FLAT_OF_RECORDS, FLAT_OF_ROW, PLAIN_STATES } from '../plain/record.ts'
import { PLAIN_MINUTES } from '../plain/tables.ts'
import { COLUMNS, MINUTE_STATE, STATE_ROW, TARGET } from '../state.ts'
import type { MinuteRange } from './rollups.ts'

/** How far one partition has been read. */
export interface TailCut {
  readonly partition: number
  /** Offsets up to this one are read. */
  readonly offset: number
  /** Log time, ms: parts without later records are not opened. */
  readonly received: number
  /** Last offset to read, so that an answer stays small however far behind the reader is; absent = all. */
  readonly to?: number
}

const LANDING = landingTable('playback.telemetry')
const HASH = 'cityHash64(session_id, instance, segment)'
/** Retries may move a record's log time away from its place in the log by up to this much, ms. */
const DISORDER_MS = 10_000

/** A StateRow of a table: the columns that landing table and stored minutes share, plus the given ones. */
const stateRow = (
  place: Record<'partition' | 'offset' | 'received' | 'sender' | 'plain', string>,
  of: (column: string) => string,
): string =>
  STATE_ROW.select({
    ...place,
    key: HASH,
    clock: 'clock',
    country: 'country',
    asn: 'asn',
    oca: 'oca',
    device: 'device',
    app_version: 'app_version',
    segment: 'segment',
    session_start: of('session_start'),
    segment_start: of('segment_start'),
    startup_ms: of('startup_ms'),
    minute_state: `[${MINUTE_STATE.map(of).join(', ')}]`,
  })

const RECEIVED = 'toUnixTimestamp64Milli(received_time)'
const OF_RECORD = stateRow(
  { partition: '_partition', offset: '_offset', received: RECEIVED, sender: 'sender', plain: FLAT_OF_ROW },
  (name) => COLUMNS.find((column) => column.name === name)!.from,
)
const STORED = { partition: '-1', offset: '-1', received: '0', sender: '0' }
const OF_MINUTE = stateRow({ ...STORED, plain: "CAST([], 'Array(Int64)')" }, (name) => name)
/** Of plain CMCD memory takes the records, and of a state when and whether it was the last. */
const OF_PLAIN: Readonly<Record<string, string>> = {
  minute: 'minute',
  last_time: 'arrayMax(arrayMap(r -> r.2, records))',
  ended: `arrayExists(r -> r.3 % 16 >= ${PLAIN_STATES.indexOf('e') + 1} AND r.3 % 16 <= ${PLAIN_STATES.length}, records)`,
  clamped: 'clamped',
  startup_ms: '-1',
}
const OF_PLAIN_MINUTE = stateRow({ ...STORED, plain: FLAT_OF_RECORDS }, (name) => OF_PLAIN[name] ?? '0')

/**
 * States of the records that landed since the cuts, of all clocks or of one, for STATE_ROW. Partitions without a cut
 * are read from their start.
 */
export function tail(cuts: readonly TailCut[], clock?: string): Query {
  const past = cuts.map(
    ({ partition, offset, received, to = Infinity }) =>
      `(_partition = ${partition} AND _offset > ${offset}${Number.isFinite(to) ? ` AND _offset <= ${to}` : ''} AND received_time >= fromUnixTimestamp64Milli(${received - DISORDER_MS}))`,
  )
  // A new partition is limited by time too; otherwise every part would be opened for it.
  const other =
    cuts.length === 0
      ? '1'
      : `(_partition NOT IN (${cuts.map(({ partition }) => partition).join(', ')}) AND received_time >= fromUnixTimestamp64Milli(${Math.min(...cuts.map(({ received }) => received)) - DISORDER_MS}))`
  return {
    sql: `
SELECT ${OF_RECORD}
FROM ${LANDING}
WHERE (${[...past, other].join(' OR ')})${clock === undefined ? '' : ' AND clock = {clock:String}'}
SETTINGS max_threads = 1`,
    params: clock === undefined ? {} : { clock },
  }
}

/**
 * The stored states of a clock's minutes, oldest first, in the same form, or those of a slice of its segments. Unmerged
 * rows are equally good: their maximum is the state.
 */
export const storedMinutes = (
  { clock, from, to }: MinuteRange,
  hasPlain: boolean,
  slice: Slice = { of: 1, at: 0 },
): Query => ({
  sql: `
SELECT ${OF_MINUTE}
FROM ${TARGET}
WHERE ${RANGE} AND ${inSlice('session_id', slice)}${hasPlain ? ` AND ${NOT_PLAIN('from', 'to')}` : ''}
ORDER BY minute
SETTINGS max_threads = 1`,
  params: { clock, from, to },
})

/** The same of plain CMCD, with its records. */
export const storedPlainMinutes = ({ clock, from, to }: MinuteRange, slice: Slice = { of: 1, at: 0 }): Query => ({
  sql: `
SELECT ${OF_PLAIN_MINUTE}
FROM ${PLAIN_MINUTES}
WHERE ${RANGE} AND ${inSlice('session_id', slice)}
ORDER BY minute
SETTINGS max_threads = 1`,
  params: { clock, from, to },
})

/** Number of rows of each minute that `storedMinutes` would return, oldest first. */
export const storedRows = ({ clock, from, to }: MinuteRange): Query => ({
  sql: `SELECT toFloat64(minute) AS minute, toFloat64(count()) AS rows FROM ${TARGET} WHERE ${RANGE} GROUP BY minute ORDER BY minute`,
  params: { clock, from, to },
})

/** Number of stored states of a clock's minutes. */
export const storedCount = ({ clock, from, to }: MinuteRange): Query => ({
  sql: `SELECT toFloat64(count()) AS rows FROM ${TARGET} WHERE ${RANGE}`,
  params: { clock, from, to },
})

const RANGE = 'clock = {clock:String} AND minute >= {from:Int64} AND minute <= {to:Int64}'

/** A clock with telemetry. */
export interface ClockSeen {
  readonly clock: string
  /** Latest log time, ms. */
  readonly received: number
  /** Players with a report in its last 20 s. */
  readonly players: number
  /** See watermark.ts, ms of the clock. */
  readonly watermark: number
}

/** Clocks that are listed: those with the most players. Clients name clocks as they like. */
const MAX_CLOCKS = 100

/**
 * Clocks with their watermark (see watermark.ts), as of the last 20 s of each clock's telemetry. Reads two whole
 * columns: call it rarely.
 */
export function clocks(): Query {
  const column = (name: string): string => COLUMNS.find((each) => each.name === name)!.from
  const nth = (times: string, rank: string): string => `arrayReverseSort(${times})[${rank}]`
  const third = (times: string): string => `greatest(intDiv(length(${times}) + 2, 3), least(length(${times}), 2))`
  const few = 'greatest(3, intDiv(length(heard) + 9, 10))'
  return {
    sql: `
SELECT * FROM (
WITH latest AS (SELECT clock, max(received_time) AS last FROM ${LANDING} GROUP BY clock)
SELECT clock, toFloat64(toUnixTimestamp64Milli(last)) AS received, toFloat64(count) AS players,
  toFloat64(${nth('reached', third('reached'))}) AS watermark
FROM (
  SELECT clock, last, sum(length(heard)) AS count,
    groupArray(if(length(playing) >= ${few}, ${nth('playing', third('playing'))}, ${nth('heard', `least(length(heard), ${few})`)})) AS reached
  FROM (
    SELECT clock, last, by, groupArray(time) AS heard, groupArrayIf(time, NOT over) AS playing
    FROM (
      SELECT clock, last, argMax(sender, received_time) AS by, max(${column('ended')}) AS over,
        max(if(clock = 'live', least(${column('last_time')}, ${RECEIVED}), ${column('last_time')})) AS time
      FROM ${LANDING} INNER JOIN latest USING (clock)
      WHERE received_time >= last - INTERVAL 20 SECOND
      GROUP BY clock, last, ${HASH}
    )
    GROUP BY clock, last, by
  )
  GROUP BY clock, last
)
ORDER BY players DESC, clock LIMIT ${MAX_CLOCKS}
) ORDER BY clock`,
  }
}

/** Where reading begins: 20 s before the latest record of each partition, so that recently active players are known. */
export function tailStart(): Query {
  return {
    sql: `
SELECT _partition AS partition, toFloat64(-1) AS offset, toFloat64(toUnixTimestamp64Milli(max(received_time)) - 20000 + ${DISORDER_MS}) AS received
FROM ${LANDING} GROUP BY partition ORDER BY partition`,
  }
}
