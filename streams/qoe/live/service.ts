import type { Clock } from '../../../platform/clock.ts'
import type { Store } from '../../../platform/clickhouse/port.ts'
import { errorMessage } from '../../../platform/errors.ts'
import type { Logger } from '../../../platform/logger.ts'
import type { Metrics } from '../../../platform/metrics.ts'
import { MINUTE_MS } from '../definitions.ts'
import { createFeeds, type Watcher } from './feeds.ts'
import { frameOf, type LiveFrame, type LiveQuestion } from './figures.ts'
import { createLatency, type Quantiles } from './latency.ts'
import { createPace } from './pace.ts'
import { openReader } from './reader.ts'
import type { Minute, MinuteRange } from './rollups.ts'
import { readBoundedMinutes } from './bounded-minutes.ts'
import { snapshotOf } from './spread.ts'
import type { ClockSeen } from './tail.ts'

/** The live view: reads what landed once per tick and computes it once for all watchers. */
export interface LiveService {
  frame(question: LiveQuestion): Promise<LiveFrame>
  /** Sends a complete frame immediately, then the changes of each tick; returns the unsubscribe function. */
  subscribe(question: LiveQuestion, watcher: Watcher): () => void
  clocks(): Promise<readonly ClockSeen[]>
  /**
   * Minutes with all their cells, oldest first: from memory if all of them are kept there, otherwise from the store.
   * The clock stays in memory for the next query.
   */
  minutes(range: MinuteRange): Promise<readonly Minute[]>
  /** The clock's watermark; undefined if it has no events. */
  watermark(clock: string): Promise<number | undefined>
  readonly watchers: number
  /** Time from a record's log time to the frame that includes it, ms. */
  visible(): Quantiles
  stop(): Promise<void>
}

/** Subscribes to landed batches; returns the unsubscribe function. */
export type OnLanded = (listener: (topic: string) => void) => () => void

export interface LiveOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Segments of sessions in memory, of all clocks together; absent = no bound. */
  readonly sessions?: number
  /** Set if the sink runs in this process: it triggers a tick immediately, and without landed batches there is none. */
  readonly onLanded?: OnLanded | undefined
}

/** How long a clock that was queried without a subscription is kept for the next query, ms. */
const ASKED_MS = 60_000
/** Maximum number of clocks kept for queries without a subscription. */
const MAX_ASKED = 4
/** Minutes of one answer from memory. A clock that runs so fast that more are requested is read from the store. */
const MAX_KEPT_MS = 10 * MINUTE_MS

export async function startLive({
  store,
  clock,
  logger,
  metrics,
  sessions,
  onLanded,
}: LiveOptions): Promise<LiveService> {
  const reader = openReader(store, clock, sessions)
  const latency = createLatency()
  const asked = new Map<string, number>()
  const tickSeconds = metrics.histogram(
    'playloop_live_tick_seconds',
    'Time to compute the live view once',
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  )
  const visibleSeconds = metrics.histogram(
    'playloop_live_visible_seconds',
    'Log time of the oldest record of a tick to the frame that held it',
    [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 5, 10],
  )
  const held = metrics.gauge('playloop_live_segments', 'Segments of sessions in the memory of the live view')
  const leftOut = metrics.gauge('playloop_live_left_out', 'Sessions that the live view no longer follows, about')
  const asOf = (): Omit<LiveFrame['as_of'], 'watermark'> => ({
    received: reader.received === 0 ? null : reader.received,
    computed: clock.now(),
    landed: reader.cuts().map(({ partition, offset }) => ({ partition, offset })),
  })
  const feeds = createFeeds((question, only) => frameOf(question, reader.loaded(question.clock), asOf(), only), clock)
  const pace = createPace(clock, onLanded)

  /** Clocks that are being loaded. */
  const coming = new Set<string>()
  /** Loads outside the ticks, so a large clock does not delay the others. */
  const arrive = (name: string): void => {
    coming.add(name)
    void reader
      .clock(name)
      .then(
        (loaded) => feeds.renew(name, loaded !== undefined),
        (error: unknown) => logger.warn({ clock: name, reason: errorMessage(error) }, 'a clock could not be loaded'),
      )
      .finally(() => coming.delete(name))
  }

  const tick = async (): Promise<void> => {
    const begun = clock.now()
    const times = await reader.read()
    for (const name of feeds.clocks()) {
      const live = reader.loaded(name)
      if (live !== undefined) feeds.tell(name, live.changes(), live.minutes().at(-1)!)
      else if (!coming.has(name)) arrive(name)
    }
    const now = clock.now()
    for (const time of times) latency.add(now - time, now)
    if (times.length > 0)
      visibleSeconds.observe((now - times.reduce((least, time) => Math.min(least, time), now)) / 1_000)
    tickSeconds.observe((now - begun) / 1_000)
    const size = reader.size()
    held.set(size.segments)
    leftOut.set(size.leftOut)
    reader.forget(
      new Set([...feeds.clocks(), ...[...asked].filter(([, at]) => now - at < ASKED_MS).map(([name]) => name)]),
    )
  }
  const run = async (): Promise<void> => {
    while (await pace.next()) {
      await tick().catch((error: unknown) =>
        logger.warn({ reason: errorMessage(error) }, 'the live view could not be computed; trying again'),
      )
    }
  }
  const running = run()

  /** Undefined if memory does not have all minutes from the first on, or if too many clocks are queried. */
  const kept = async ({ clock: name, from, to }: MinuteRange): Promise<Minute[] | undefined> => {
    for (const [known, at] of asked) if (clock.now() - at >= ASKED_MS) asked.delete(known)
    if (to - from > MAX_KEPT_MS || (!asked.has(name) && asked.size >= MAX_ASKED)) return undefined
    asked.set(name, clock.now())
    const live = await reader.clock(name)
    const minutes = live?.minutes() ?? []
    if (live === undefined || from < (minutes[0] ?? Infinity)) return undefined
    return minutes
      .filter((minute) => minute >= from && minute <= to)
      .map((minute) => ({ minute, cells: snapshotOf(live.cells(minute)) }))
  }

  return {
    async frame(question) {
      asked.set(question.clock, clock.now())
      if (asked.size > MAX_ASKED) asked.delete(asked.keys().next().value!)
      return frameOf(question, await reader.clock(question.clock), asOf())
    },
    subscribe(question, watcher) {
      const ready = reader.loaded(question.clock) !== undefined
      const leave = feeds.add(question, watcher, ready)
      if (!ready && !coming.has(question.clock)) arrive(question.clock)
      return leave
    },
    clocks: () => reader.seen(),
    minutes: async (range) => (await kept(range)) ?? readBoundedMinutes(store, range),
    // A watched clock is known without a query to the store.
    watermark: async (name) =>
      reader.loaded(name)?.watermark ?? (await reader.seen()).find(({ clock: known }) => known === name)?.watermark,
    get watchers() {
      return feeds.size
    },
    visible: () => latency.quantiles(),
    async stop() {
      pace.stop()
      await running
      feeds.close()
    },
  }
}
