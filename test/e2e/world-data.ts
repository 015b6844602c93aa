import type { Store } from '../../platform/clickhouse/index.ts'
import { HOUR_MS } from '../../platform/time.ts'
import { readMovies } from '../../producers/simulator/movies.ts'
import { World } from '../../producers/simulator/world.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { settle } from '../../streams/qoe/session/fixture.ts'

/** The simulated world's present, ms: an evening in Europe. */
export const WORLD_NOW = Date.UTC(2026, 10, 23, 20)
/** Log time: so far ahead that the rows do not expire on the day a test is run. */
const LOGGED = Date.UTC(2090, 0)
const TOPICS: readonly TopicName[] = ['playback.telemetry', 'delivery.decisions', 'delivery.requests', 'viewer.actions']
const ROWS = 20_000

/** Lands the last six hours of a seeded world, an operator of which degrades in the last two, past the sink. */
export async function landWorld(store: Store): Promise<void> {
  const rows = new Map<TopicName, string[]>(TOPICS.map((topic) => [topic, []]))
  const world = new World(
    {
      seed: 3,
      movies: readMovies(),
      liveFrom: WORLD_NOW,
      backfillDays: 0.25,
      sessionsPerDay: 4_000,
      households: 2_000,
      backfill: { requestPermille: 60 },
      scenario: [
        {
          id: 'isp',
          kind: 'isp-degrades',
          asn: 64_513,
          startMs: -2 * HOUR_MS,
          endMs: 0,
          throughputPermille: 40,
          extraLatencyMs: 100,
        },
      ],
    },
    (topic, event) => {
      const own = rows.get(topic)
      own?.push(
        JSON.stringify({
          ...event,
          event_id: (event.event_id ?? '').replaceAll('-', '').slice(-16),
          received_time: LOGGED,
          _partition: 0,
          _offset: own.length,
        }),
      )
    },
  )
  world.runUntil(WORLD_NOW)
  for (const [topic, all] of rows) {
    for (let at = 0; at < all.length; at += ROWS)
      await store.exec(
        `INSERT INTO ${landingTable(topic)} SETTINGS async_insert = 0, max_threads = 1\nFORMAT JSONEachRow\n${all.slice(at, at + ROWS).join('\n')}`,
      )
  }
  await settle(store)
}
