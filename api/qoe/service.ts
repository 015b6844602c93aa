import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { DEFINITIONS, groupMetrics, metricsOf, type ClockSeen, type LiveClock } from '../../streams/qoe/index.ts'
import { createLatency, type Quantiles } from './latency.ts'
import type { LiveFrame, LiveQuestion } from './schema.ts'
import { watchTail } from './watch.ts'

/** The live view: read and computed once a tick for everybody, whoever watches. */
export interface LiveService {
  frame(question: LiveQuestion): Promise<LiveFrame>
  /** The frame of each tick, as text made once for all that ask the same; returns how to stop. */
  subscribe(question: LiveQuestion, listener: (frame: string) => void): () => void
  clocks(): Promise<readonly ClockSeen[]>
  readonly watchers: number
  /** Log time of a record to the frame that held it, ms, over the last minutes. */
  visible(): Quantiles
  stop(): Promise<void>
}

export interface LiveOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Tells of landed batches, when the sink runs in this process: a tick then comes at once. */
  readonly onLanded?: (listener: (topic: string) => void) => () => void
}

/** A tick comes this long after the last at the latest, and at the earliest when something landed, ms. */
const TICK_MS = 1_000
const SOONEST_MS = 500

export async function startLive({ store, clock, log, metrics, onLanded }: LiveOptions): Promise<LiveService> {
  const watch = watchTail(store)
  const latency = createLatency()
  const watchers = new Map<string, { readonly question: LiveQuestion; readonly listeners: Set<(frame: string) => void> }>()
  const tickSeconds = metrics.histogram('playloop_live_tick_seconds', 'Time to compute the live view once', [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
  const visibleSeconds = metrics.histogram('playloop_live_visible_seconds', 'Log time of a record to the frame that held it', [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 5, 10])
  const stopping = new AbortController()
  let wake = (): void => undefined
  let landed = false
  const unsubscribe = onLanded?.((topic) => {
    if (topic !== 'playback.telemetry') return
    landed = true
    wake()
  })

  const frame = async (question: LiveQuestion): Promise<LiveFrame> => frameOf(question, await watch.clock(question.clock), watch.received, clock.now())
  const tick = async (): Promise<void> => {
    const begun = clock.now()
    landed = false
    const times = await watch.read()
    for (const { question, listeners } of watchers.values()) {
      const text = JSON.stringify(await frame(question))
      for (const listener of listeners) listener(text)
    }
    const now = clock.now()
    for (const time of times) latency.add(now - time)
    const worst = times.reduce((least, time) => Math.min(least, time), now)
    if (times.length > 0) visibleSeconds.observe((now - worst) / 1_000)
    tickSeconds.observe((now - begun) / 1_000)
    watch.forget(new Set([...watchers.values()].map(({ question }) => question.clock).concat(recent)))
  }
  /** Clocks asked for by JSON lately: kept for the next question. */
  let recent: string[] = []

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await tick().catch((error: unknown) => log.warn({ reason: errorMessage(error) }, 'the live view could not be computed; trying again'))
      await clock.sleep(SOONEST_MS, stopping.signal).catch(() => undefined)
      if (!landed && !stopping.signal.aborted) await rest()
    }
  }
  const rest = (): Promise<void> => new Promise((resolve) => {
    wake = resolve
    clock.sleep(TICK_MS - SOONEST_MS, stopping.signal).then(resolve, resolve)
  })
  const running = run()

  return {
    async frame(question) {
      recent = [...new Set([question.clock, ...recent])].slice(0, RECENT_CLOCKS)
      return frame(question)
    },
    subscribe(question, listener) {
      const key = JSON.stringify(question)
      const own = watchers.get(key) ?? { question, listeners: new Set() }
      watchers.set(key, own)
      own.listeners.add(listener)
      return () => {
        own.listeners.delete(listener)
        if (own.listeners.size === 0) watchers.delete(key)
      }
    },
    clocks: () => watch.seen(),
    get watchers() { return [...watchers.values()].reduce((sum, { listeners }) => sum + listeners.size, 0) },
    visible: () => latency.quantiles(),
    async stop() {
      unsubscribe?.()
      stopping.abort(new Error('the live view stops'))
      await running
    },
  }
}

const RECENT_CLOCKS = 4

function frameOf(question: LiveQuestion, live: LiveClock | undefined, received: number, now: number): LiveFrame {
  const { clock, group, country, oca } = question
  const minutes = live?.minutes().slice(-question.minutes) ?? []
  return {
    clock, group, definitions: DEFINITIONS,
    as_of: { watermark: live?.watermark ?? null, received: received === 0 ? null : received, computed: now },
    minutes: minutes.map((minute, index) => {
      const cells = (live?.cells(minute) ?? []).filter((cell) => (country === undefined || cell.country === country) && (oca === undefined || cell.oca === oca))
      return { minute, partial: index === minutes.length - 1, total: metricsOf(cells), groups: group === 'none' ? [] : groupMetrics(cells, group) }
    }),
  }
}
