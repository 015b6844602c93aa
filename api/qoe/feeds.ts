import type { Clock } from '../../platform/clock.ts'
import type { Receiver } from '../../platform/http/index.ts'
import type { LiveFrame, LiveQuestion } from './schema.ts'

/**
 * One who watches: `frame` is whole, `change` holds the minutes that changed. Who lags behind gets a whole one when it
 * has caught up.
 */
export type Watcher = Receiver<'frame' | 'change'>

/** Watchers by what they ask: each answer is made and written as text once. */
export interface Feeds {
  add(question: LiveQuestion, watcher: Watcher, ready: boolean): () => void
  /** Minutes of a clock that changed, and its latest. */
  tell(clock: string, changed: ReadonlySet<number>, latest: number): void
  /** The clock was loaded anew, or has no data. */
  renew(clock: string, loaded: boolean): void
  clocks(): ReadonlySet<string>
  readonly size: number
  close(): void
}

interface Feed {
  readonly question: LiveQuestion
  /** Watchers, and whether they need a whole frame. */
  readonly watchers: Map<Watcher, boolean>
  latest: number
  sentAt: number
}

/** Something is sent at least so often: it says that nothing is missing, ms. */
const BEAT_MS = 2_000

export function createFeeds(
  answer: (question: LiveQuestion, only?: ReadonlySet<number>) => LiveFrame,
  clock: Clock,
): Feeds {
  const feeds = new Map<string, Feed>()

  const send = (feed: Feed, changed: ReadonlySet<number> | undefined): void => {
    let [frame, change]: (string | undefined)[] = []
    for (const [watcher, behind] of feed.watchers) {
      const whole = behind || changed === undefined
      if (whole) frame ??= JSON.stringify(answer(feed.question))
      else change ??= JSON.stringify(answer(feed.question, changed))
      feed.watchers.set(watcher, !watcher.send(whole ? 'frame' : 'change', (whole ? frame : change)!))
    }
    feed.sentAt = clock.now()
  }
  const of = (name: string): Feed[] => [...feeds.values()].filter(({ question }) => question.clock === name)

  return {
    add(question, watcher, ready) {
      const key = JSON.stringify(question)
      const feed = feeds.get(key) ?? { question, watchers: new Map<Watcher, boolean>(), latest: 0, sentAt: clock.now() }
      feeds.set(key, feed)
      feed.watchers.set(watcher, true)
      if (ready) feed.watchers.set(watcher, !watcher.send('frame', JSON.stringify(answer(question))))
      return () => {
        feed.watchers.delete(watcher)
        if (feed.watchers.size === 0) feeds.delete(key)
      }
    },
    tell(name, changed, latest) {
      for (const feed of of(name)) {
        // The minute that was open before is whole now.
        const all = feed.latest !== latest && feed.latest > 0 ? new Set([...changed, feed.latest]) : changed
        feed.latest = latest
        const waiting = [...feed.watchers.values()].includes(true)
        if (all.size > 0 || waiting || clock.now() - feed.sentAt >= BEAT_MS) send(feed, all)
      }
    },
    renew(name, loaded) {
      for (const feed of of(name))
        if (loaded || clock.now() - feed.sentAt >= BEAT_MS || [...feed.watchers.values()].includes(true))
          send(feed, undefined)
    },
    clocks: () => new Set([...feeds.values()].map(({ question }) => question.clock)),
    get size() {
      return [...feeds.values()].reduce((sum, { watchers }) => sum + watchers.size, 0)
    },
    close() {
      for (const { watchers } of feeds.values()) for (const watcher of watchers.keys()) watcher.end()
      feeds.clear()
    },
  }
}
