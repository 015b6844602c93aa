import type { Query } from '../../platform/clickhouse/index.ts'
import { landingTable } from '../../schemas/topics.ts'
import { CARRIED } from './definitions.ts'
import type { StateRow } from './live.ts'
import { TARGET } from './migrations.ts'
import type { MinuteRange } from './queries.ts'
import { KNOT } from './spread.ts'
import { COLUMNS } from './state.ts'

/** A row of the tail: a record's state and its place in the log; partition -1 for a stored minute. */
export interface TailRow extends StateRow {
  readonly clock: string
  readonly partition: number
  readonly offset: number
}

/** How far one partition has been read. */
export interface TailCut {
  readonly partition: number
  /** Offsets up to this one are known. */
  readonly offset: number
  /** Log time, ms: parts that hold nothing later are not opened. */
  readonly received: number
}

const LANDING = landingTable('playback.telemetry')
const HASH = 'cityHash64(session_id, instance, segment)'
/** Where a record stands in the log's time may differ from its place by retries: ms. */
const DISORDER_MS = 10_000

/** A `MinutePlace`, as the landing table and the stored minutes both have it. */
const PLACE = `${['country', 'oca', 'device', 'app_version'].map((name) => `CAST(${name}, 'String')`).join(', ')}, toInt32(asn)`
const fields = (of: (column: string) => string): string =>
  ['segment', 'session_start', 'segment_start', 'startup_ms', 'minute', 'last_time', ...CARRIED, 'ended', 'clamped']
    .map(of)
    .join(', ')

const fromRecord = (name: string): string => `${COLUMNS.find((column) => column.name === name)!.from} AS _${name}`

/**
 * Records landed since the cuts, of all clocks or of one, in RowBinary as `decodeTail` reads it. Partitions without a
 * cut are read from their start.
 */
export function tail(cuts: readonly TailCut[], clock?: string): Query {
  const past = cuts.map(
    ({ partition, offset, received }) =>
      `(_partition = ${partition} AND _offset > ${offset} AND received_time >= fromUnixTimestamp64Milli(${received - DISORDER_MS}))`,
  )
  // A partition heard for the first time is bounded in time too, or every part would be opened for it.
  const other =
    cuts.length === 0
      ? '1'
      : `(_partition NOT IN (${cuts.map(({ partition }) => partition).join(', ')}) AND received_time >= fromUnixTimestamp64Milli(${Math.min(...cuts.map(({ received }) => received)) - DISORDER_MS}))`
  return {
    sql: `
SELECT CAST(clock, 'String'), toInt32(_partition), toInt64(_offset), toUnixTimestamp64Milli(received_time), toUInt64(${HASH}),
  ${PLACE}, ${fields(fromRecord)}
FROM ${LANDING}
WHERE (${[...past, other].join(' OR ')})${clock === undefined ? '' : ' AND clock = {clock:String}'}
SETTINGS max_threads = 1`,
    params: clock === undefined ? {} : { clock },
  }
}

/**
 * The stored state of a clock's minutes, oldest first, in the same form. Unmerged rows are as good: their maximum is
 * the state.
 */
export function storedMinutes({ clock, from, to }: MinuteRange): Query {
  return {
    sql: `
SELECT CAST(clock, 'String'), toInt32(-1), toInt64(-1), toInt64(0), toUInt64(${HASH}),
  ${PLACE}, ${fields((name) => name)}
FROM ${TARGET}
WHERE ${RANGE}
ORDER BY minute
SETTINGS max_threads = 1`,
    params: { clock, from, to },
  }
}

/** How many rows `storedMinutes` would answer. */
export const storedRows = ({ clock, from, to }: MinuteRange): Query => ({
  sql: `SELECT toFloat64(count()) AS rows FROM ${TARGET} WHERE ${RANGE}`,
  params: { clock, from, to },
})

const RANGE = 'clock = {clock:String} AND minute >= {from:Int64} AND minute <= {to:Int64}'

/** Reads RowBinary: little endian, strings with a varint length, no names. 0.5 us a row where JSON takes five. */
export function* decodeTail(bytes: Uint8Array): Generator<TailRow> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const long = (): number => {
    at += 8
    return buffer.readUInt32LE(at - 8) + buffer.readInt32LE(at - 4) * 4_294_967_296
  }
  const int = (): number => buffer.readInt32LE((at += 4) - 4)
  const text = (): string => {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = buffer[at++]!
      length |= (byte & 127) << shift
      if (byte < 128) break
    }
    return buffer.toString('utf8', at, (at += length))
  }
  while (at < buffer.length) {
    const [clock, partition, offset, received] = [text(), int(), long(), long()]
    const key = buffer.readBigUInt64LE((at += 8) - 8)
    const [country, oca, device, app_version, asn] = [text(), text(), text(), text(), int()]
    const [segment, sessionStart, segmentStart, startup] = [int(), long(), long(), long()]
    const knot = new Array<number>(KNOT)
    for (let i = 0; i < KNOT - 2; i++) knot[i] = long()
    knot[KNOT - 2] = buffer[at++]!
    knot[KNOT - 1] = buffer[at++]!
    yield {
      clock,
      partition,
      offset,
      received,
      key,
      country,
      asn,
      oca,
      device,
      app_version,
      segment,
      sessionStart,
      segmentStart,
      startup,
      knot,
    }
  }
}

/** A clock that telemetry was received for. */
export interface ClockSeen {
  readonly clock: string
  /** Latest log time, ms. */
  readonly received: number
  /** Players heard in the last 20 s of it. */
  readonly players: number
  /** See watermark.ts, ms of the clock. */
  readonly watermark: number
}

/**
 * All clocks with their watermark, as of the last 20 s in which each was heard. Reads two columns whole: ask for it
 * rarely.
 */
export function clocks(): Query {
  const time = COLUMNS.find(({ name }) => name === 'last_time')!.from
  return {
    sql: `
WITH latest AS (SELECT clock, max(received_time) AS last FROM ${LANDING} GROUP BY clock)
SELECT clock, toFloat64(toUnixTimestamp64Milli(last)) AS received, toFloat64(count()) AS players,
  toFloat64(arraySort(groupArray(-time))[least(count(), greatest(3, intDiv(count() + 9, 10)))]) * -1 AS watermark
FROM (
  SELECT clock, last, max(${time}) AS time
  FROM ${LANDING} INNER JOIN latest USING (clock)
  WHERE received_time >= last - INTERVAL 20 SECOND
  GROUP BY clock, last, ${HASH}
)
GROUP BY clock, last
ORDER BY clock`,
  }
}

/** Where reading begins: 20 s before the latest record of each partition, so that the recently heard are known. */
export function tailStart(): Query {
  return {
    sql: `
SELECT _partition AS partition, toFloat64(-1) AS offset, toFloat64(toUnixTimestamp64Milli(max(received_time)) - 20000 + ${DISORDER_MS}) AS received
FROM ${LANDING} GROUP BY partition ORDER BY partition`,
  }
}
