import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'
import { beaconsOf, land } from '../../streams/qoe/fixture.ts'
import { settle } from '../../streams/qoe/session/fixture.ts'
import { migrations as qoe } from '../../streams/qoe/index.ts'
import { startTestApi, type TestApi } from '../../test/api-harness.ts'
import { refused } from './service.ts'
import { playback, T0, type Listed, type Row } from './testing.ts'

describe('history', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-history-'))
  let store: Store
  let api: TestApi
  before(async () => {
    store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    await migrate(store, [...TOPIC_NAMES.flatMap((topic) => landingMigrations(topic)), ...qoe])
    api = await startTestApi(
      {
        config: { ...readConfig({}), host: '127.0.0.1', port: 0, dataDir: dir },
        clock: systemClock,
        logger: silentLogger,
        metrics: openMetrics(),
      },
      { store },
    )
    await land(
      store,
      Array.from({ length: 10 }, (_, n) => beaconsOf(playback(n), 'world'))
        .flat()
        .map((each) => ({ ...each, received: Date.now() })),
      { offset: 0 },
    )
    await settle(store)
  })
  after(async () => {
    await api.stop()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const get = async <T>(path: string, status = 200): Promise<T> => {
    const response = await fetch(`${api.url}/v1/qoe/${path}`)
    const text = await response.text()
    assert.equal(response.status, status, text)
    return JSON.parse(text) as T
  }
  const cells = async (query: string): Promise<readonly Row[]> =>
    (await get<{ answers: { rows: Row[] }[] }>(`metrics?from=${T0}&to=${T0 + 3_600_000}&${query}`)).answers.flatMap(
      ({ rows }) => rows,
    )

  it('answers metrics as ratios of sums, by dimensions and by time', async () => {
    const [whole] = await cells('metric=rebuffer_ratio:cta2066')
    assert.equal(whole!.sessions, 10)
    const [{ value, numerator, denominator } = assert.fail()] = whole!.values
    assert.equal(numerator, 45_000)
    assert.equal(value, numerator / denominator)
    const countries = await cells('metric=rebuffer_ratio:cta2066&group=country')
    assert.deepEqual(countries.map(({ dimensions }) => dimensions['country']).toSorted(), ['DE', 'FR'])
    assert.equal(
      countries.reduce((sum, { values }) => sum + values[0]!.numerator, 0),
      numerator,
    )
    const minutes = await cells('metric=rebuffer_ratio:cta2066&interval=60000')
    assert.deepEqual(
      minutes.map(({ at }) => (at - T0) / 60_000),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    )
    const few = await cells('metric=rebuffer_ratio:cta2066&points=12')
    assert.deepEqual(
      few.map(({ sessions }) => sessions),
      [5, 5],
      'a step of five minutes',
    )
  })

  it('answers an old id as before, and names the one that took its place', async () => {
    type Answer = { replaced?: object; answers: { rows: Row[] }[] }
    const period = `from=${T0}&to=${T0 + 3_600_000}`
    const [old, current] = await Promise.all(
      ['startup:cta2066', 'startup.mean:cta2066'].map((id) =>
        get<Answer>(`metrics?${period}&metric=${id}&metric=stall_count:cta2066&quantile=0.5`),
      ),
    )
    const replaced = { 'startup:cta2066': 'startup.mean:cta2066' }
    assert.deepEqual([old!.replaced, current!.replaced], [replaced, undefined])
    const valuesOf = ({ answers }: Answer): object[] => answers.flatMap(({ rows }) => rows.map(({ values }) => values))
    assert.match(JSON.stringify(valuesOf(old!)), /"metric":"startup:cta2066","value":\d/)
    assert.deepEqual(
      JSON.parse(JSON.stringify(valuesOf(old!)).replace('startup:cta2066', 'startup.mean:cta2066')),
      valuesOf(current!),
    )
    const list = await get<{ replaced?: object; sums: { parts: { metric: string }[] } }>(
      `sessions?${period}&metric=startup:cta2066`,
    )
    assert.deepEqual([list.replaced, list.sums.parts[0]!.metric], [replaced, 'startup:cta2066'])
    const { metrics, live } = await get<{
      metrics: { id: string; title: string; replaced_by?: string; estimator: string }[]
      live: Record<string, string>
    }>('definitions')
    const [today, before] = ['startup.mean:cta2066', 'startup:cta2066'].map((id) => metrics.find((m) => m.id === id)!)
    assert.deepEqual({ ...today, id: before!.id, replaced_by: today!.id }, before)
    assert.match(live['startup:cta2066']!, /Ids: startup\.minute\.p50:cta2066, startup\.minute\.p95:cta2066\.$/)
    assert.ok(live['startup.minute.p95:cta2066']!.length > 20)
  })

  it('the sessions behind a cell sum to it, page by page', async () => {
    const [cell] = await cells('metric=rebuffer_ratio:cta2066&filter=country:FR')
    const listed: Listed[] = []
    let cursor = ''
    do {
      const page = await get<{
        sessions: Listed[]
        sums: { sessions: number; parts: Listed['parts'] } | null
        next: string | null
      }>(
        `sessions?from=${T0}&to=${T0 + 3_600_000}&filter=country:FR&metric=rebuffer_ratio:cta2066&order=stalled&limit=2${cursor}`,
      )
      assert.deepEqual(
        page.sums,
        cursor === ''
          ? {
              sessions: 5,
              parts: [
                {
                  metric: 'rebuffer_ratio:cta2066',
                  numerator: cell!.values[0]!.numerator,
                  denominator: cell!.values[0]!.denominator,
                },
              ],
            }
          : null,
      )
      listed.push(...page.sessions)
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor !== '')
    assert.deepEqual(
      listed.map(({ session_id }) => session_id),
      ['s9', 's7', 's5', 's3', 's1'],
    )
    assert.equal(
      listed.reduce((sum, { parts }) => sum + parts[0]!.numerator, 0),
      cell!.values[0]!.numerator,
    )
    assert.equal(
      listed.reduce((sum, { parts }) => sum + parts[0]!.denominator, 0),
      cell!.values[0]!.denominator,
    )
  })

  it('finds the sessions that were open in a minute, and what they sum to', async () => {
    const period = `from=${T0 + 120_000}&to=${T0 + 180_000}&time=open&metric=rebuffer_ratio:cta2066`
    const { sessions, sums } = await get<{ sessions: Listed[]; sums: { sessions: number; parts: Listed['parts'] } }>(
      `sessions?${period}`,
    )
    assert.deepEqual(
      sessions.map(({ session_id }) => session_id),
      ['s2', 's1'],
      's0 was over before, s3 began after',
    )
    const {
      answers: [{ time, rows: [row] } = assert.fail()],
    } = await get<{ answers: { time: string; rows: Row[] }[] }>(`metrics?${period}`)
    assert.deepEqual(
      [time, row!.sessions, row!.values[0]!.numerator],
      ['open', sums.sessions, sums.parts[0]!.numerator],
    )
    assert.match((await get<{ title: string }>(`metrics?${period}&points=10`, 400)).title, /no one interval/)
  })

  it('answers how many are there at once, over time, by dimensions and against another period', async () => {
    const asked =
      'metric=concurrent_plays:conviva&metric=concurrent_plays_average:conviva&metric=concurrent_viewers:mux'
    const { answers } = await get<{ answers: { time: string; rows: Row[] }[] }>(
      `metrics?from=${T0}&to=${T0 + 360_000}&interval=60000&${asked}`,
    )
    assert.deepEqual(
      answers.map(({ time, rows: [row] }) => [time, row!.values.map(({ metric }) => metric)]),
      [
        ['moment', ['concurrent_plays:conviva', 'concurrent_plays_average:conviva']],
        ['moment', ['concurrent_viewers:mux']],
      ],
    )
    // Each is there from the n-th minute to half a minute into the next but one.
    assert.deepEqual(
      answers[0]!.rows.map(({ at, sessions, values }) => [(at - T0) / 60_000, sessions, values[0]!.value]),
      Array.from({ length: 6 }, (_, n) => [n, n === 0 ? 1 : 2, n === 0 ? 1 : 2]),
    )
    assert.equal(
      answers[0]!.rows.reduce((sum, { values }) => sum + values[1]!.numerator, 0),
      90_000 + 91_000 + 92_000 + 93_000 + 94_000 + 58_995,
    )
    const [average] = await cells('metric=concurrent_plays_average:conviva')
    const countries = await cells(
      'metric=concurrent_plays_average:conviva&group=country&filter=country:DE&filter=country:FR',
    )
    assert.equal(
      countries.reduce((sum, { values }) => sum + values[0]!.numerator, 0),
      average!.values[0]!.numerator,
    )
    const compared = await cells(`metric=concurrent_plays:conviva&compare_from=${T0 - 3_600_000}`)
    assert.equal(compared.length, 1, 'nobody was there before')
    assert.match((await get<{ title: string }>(`sessions?metric=concurrent_plays:conviva`, 400)).title, /time=open/)
  })

  it('shows one session whole, and what the metrics made of it', async () => {
    const { sessions, tracks } = await get<{
      sessions: { stallMs?: number }[]
      tracks: Record<string, { state: string; event_time_ms: number }[]>
    }>('sessions/s4')
    assert.equal(sessions.length, 1)
    const records = tracks['records']!
    assert.ok(
      records.length > 5 &&
        records.every((record, i) => i === 0 || record.event_time_ms >= records[i - 1]!.event_time_ms),
    )
    assert.deepEqual([...new Set(records.map(({ state }) => state))], ['s', 'p', 'q'])
    assert.ok(JSON.stringify(sessions[0]).includes('4000'), 'four seconds stalled')
  })

  it('defines every metric it answers', async () => {
    const { metrics, dimensions } = await get<{ metrics: { id: string; definition: string }[]; dimensions: string[] }>(
      'definitions',
    )
    for (const id of ['rebuffer_ratio:cta2066', 'rebuffer_ratio:puffer', 'concurrent_viewers_average:mux'])
      assert.ok(
        metrics.some((metric) => metric.id === id && metric.definition.length > 20),
        id,
      )
    assert.ok(dimensions.includes('asn'))
    assert.deepEqual((await get<{ errors: unknown[] }>(`errors?from=${T0}&to=${T0 + 3_600_000}`)).errors, [])
  })

  it('says "no data" of a clock that nobody was heard on', async () => {
    assert.deepEqual(await get('metrics?clock=replay:none&metric=rebuffer_ratio:cta2066'), {
      clock: 'replay:none',
      watermark: null,
      from: null,
      to: null,
      interval: null,
      answers: [],
    })
    assert.deepEqual(await get('sessions?clock=replay:none'), {
      clock: 'replay:none',
      watermark: null,
      from: null,
      to: null,
      sessions: [],
      sums: null,
      next: null,
    })
    assert.equal((await get<{ code: string }>('sessions/nobody', 404)).code, 'API_SESSION_UNKNOWN')
  })

  it('tells a question that is too dear from a store that is away', async () => {
    const dear = (setting: string): Promise<unknown> =>
      store
        .rows({
          sql: `SELECT sum(number) FROM (SELECT number FROM numbers(50000000) GROUP BY number) SETTINGS ${setting}`,
          params: {},
        })
        .catch(refused)
    for (const setting of ['max_memory_usage = 1000000', "max_rows_to_read = 10, read_overflow_mode = 'throw'"])
      await assert.rejects(dear(setting), { code: 'API_QUESTION_DEAR', status: 422 })
    await assert.rejects(store.rows('SELECT nothing').catch(refused), { engineCode: 47 })
  })

  it('refuses what it does not understand, and names what is allowed', async () => {
    for (const [query, word] of [
      ['metrics?metric=happiness:ours', '/v1/qoe/definitions'],
      ['metrics?metric=rebuffer_ratio:cta2066&group=planet', 'country'],
      ['metrics', 'metric'],
      ['metrics?metric=rebuffer_ratio:cta2066&group=country&group=asn&group=oca&group=device', 'at most 3'],
      ['metrics?metric=rebuffer_ratio:cta2066&filter=country', 'NAME:VALUE'],
      ['metrics?metric=rebuffer_ratio:cta2066&from=5&to=4', 'later'],
      [`metrics?metric=rebuffer_ratio:cta2066&from=0&to=${T0}&interval=1000`, '5000'],
      ['sessions?cursor=rubbish', 'next'],
      ['sessions?order=luck', 'stalled'],
    ] as const) {
      const problem = await get<{ code: string; title: string }>(query, 400)
      assert.equal(problem.code, 'API_QUERY_INVALID')
      assert.ok(problem.title.includes(word), `${query}: ${problem.title}`)
    }
  })
})
