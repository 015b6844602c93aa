import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { domains } from '../../streams/experiments/index.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import { settle } from '../../streams/touched/index.ts'
import { draft, HOUR, hourly, openExperimentsApi, T, type ExperimentsApi, type Problem } from './testing.ts'

interface Cell {
  metric: string
  variation: number
  units: { control: number }
  openUnits: number
  slice: { value: string } | null
  absolute: object | null
}

describe('experiments over HTTP', () => {
  let api: ExperimentsApi
  const get = <T>(path: string, status?: number): Promise<T> => api.get(path, status)
  const post = <T>(path: string, body: object, status?: number): Promise<T> => api.post(path, body, status)
  before(async () => {
    api = await openExperimentsApi()
  })
  after(() => api.close())

  it('say what is not there, and everything that is wrong', async () => {
    assert.equal((await get<Problem>('/none', 404)).code, 'API_EXPERIMENT_UNKNOWN')
    assert.deepEqual((await post<Problem>('', { ...draft, unit: 'planet' }, 400)).code, 'API_QUERY_INVALID')
    const misspelt = await post<Problem & { title: string }>('', { ...draft, bucketing: { covrage: 0.5 } }, 400)
    assert.match(misspelt.title, /bucketing has no field covrage/)
    assert.deepEqual(misspelt.faults, [{ at: 'bucketing.covrage', problem: 'has no field covrage' }])
    assert.deepEqual(
      (await post<Problem>('', { ...draft, variations: [{ key: 'a' }, { key: '' }] }, 400)).faults!.map(({ at }) => at),
      ['variations.1.key'],
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
    await post('', { ...draft, metrics: { ...draft.metrics, secondary: ['startup:cta2066'] } }, 201)
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

  it('are written anew while nothing has started, by the revision that was seen', async () => {
    const changed = { ...draft, id: 'changed', name: 'As it was' }
    await post('', changed, 201)
    const written = await api.put<{ name: string; revision: number; action: string }>('/changed', {
      ...changed,
      name: 'As it is',
      revision: 0,
    })
    assert.deepEqual([written.name, written.revision, written.action], ['As it is', 1, 'change'])
    const refused = async (body: object, status: number): Promise<string> => {
      const { code, faults } = await api.put<Problem>('/changed', { ...changed, ...body }, status)
      return faults?.[0]?.at ?? code
    }
    assert.equal(await refused({ revision: 0 }, 409), 'API_EXPERIMENT_MOVED')
    assert.equal(await refused({ id: 'other' }, 422), 'id')
    assert.equal(await refused({ plannedUnits: 3 }, 422), 'plannedUnits')
    await post('/changed/start', {})
    assert.equal(await refused({}, 422), 'state')
    assert.deepEqual(
      (await get<{ revisions: { action: string }[] }>('/changed/revisions')).revisions.map(({ action }) => action),
      ['create', 'change', 'start'],
    )
    await post('/changed/stop', {})
    await post('/changed/archive', {})
  })

  it('have a scorecard with slices, quantiles and health, from what has closed', async () => {
    await api.expose(1, 600)
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
    const curves = await get<{ comparisons: { curve: { levels: number[]; low: null[] } }[] }>(
      `/x/quantiles?as_of=${T}&curve=true`,
    )
    assert.deepEqual(
      curves.comparisons.map(({ curve }) => [curve.levels.length, curve.levels[49], curve.low[49]]),
      [[99, 0.5, null]],
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
      api.store,
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
    for (const domain of domains) await settle(api.store, domain)
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
    await api.store
      .exec(`INSERT INTO qoe_session_v1 (clock, session_id, instance, session_start, country, device, parts_asn, parts_app_version)
      SELECT 'past', toString(number), number, ${T} - number * 1000, if(number % 4 = 0, 'DE', 'FR'), 'tv', [number % 2], ['1.0', '1.1'] FROM numbers(400)`)
    await api.store
      .exec(`INSERT INTO unit_session_v1 (clock, profile_id, session_id, instance, at_ms, media_ms, bits_played)
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
    await api.expose(1_001, 100)
    await units(350)
    await reader.cancel()
    assert.equal((await get<Problem>('/none/scorecard/stream', 404)).code, 'API_EXPERIMENT_UNKNOWN')
  })
})
