import type { Clock } from '../../platform/clock.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Receiver } from '../../platform/http/index.ts'

/** Live scorecards: computed once for all subscribers with the same question, and only while there are any. */
export interface LiveScorecards {
  /** Sends the scorecard now and after every change; returns the unsubscribe function. */
  watch(key: string, make: () => Promise<object>, receiver: Receiver<'scorecard'>): () => void
  readonly size: number
  stop(): void
}

export interface LiveScorecardsDeps {
  readonly clock: Clock
  readonly logger: Logger
  /** Increases with every step that counted outcomes. */
  readonly counted: () => Promise<number>
}

/** Polling interval of changes, ms: one query of a small table. */
const LOOK_MS = 50
/** Recomputation interval if nothing new is counted, ms: windows close meanwhile. */
const BEAT_MS = 5_000

interface Feed {
  readonly make: () => Promise<object>
  readonly receivers: Set<Receiver<'scorecard'>>
  /** The last scorecard sent, without the watermark: a change of the watermark alone is not sent. */
  told: string
  madeAt: number
}

export function createLiveScorecards({ clock, logger, counted }: LiveScorecardsDeps): LiveScorecards {
  const feeds = new Map<string, Feed>()
  const stopping = new AbortController()
  let running = false

  const tell = async (feed: Feed, to: Iterable<Receiver<'scorecard'>>, always: boolean): Promise<void> => {
    const card = await feed.make()
    feed.madeAt = clock.now()
    const told = JSON.stringify({ ...card, watermark: 0, offsets: 0 })
    if (told === feed.told && !always) return
    feed.told = told
    const text = JSON.stringify(card)
    for (const receiver of to) receiver.send('scorecard', text)
  }
  /** One that fails is tried again after BEAT_MS: it must not keep those behind it waiting. */
  const tellAll = async (feed: Feed): Promise<void> => {
    feed.madeAt = clock.now()
    await tell(feed, feed.receivers, false).catch((error: unknown) =>
      logger.warn({ error: errorMessage(error) }, 'a scorecard was not made, trying again'),
    )
  }
  const loop = async (): Promise<void> => {
    let known = -1
    while (feeds.size > 0 && !stopping.signal.aborted) {
      try {
        const now = await counted()
        for (const feed of feeds.values())
          if (now !== known || clock.now() - feed.madeAt >= BEAT_MS) await tellAll(feed)
        known = now
      } catch (error) {
        logger.warn({ error: errorMessage(error) }, 'scorecards were not made, trying again')
      }
      await clock.sleep(LOOK_MS, stopping.signal).catch(() => undefined)
    }
    running = false
  }

  return {
    watch(key, make, receiver) {
      const feed = feeds.get(key) ?? { make, receivers: new Set(), told: '', madeAt: clock.now() }
      feeds.set(key, feed)
      feed.receivers.add(receiver)
      tell(feed, [receiver], true).catch((error: unknown) =>
        logger.warn({ error: errorMessage(error) }, 'a scorecard was not made'),
      )
      if (!running) {
        running = true
        void loop()
      }
      return () => {
        feed.receivers.delete(receiver)
        if (feed.receivers.size === 0) feeds.delete(key)
      }
    },
    get size() {
      return [...feeds.values()].reduce((sum, { receivers }) => sum + receivers.size, 0)
    },
    stop() {
      stopping.abort()
      for (const { receivers } of feeds.values()) for (const receiver of receivers) receiver.end()
      feeds.clear()
    },
  }
}
