import type { Clock } from '../../../platform/clock.ts'
import type { Store } from '../../../platform/clickhouse/port.ts'
import { MINUTE_MS, minuteOf } from '../definitions.ts'
import { hasPlainMinutes } from '../plain/minutes.ts'
import { STATE_ROW, type StateRow } from '../state.ts'
import { shareOf } from './bounds.ts'
import { createLiveClock, type LiveClock } from './clock.ts'
import { openCursor, type Cursor } from './cursor.ts'
import type { MinuteRange } from './rollups.ts'
import {
  clocks as clocksQuery,
  storedMinutes,
  storedPlainMinutes,
  storedRows,
  tail,
  tailStart,
  type ClockSeen,
  type TailCut,
} from './tail.ts'

/** Minutes kept per clock: as many as can be queried. */
export const WINDOW_MINUTES = 30
/** A new load adds records that came too late, at most this often, ms. */
const RELOAD_MS = 300_000
/** Lifetime of a list of clocks, ms: reading it scans two whole columns. */
const SEEN_MS = 5_000

/** Rows processed without a pause: about 20 ms. */
const SLICE_ROWS = 4_000
/** Offsets in one read, of all partitions together: its answer has 40 MB at most. */
const READ_PLACES = 200_000
/** Clocks that were looked up and have no data: remembered for this many. */
const MAX_ABSENT = 1_000

/** Reads the tail of the landing table and keeps the minutes of the clocks that were asked for. */
export interface TailReader {
  /** Reads what has landed since the last call; returns the log times of the new records. */
  read(): Promise<readonly number[]>
  /** The clock, loaded on first use; undefined while it has no events. */
  clock(name: string): Promise<LiveClock | undefined>
  /** The clock if it is loaded. */
  loaded(name: string): LiveClock | undefined
  /** Drops all clocks except these. */
  forget(keep: ReadonlySet<string>): void
  seen(): Promise<readonly ClockSeen[]>
  /** Number of segments in memory, and of sessions left out, of all clocks. */
  size(): { readonly segments: number; readonly leftOut: number }
  /** How far each partition was read. */
  cuts(): readonly TailCut[]
  /** Latest log time read, ms; 0 before the first. */
  readonly received: number
}

interface Open {
  readonly live: LiveClock
  readonly since: number
  /** Set once the stored minutes are loaded; until then the window does not move. */
  ready: boolean
}

/** `sessions` is the number of segments in memory, of all clocks together. */
export function openReader(store: Store, clock: Clock, sessions = Infinity): TailReader {
  const loading = new Map<string, Promise<LiveClock | undefined>>()
  const open = new Map<string, Open>()
  const cursors = new Map<number, Cursor>()
  /** Clocks that were looked up and have no data yet. */
  const absent = new Set<string>()
  let list: { at: number; clocks: Promise<ClockSeen[]> } | undefined
  let received = 0

  const seen = (): Promise<ClockSeen[]> => {
    if (list === undefined || clock.now() - list.at > SEEN_MS)
      list = { at: clock.now(), clocks: store.rows<ClockSeen>(clocksQuery()) }
    return list.clocks
  }
  const starts = (): Promise<TailCut[]> => store.rows<TailCut>(tailStart())

  /**
   * Loads the stored minutes, then the recently active segments. `read` also takes what lands meanwhile: state is a
   * maximum, so reading a row twice is harmless.
   */
  const load = async (name: string): Promise<LiveClock | undefined> => {
    list = undefined
    const known = (await seen()).find((each) => each.clock === name)
    if (known === undefined) {
      if (absent.size >= MAX_ABSENT) absent.clear()
      absent.add(name)
      return undefined
    }
    const live: LiveClock = createLiveClock(known.watermark, WINDOW_MINUTES, {
      clock: name,
      bounds: () => shareOf(sessions, segmentsOf(open.values()), open.get(name)?.live.segments ?? 0),
    })
    const own: Open = { live, since: clock.now(), ready: false }
    open.set(name, own)
    const last = minuteOf(known.watermark)
    // Some minutes before the window are baselines of its first; some minutes after it belong to clocks that are fast.
    const range = { clock: name, from: last - (WINDOW_MINUTES + 5) * MINUTE_MS, to: last + 5 * MINUTE_MS }
    for await (const rows of stored(store, range)) await eachRow(rows, (row) => live.take(row))
    await eachRow(await store.bytes(tail(await starts(), name), 'RowBinary'), (row) => live.take(row))
    // Watchers first get a complete frame of the clock, so what was loaded is not a change.
    live.changes()
    own.ready = true
    return live
  }
  /** In slices, because the sink and its heartbeats may run in this process too. */
  const eachRow = async (rows: Uint8Array, take: (row: StateRow) => void): Promise<void> => {
    let taken = 0
    for (const row of STATE_ROW.rows(rows)) {
      take(row)
      if (++taken % SLICE_ROWS === 0) await clock.sleep(0)
    }
  }
  const drop = (name: string): void => {
    open.delete(name)
    loading.delete(name)
  }
  const rollAll = (): void => {
    for (const [name, { live, since, ready }] of open) {
      if (ready && (!live.roll() || (live.late > 0 && clock.now() - since > RELOAD_MS))) drop(name)
    }
  }

  return {
    get received() {
      return received
    },
    seen,
    size: () => ({
      segments: sum(segmentsOf(open.values())),
      leftOut: sum([...open.values()].map(({ live }) => live.leftOut().sessions)),
    }),
    cuts: () => [...cursors.values()].map(({ cut }) => cut),
    loaded: (name) => (open.get(name)?.ready === true ? open.get(name)?.live : undefined),
    clock(name) {
      if (absent.has(name)) return Promise.resolve(undefined)
      const known = loading.get(name)
      if (known !== undefined) return known
      const fresh = load(name)
      loading.set(name, fresh)
      // No events yet, or the store was unavailable: the next frame asks again.
      fresh.then(
        (live) => {
          if (live === undefined) drop(name)
        },
        () => drop(name),
      )
      return fresh
    },
    forget(keep) {
      for (const [name, { ready }] of open) if (ready && !keep.has(name)) drop(name)
    },
    async read() {
      const times: number[] = []
      const first = cursors.size === 0
      if (first) for (const start of await starts()) cursors.set(start.partition, openCursor(start))
      const share = Math.ceil(READ_PLACES / cursors.size)
      const cuts = [...cursors.values()].map((cursor) => cursor.next(share))
      await eachRow(await store.bytes(tail(cuts), 'RowBinary'), (row) => {
        open.get(row.clock)?.live.take(row)
        absent.delete(row.clock)
        received = Math.max(received, row.received)
        const cursor = cursors.get(row.partition) ?? openCursor(row)
        cursors.set(row.partition, cursor)
        if (cursor.see(row.offset, row.received) && !first) times.push(row.received)
      })
      for (const cursor of cursors.values()) cursor.settle(clock.now())
      rollAll()
      return times
    },
  }
}

/** Rows held at once while a clock is loaded: about 40 MB. */
const LOAD_ROWS = 200_000

/**
 * Stored minutes in chunks, oldest first: all at once with few players, one minute at a time with many, and a minute
 * with very many in slices.
 */
async function* stored(store: Store, range: MinuteRange): AsyncGenerator<Uint8Array> {
  const hasPlain = await hasPlainMinutes(store, range)
  const minutes = await store.rows<{ minute: number; rows: number }>(storedRows(range))
  for (const { from, to, rows } of chunksOf(minutes)) {
    const chunk = { clock: range.clock, from, to }
    const of = Math.ceil(rows / LOAD_ROWS)
    for (let at = 0; at < of; at++) {
      yield store.bytes(storedMinutes(chunk, hasPlain, { of, at }), 'RowBinary')
      if (hasPlain) yield store.bytes(storedPlainMinutes(chunk, { of, at }), 'RowBinary')
    }
  }
}

/** Neighbouring minutes that together have few rows, and each minute with many alone. */
function chunksOf(minutes: readonly { minute: number; rows: number }[]): { from: number; to: number; rows: number }[] {
  const chunks: { from: number; to: number; rows: number }[] = []
  for (const { minute, rows } of minutes) {
    const last = chunks.at(-1)
    if (last === undefined || last.rows + rows > LOAD_ROWS) chunks.push({ from: minute, to: minute, rows })
    else Object.assign(last, { to: minute, rows: last.rows + rows })
  }
  return chunks
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
const segmentsOf = (open: Iterable<Open>): number[] => [...open].map(({ live }) => live.segments)
