import type { Clock } from '../../../platform/clock.ts'
import type { LiveFrame, LiveQuestion } from './figures.ts'

/** A subscriber of the live view. */
export interface Watcher {
  /**
   * `frame` is complete, `change` holds only the minutes that changed. Returns false if the watcher lags behind: it
   * misses this message and gets a complete frame when it has caught up.
   */
  send(kind: 'frame' | 'change', frame: LiveFrame): boolean
  /** Called when the live view ends. */
  end(): void
}

/** Watchers grouped by question: each answer is computed once and is the same object for all of them. */
export interface Feeds {
  add(question: LiveQuestion, watcher: Watcher, ready: boolean): () => void
  /** Sends the minutes of a clock that changed, and its latest. */
  tell(clock: string, changed: ReadonlySet<number>, latest: number): void
  /** Call when the clock was loaded again, or has no data. */
  renew(clock: string, loaded: boolean): void
  clocks(): ReadonlySet<string>
  readonly size: number
  close(): void
}

interface Feed {
  readonly question: LiveQuestion
  /** Watchers, and whether they need a complete frame. */
  readonly watchers: Map<Watcher, boolean>
  latest: number
  sentAt: number
}

/** A message is sent at least this often, to show that the connection works and nothing is missing, ms. */
const BEAT_MS = 2_000

export function createFeeds(
  answer: (question: LiveQuestion, only?: ReadonlySet<number>) => LiveFrame,
  clock: Clock,
): Feeds {
  const feeds = new Map<string, Feed>()

  const send = (feed: Feed, changed: ReadonlySet<number> | undefined): void => {
    let [frame, change]: (LiveFrame | undefined)[] = []
    for (const [watcher, behind] of feed.watchers) {
      const isWhole = behind || changed === undefined
      const sent = isWhole
        ? watcher.send('frame', (frame ??= answer(feed.question)))
        : watcher.send('change', (change ??= answer(feed.question, changed)))
      feed.watchers.set(watcher, !sent)
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
      if (ready) feed.watchers.set(watcher, !watcher.send('frame', answer(question)))
      return () => {
        feed.watchers.delete(watcher)
        if (feed.watchers.size === 0) feeds.delete(key)
      }
    },
    tell(name, changed, latest) {
      for (const feed of of(name)) {
        // The minute that was open before is now complete.
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
