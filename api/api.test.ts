import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../platform/clock.ts'
import { openEmbedded } from '../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../platform/clickhouse/index.ts'
import { readConfig } from '../platform/config.ts'
import { silentLogger } from '../platform/logger.ts'
import { openMetrics } from '../platform/metrics.ts'
import { landingMigrations } from '../schemas/landing.ts'
import { beaconsOf, land, type Beacon, type Playback } from '../streams/qoe/fixture.ts'
import { migrations as popularity } from '../streams/popularity/index.ts'
import { migrations as qoe } from '../streams/qoe/index.ts'
import { migrations as touched } from '../streams/touched/index.ts'
import type { LiveFrame } from './qoe/schema.ts'
import { startTestApi, type TestApi } from '../test/api-harness.ts'

const T0 = Date.UTC(2026, 10, 23, 20)
const play = (index: number, start = T0, ms = 150_000): Playback => ({
  session: `p${index}-${start}`,
  country: index % 2 === 0 ? 'DE' : 'FR',
  start,
  startup: 1_000,
  phases: [
    { state: 'p', ms: 50_000 },
    { state: 'r', ms: 10_000 },
    { state: 'p', ms },
  ],
  cuts: [],
  end: 'q',
})

describe('the API', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-api-'))
  let store: Store
  let api: TestApi
  let offset = 0
  const listeners = new Set<(topic: string) => void>()
  const sink = {
    stats: () => ({
      rows: offset,
      deadLetters: 1,
      inserts: 3,
      retries: 0,
      lag: 2,
      lagTotal: 2,
      insertMs: { p50: 5, p99: 9 },
      partitions: [],
    }),
    onLanded: (listener: (topic: string) => void) => (listeners.add(listener), () => listeners.delete(listener)),
  }
  const put = async (beacons: readonly Beacon[]): Promise<void> => {
    await land(
      store,
      beacons.map((each) => ({ ...each, received: Date.now() })),
      { offset },
    )
    offset += beacons.length
    for (const listener of listeners) listener('playback.telemetry')
  }
  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${api.url}${path}`, init)
  const live = async (query: string): Promise<LiveFrame> =>
    (await get(`/v1/qoe/live?${query}`)).json() as Promise<LiveFrame>

  before(async () => {
    store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    await migrate(store, [
      ...landingMigrations('playback.telemetry'),
      ...landingMigrations('viewer.actions'),
      ...landingMigrations('catalog.titles'),
      ...touched,
      ...popularity,
      ...qoe,
    ])
    const config = { ...readConfig({}), host: '127.0.0.1', port: 0, dataDir: dir }
    api = await startTestApi(
      { config, clock: systemClock, logger: silentLogger, metrics: openMetrics() },
      { store, sink },
    )
    await put(Array.from({ length: 8 }, (_, i) => beaconsOf(play(i), 'world')).flat())
  })
  after(async () => {
    await api.stop()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('answers the last minutes of a clock, with metrics that name their definition', async () => {
    const frame = await live('clock=world&group=none')
    const [first] = frame.minutes.filter(({ minute }) => minute === T0)
    assert.equal(first!.total.attempts, 8)
    assert.equal(first!.total['concurrent_plays:active_minute'], 8)
    assert.equal(first!.total.watched_ms, 8 * 60_000)
    assert.deepEqual(first!.groups, [])
    assert.ok(frame.definitions['rebuffer_ratio:cta2066']!.includes('watched time'))
    assert.equal(frame.minutes.length, 15)
    assert.deepEqual(
      frame.minutes.map(({ partial }) => partial),
      [...new Array<boolean>(14).fill(false), true],
    )
  })

  it('groups by country, OCA or both, and keeps to what is asked for', async () => {
    const of = (frame: LiveFrame): string[] =>
      frame.minutes.find(({ minute }) => minute === T0)!.groups.map(({ country, oca }) => `${country}/${oca}`)
    assert.deepEqual(of(await live('group=country')), ['DE/', 'FR/'])
    assert.deepEqual(of(await live('group=oca')), ['/oca-0'])
    assert.deepEqual(of(await live('')), ['DE/oca-0', 'FR/oca-0'])
    const french = await live('country=FR')
    assert.deepEqual(of(french), ['FR/oca-0'])
    assert.equal(french.minutes.find(({ minute }) => minute === T0)!.total.attempts, 4)
  })

  it('tells an unknown clock from a fault: no minutes, no watermark', async () => {
    const frame = await live('clock=replay:none')
    assert.deepEqual([frame.minutes, frame.as_of.watermark], [[], null])
  })

  it('refuses what it does not understand with a code, and says what is allowed', async () => {
    for (const [query, words] of [
      ['group=planet', ['group', 'country_oca', 'none']],
      ['minutes=0', ['minutes', '1']],
      ['minutes=31', ['minutes', '30']],
      ['minutes=soon', ['minutes']],
      ['grup=oca', ['no field grup']],
    ] as const) {
      const response = await get(`/v1/qoe/live?${query}`)
      assert.equal(response.status, 400)
      assert.equal(response.headers.get('content-type')?.split(';')[0], 'application/problem+json')
      const problem = (await response.json()) as { code: string; title: string; next: string }
      assert.equal(problem.code, 'API_QUERY_INVALID')
      for (const word of words) assert.ok(problem.title.includes(word), `${problem.title} should name ${word}`)
      assert.ok(problem.next.length > 10)
    }
  })

  it('helps who asks for what is not there, or in another way', async () => {
    const missing = await get('/v1/nothing')
    assert.equal(missing.status, 404)
    assert.ok(((await missing.json()) as { next: string }).next.includes('/openapi.json'))
    assert.equal((await get('/v1/qoe/live', { method: 'HEAD' })).status, 200)
    assert.equal((await get('/v1/qoe/live', { method: 'POST' })).status, 405)
  })

  it('describes itself in OpenAPI 3.1, every answer with its fields', async () => {
    const description = (await (await get('/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, { get: { responses: Record<string, object> } }>
    }
    assert.equal(description.openapi, '3.1.0')
    for (const path of ['/v1/qoe/live', '/v1/qoe/live/stream', '/v1/clocks', '/v1/sink', '/v1/actions/live'])
      assert.ok(description.paths[path], path)
    assert.ok(JSON.stringify(description.paths['/v1/qoe/live']).includes('rebuffer_ratio:cta2066'))
  })

  it('is live, ready and measured', async () => {
    assert.deepEqual(await (await get('/health/live')).json(), { status: 'live' })
    assert.deepEqual(await (await get('/health/ready')).json(), { status: 'ready' })
    assert.ok((await (await get('/metrics')).text()).includes('playloop_live_tick_seconds_count'))
    const report = (await (await get('/v1/sink')).json()) as { rows: number; running: boolean; dead_letters: number }
    assert.deepEqual([report.running, report.dead_letters, report.rows > 0], [true, 1, true])
  })

  it('names the clocks with their present', async () => {
    const { clocks } = (await (await get('/v1/clocks')).json()) as {
      clocks: { clock: string; watermark: number; players: number }[]
    }
    const world = clocks.find(({ clock }) => clock === 'world')
    assert.equal(world!.players, 8)
    assert.equal(world!.watermark, T0 + 211_000)
  })

  it('serves the page with a policy that lets in nothing but itself, and scripts without types', async () => {
    const page = await get('/')
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/)
    const [, name] = /src="(\/web\/[\w-]+\.js)"/.exec(await page.text())!
    const script = await get(name!)
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.doesNotMatch(await script.text(), /interface |: string\)/)
    assert.equal((await get('/', { headers: { 'if-none-match': page.headers.get('etag')! } })).status, 304)
    assert.equal((await get('/web/instrument/reduce.test.ts')).status, 404)
  })

  it('streams a whole frame, then what changed; an event is in a frame within a second of its landing', async () => {
    const events = openStream(`${api.url}/v1/qoe/live?clock=world&group=none`)
    try {
      const first = await events.next()
      assert.equal(first.event, 'frame')
      assert.equal(first.data.minutes.length, 15)
      const before = Math.max(...first.data.as_of.landed.map((place) => place.offset))
      const begun = performance.now()
      await put(beaconsOf(play(9, T0 + 120_000, 40_000), 'world'))
      for (;;) {
        const { event, data } = await events.next()
        assert.equal(event, 'change')
        if (!data.as_of.landed.some((place) => place.offset > before)) continue
        assert.equal(data.minutes.find(({ minute }) => minute === T0 + 120_000)!.total.attempts, 1)
        assert.ok(data.minutes.length < 5)
        break
      }
      const took = performance.now() - begun
      assert.ok(took < 2_500, `${took} ms`)
    } finally {
      events.close()
    }
  })

  it('shows a clock once it has data, to those who have waited for it', async () => {
    const events = openStream(`${api.url}/v1/qoe/live/stream?clock=replay:late`)
    try {
      assert.deepEqual((await events.next()).data.minutes, [])
      await put(beaconsOf(play(11), 'replay:late'))
      let data = (await events.next()).data
      while (data.minutes.length === 0) data = (await events.next()).data
      assert.equal(data.minutes.find(({ minute }) => minute === T0)!.total.attempts, 1)
    } finally {
      events.close()
    }
  })
})

interface StreamEvent {
  readonly event: string
  readonly data: LiveFrame
}

/** Server-sent events as a browser reads them. */
function openStream(url: string): { next(): Promise<StreamEvent>; close(): void } {
  const abort = new AbortController()
  const events = (async function* (): AsyncGenerator<StreamEvent> {
    const response = await fetch(url, { signal: abort.signal, headers: { accept: 'text/event-stream' } })
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
        text = text.slice(end + 2)
        if (fields['data'] !== undefined)
          yield { event: fields['event']!, data: JSON.parse(fields['data']) as LiveFrame }
      }
    }
  })()
  return {
    async next() {
      const { value, done } = await events.next()
      assert.ok(done !== true, 'the stream ended')
      return value
    },
    close: () => abort.abort(),
  }
}
