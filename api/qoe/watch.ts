import type { Store } from '../../platform/clickhouse/port.ts'
import { clocks as clocksQuery, createLiveClock, decodeTail, MINUTE_MS, minuteOf, storedMinute, tail, type ClockSeen, type LiveClock, type TailCut, type TailRow } from '../../streams/qoe/index.ts'

/** Minutes a clock is kept for; the page shows at most as many. */
export const WINDOW_MINUTES = 60

/** Reads the landing table's tail and keeps the live clocks that somebody asked for. */
export interface Watch {
  /** Takes what has landed since the last call; returns the log times of what was new. */
  read(): Promise<readonly number[]>
  /** The clock, loaded on first use; undefined while nothing was ever heard on it. */
  clock(name: string): Promise<LiveClock | undefined>
  /** Lets go of clocks that nobody asked for. */
  forget(keep: ReadonlySet<string>): void
  seen(): Promise<readonly ClockSeen[]>
  /** Latest log time read, ms. */
  readonly received: number
}

export function watchTail(store: Store): Watch {
  const clocks = new Map<string, Promise<LiveClock | undefined>>()
  const open = new Map<string, LiveClock>()
  const cuts = new Map<number, TailCut>()
  let received = 0

  const seen = (): Promise<ClockSeen[]> => store.rows<ClockSeen>(clocksQuery())

  /** Stored minutes first; what lands meanwhile comes again by the tail, and a maximum takes it twice without harm. */
  const load = async (name: string): Promise<LiveClock | undefined> => {
    const known = (await seen()).find(({ clock }) => clock === name)
    if (known === undefined) return undefined
    const live = createLiveClock(known.watermark, WINDOW_MINUTES)
    open.set(name, live)
    const last = minuteOf(known.watermark)
    for (let minute = last - (WINDOW_MINUTES - 1) * MINUTE_MS; minute <= last; minute += MINUTE_MS) {
      for (const row of decodeTail(await store.bytes(storedMinute(name, minute), 'RowBinary'))) live.take(row)
    }
    return live
  }
  const advance = ({ partition, offset, received: at }: TailRow): void => {
    const cut = cuts.get(partition)
    cuts.set(partition, { partition, offset: Math.max(offset, cut?.offset ?? -1), received: Math.max(at, cut?.received ?? 0) })
  }
  const reload = (name: string): void => {
    open.delete(name)
    clocks.delete(name)
  }

  return {
    get received() { return received },
    seen,
    clock(name) {
      const known = clocks.get(name)
      if (known !== undefined) return known
      const loading = load(name)
      clocks.set(name, loading)
      // Nothing heard yet, or a store that was away: asked again by the next frame.
      loading.then((live) => { if (live === undefined) clocks.delete(name) }, () => reload(name))
      return loading
    },
    forget(keep) {
      for (const name of clocks.keys()) if (!keep.has(name)) reload(name)
    },
    async read() {
      const times: number[] = []
      if (cuts.size === 0) for (const cut of await store.rows<TailCut>(PRESENT)) cuts.set(cut.partition, cut)
      for (const row of decodeTail(await store.bytes(tail([...cuts.values()]), 'RowBinary'))) {
        open.get(row.clock)?.take(row)
        advance(row)
        times.push(row.received)
        received = Math.max(received, row.received)
      }
      for (const [name, live] of open) if (!live.roll()) reload(name)
      return times
    },
  }
}

/** Where the tail begins when the service starts: at the present end of every partition; what came before is in the stored minutes. */
const PRESENT = `SELECT _partition AS partition, toFloat64(max(_offset)) AS offset, toFloat64(toUnixTimestamp64Milli(max(received_time))) AS received
FROM playback_telemetry GROUP BY partition`
