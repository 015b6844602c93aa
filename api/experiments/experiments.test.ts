import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Value } from 'typebox/value'
import { allMigrations } from '../../bin/composition.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { domains, settleOutcomes } from '../../streams/experiments/index.ts'
import { landExposures } from '../../streams/experiments/fixture.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import { settle } from '../../streams/touched/index.ts'
import { DecisionAnswer, OverviewAnswer, ScorecardAnswer } from './answers.ts'
import { startTestApi, type TestApi } from '../../test/api-harness.ts'

const T = Date.UTC(2026, 0, 20)
const HOUR = 3_600_000
interface Problem {
  code: string
  faults?: { at: string }[]
}
interface DecisionResponse {
  decision: { verdict: string; headline: string }
}
interface Cell {
  metric: string
  variation: number
  units: { control: number }
  openUnits: number
  slice: { value: string } | null
  absolute: object | null
}

describe('experiments over HTTP', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-api-experiments-'))
  let [store, api]: [Store, TestApi] = [undefined!, undefined!]
  const call = async <T>(method: 'GET' | 'POST', path: string, status: number, body?: object): Promise<T> => {
    const response = await fetch(`${api.url}/v1/experiments${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    assert.equal(response.status, status, `${path} ${text}`)
    return JSON.parse(text) as T
  }
  const get = <T>(path: string, status = 200): Promise<T> => call('GET', path, status)
  const post = <T>(path: string, body: object, status = 200): Promise<T> =>
    call('POST', path, status, { by: 'ada', ...body })
  const hourly = {
    id: 'plays',
    version: 1,
    name: 'Plays',
    description: '',
    kind: 'count',
    value: { from: 'action', column: 'acts', actions: ['play'] },
    window: { fromMs: 0, toMs: HOUR },
    better: 'up',
    unit: 'events',
  }
  const draft = {
    id: 'x',
    name: 'X',
    clock: 'live',
    unit: 'profile',
    variations: [{ key: 'a' }, { key: 'b' }],
    metrics: { primary: ['plays'], secondary: ['startup:cta2066'] },
    slices: ['country'],
    plannedUnits: 1_000,
  }

  before(async () => {
    store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    await migrate(store, allMigrations)
    api = await startTestApi(
      {
        config: { ...readConfig({}), host: '127.0.0.1', port: 0, dataDir: dir },
        clock: systemClock,
        logger: silentLogger,
        metrics: openMetrics(),
      },
      { store },
    )
  })
  after(async () => {
    await api.stop()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  let offset = 0
  const expose = async (from: number, count: number): Promise<void> => {
    await landExposures(
      store,
      Array.from({ length: count }, (_, i) => ({
        id: idOf(from + i),
        clock: 'live',
        experiment: 'x',
        unit: `u${from + i}`,
        variation: i % 2,
        at: T + i,
        country: i % 3 === 0 ? 'DE' : 'FR',
      })),
      offset,
    )
    await land(
      store,
      Array.from({ length: count }, (_, i) => ({
        id: idOf(from + i, 1),
        clock: 'live',
        at: T + i + 1_000,
        profile: `u${from + i}`,
        action: 'play',
        title: 't',
      })),
      { offset },
    )
    offset += count
    for (const domain of domains) await settle(store, domain)
    await settleOutcomes(store)
  }

  it('say what is not there, and everything that is wrong', async () => {
    assert.equal((await get<Problem>('/none', 404)).code, 'API_EXPERIMENT_UNKNOWN')
    assert.deepEqual((await post<Problem>('', { ...draft, unit: 'planet' }, 400)).code, 'API_QUERY_INVALID')
    assert.match(
      (await post<{ title: string }>('', { ...draft, bucketing: { covrage: 0.5 } }, 400)).title,
      /bucketing has no field covrage/,
    )
    const { code, faults } = await post<Problem>('', { ...draft, plannedUnits: 3, metrics: { primary: [] } }, 422)
    assert.deepEqual(
      [code, faults!.map(({ at }) => at)],
      ['API_EXPERIMENT_INVALID', ['metrics.primary', 'plannedUnits']],
    )
    assert.deepEqual(
      (await post<Problem>('/metrics', { metric: { ...hourly, kind: 'median' } }, 422)).faults!.map(({ at }) => at),
      ['kind'],
    )
    assert.equal((await get<{ experiments: object[] }>('')).experiments.length, 0)
  })

  it('are created once, and started by the revision that was seen', async () => {
    await post('/metrics', { metric: hourly }, 201)
    assert.equal((await post<Problem>('/metrics', { metric: hourly }, 409)).code, 'API_METRIC_TAKEN')
    await post('', draft, 201)
    assert.equal((await post<Problem>('', draft, 409)).code, 'API_EXPERIMENT_TAKEN')
    assert.equal((await post<Problem>('/x/ramp', {}, 422)).faults![0]!.at, 'coverage')
    assert.equal((await post<Problem>('/x/start', { revision: 9 }, 409)).code, 'API_EXPERIMENT_MOVED')
    assert.equal((await get<Problem>('/x/scorecard', 409)).code, 'API_CLOCK_SILENT')
    assert.equal((await post<{ state: string }>('/x/start', { revision: 0 })).state, 'running')
    assert.deepEqual(
      (await get<{ experiments: { id: string }[] }>('?state=running')).experiments.map(({ id }) => id),
      ['x'],
    )
  })

  it('have a scorecard with slices, quantiles and health, from what has closed', async () => {
    await expose(1, 600)
    const card = async (query: string): Promise<{ cells: Cell[]; settled: boolean }> => get(`/x/scorecard?${query}`)
    const open = await card(`as_of=${T + HOUR / 2}`)
    assert.deepEqual(
      open.cells.map(({ metric, units, openUnits }) => [metric, units.control, openUnits]),
      [['plays', 0, 300]],
    )
    const { cells, settled } = await card(`as_of=${T + 2 * HOUR}&slice=country`)
    assert.deepEqual(
      cells.map(({ slice, units, openUnits }) => [slice?.value ?? '', units.control, openUnits]),
      [
        ['', 300, 0],
        ['FR', 200, 0],
        ['DE', 100, 0],
      ],
    )
    assert.equal(settled, true)
    assert.deepEqual(
      (await get<{ comparisons: { silent: boolean }[] }>(`/x/quantiles?as_of=${T}`)).comparisons.map(
        ({ silent }) => silent,
      ),
      [true],
    )
    // The draft names it by an old id, under which it goes on; today's finds it too.
    const { metrics } = await get<{ metrics: { secondary: { id: string; replacedBy: string }[] } }>('/x')
    const [{ id, replacedBy }] = metrics.secondary as [{ id: string; replacedBy: string }]
    assert.deepEqual([id, replacedBy], ['startup:cta2066', 'startup.unit.quantiles:cta2066'])
    assert.deepEqual(
      await get(`/x/quantiles?as_of=${T}&metric=${replacedBy}`),
      await get(`/x/quantiles?as_of=${T}&metric=${id}`),
    )
    assert.equal((await get<{ exposed: { alert: boolean } }>('/x/health')).exposed.alert, false)
    const crossings = async (query = ''): Promise<string[]> =>
      (await get<{ crossings: { with: string }[] }>(`/x/interactions${query}`)).crossings.map((each) => each.with)
    assert.deepEqual(await crossings(), [])
    assert.match(
      (await get<{ faults: { problem: string }[] }>('/x/interactions?with=y', 422)).faults[0]!.problem,
      /y is no other experiment on the clock live that randomises by profile and was started/,
    )
    await post('', { ...draft, id: 'y' }, 201)
    assert.deepEqual(await crossings(), [])
    await post('/y/start', {})
    assert.deepEqual([await crossings(), await crossings('?with=y')], [['y'], ['y']])
    assert.equal((await get<Problem>('/x/timeseries?metric=sales', 422)).faults![0]!.at, 'metric')
    assert.equal((await get<Problem>(`/x/scorecard?as_of=${Date.now() + HOUR}`, 400)).code, 'API_QUERY_INVALID')
  })

  it('have a verdict in words, and a list of them with the running ones first', async () => {
    const at = `as_of=${T + 2 * HOUR}`
    const { decision } = await get<DecisionResponse>(`/x/decision?${at}`)
    assert.equal(decision.verdict, 'keep running')
    assert.match(decision.headline, /^Keep running: “Plays” cannot be judged yet/)
    await post('', { ...draft, id: 'z', name: 'Tagged', owner: 'bo', tags: ['home'] }, 201)
    const listed = async (query = ''): Promise<string[]> =>
      (await get<{ experiments: { id: string; verdict: string }[] }>(`/overview${query}`)).experiments.map(
        ({ id, verdict }) => `${id}: ${verdict}`,
      )
    assert.equal((await listed()).at(-1), 'z: not started')
    assert.deepEqual(await listed('?search=HOME'), ['z: not started'])
    assert.deepEqual(await listed('?search=nowhere'), [])
    assert.equal((await listed('?limit=1')).length, 1)
    assert.deepEqual(
      (await post<Problem>('', { ...draft, id: 'overview' }, 422)).faults!.map((each) => each.at),
      ['id'],
    )
  })

  it('answer as their schema says', async () => {
    const at = `as_of=${T + 2 * HOUR}`
    for (const [path, schema] of [
      [`/x/scorecard?${at}&slice=country`, ScorecardAnswer],
      [`/x/decision?${at}`, DecisionAnswer],
      ['/overview', OverviewAnswer],
    ] as const)
      assert.deepEqual([...Value.Errors(schema, await get<object>(path))], [], path)
  })

  it('are previewed on past days, with what could be found', async () => {
    const preview = await post<{
      past: { units: number } | null
      minimum_detectable_effect: number | null
      units_for: { units: number | null }[]
    }>('/metrics/preview', { clock: 'live', metric: 'click_through', by: undefined })
    assert.deepEqual([preview.past, preview.minimum_detectable_effect], [null, null])
    const old = await post<{ metric: string; replaced_by: string }>('/metrics/preview', {
      clock: 'live',
      metric: 'watch_time',
      by: undefined,
    })
    assert.deepEqual([old.metric, old.replaced_by], ['watch_time@1', 'watch_time.unit.cap999:playloop'])
    assert.equal(
      (await get<{ replaced: Record<string, string> }>('/metrics')).replaced['watch_time'],
      'watch_time.unit.cap999:playloop',
    )
    await land(
      store,
      Array.from({ length: 400 }, (_, i) => ({
        id: idOf(i, 7),
        clock: 'past',
        at: T + i,
        profile: `p${i % 150}`,
        action: 'play',
        title: 't',
      })),
      { offset: 10_000 },
    )
    for (const domain of domains) await settle(store, domain)
    const { past, units_for: found } = await post<{
      past: { units: number; mean: number }
      units_for: { effect: number; units: number }[]
    }>('/metrics/preview', {
      clock: 'past',
      metric: { ...hourly, window: { fromMs: 0, toMs: 30 * HOUR } },
      by: undefined,
    })
    assert.ok(
      past.units === 150 && Math.abs(past.mean - 400 / 150) < 0.1 && found[0]!.units > found[3]!.units,
      JSON.stringify([past, found]),
    )
  })

  it('start with the shares that slices had before', async () => {
    await store.exec(`INSERT INTO qoe_session_v1 (clock, session_id, instance, session_start, country, device, parts_asn, parts_app_version)
      SELECT 'past', toString(number), number, ${T} - number * 1000, if(number % 4 = 0, 'DE', 'FR'), 'tv', [number % 2], ['1.0', '1.1'] FROM numbers(400)`)
    await store.exec(`INSERT INTO unit_session_v1 (clock, profile_id, session_id, instance, at_ms, media_ms, bits_played)
      SELECT 'past', toString(number % 50), toString(number), number, ${T} - number * 1000, 1000, if(number % 50 < 10, 1000000, 5000000) FROM numbers(400)`)
    await post('', { ...draft, id: 'before', clock: 'past' }, 201)
    const { sliceShares } = await post<{ sliceShares: Record<string, Record<string, number>> }>('/before/start', {})
    assert.deepEqual(sliceShares, {
      country: { FR: 0.75, DE: 0.25 },
      device: { tv: 1 },
      asn: { 0: 0.5, 1: 0.5 },
      app_version: { '1.0': 1 },
      bitrate_before: { 'above 4 Mbit/s': 0.8, 'below 1.5 Mbit/s': 0.2 },
    })
    assert.deepEqual((await post<{ sliceShares: object }>('/before/pause', {})).sliceShares, sliceShares)
  })

  it('are streamed as they change', async () => {
    const response = await fetch(`${api.url}/v1/experiments/x/scorecard/stream?as_of=${T + 2 * HOUR}`)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const units = async (wanted: number): Promise<void> => {
      while (!text.includes(`"units":{"control":${wanted},`))
        text += (await reader.read()).value ?? assert.fail('the stream ended')
    }
    await units(300)
    await expose(1_001, 100)
    await units(350)
    await reader.cancel()
    assert.equal((await get<Problem>('/none/scorecard/stream', 404)).code, 'API_EXPERIMENT_UNKNOWN')
  })
})
