import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { GrowthBook } from '@growthbook/growthbook'
import { OpenFeature } from '@openfeature/server-sdk'
import type { RegisteredFlag } from '../../schemas/experiments/flag.ts'
import { PlayloopProvider } from '../../sdk/openfeature/server.ts'
import {
  draft as experiment,
  hourly,
  openExperimentsApi,
  type ExperimentsApi,
  type Problem,
} from '../experiments/testing.ts'
import type { Evaluation } from './service.ts'

interface Exposure {
  readonly experiment_id: string
  readonly feature_key: string
  readonly variation_key: string
  readonly unit_id: string
}

describe('flags over HTTP', () => {
  let api: ExperimentsApi
  const call = async <T>(method: 'GET' | 'POST', path: string, status: number, body?: object): Promise<T> => {
    const response = await fetch(`${api.url}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ by: 'ada', ...body }) }),
    })
    const text = await response.text()
    assert.equal(response.status, status, `${path} ${text}`)
    return JSON.parse(text) as T
  }
  const get = <T>(path: string, status = 200): Promise<T> => call('GET', path, status)
  const post = <T>(path: string, body: object, status = 200): Promise<T> => call('POST', path, status, body)
  const places = ({ faults }: Problem): string[] => faults!.map(({ at }) => at)
  const evaluation = (flag: string, attributes: object, more = ''): Promise<Evaluation> =>
    get(`/v1/flags/${flag}/evaluation?attributes=${encodeURIComponent(JSON.stringify(attributes))}${more}`)
  const payload = async (): Promise<{ features: object; savedGroups: object; dateUpdated: string }> =>
    get('/api/features/live')

  before(async () => {
    api = await openExperimentsApi()
    await api.post('/metrics', { metric: hourly }, 201)
    await api.post('', experiment, 201)
  })
  after(async () => {
    await OpenFeature.close()
    await api.close()
  })

  it('say what is not there, and every fault at its field', async () => {
    assert.equal((await get<Problem>('/v1/flags/none', 404)).code, 'API_DEFINITION_UNKNOWN')
    const wrong = {
      id: 'new-player',
      type: 'boolean',
      defaultValue: 0,
      rules: [
        { force: true, condition: { id: { $inGroup: 'staff' } } },
        { experiment: 'y', values: {} },
      ],
    }
    for (const path of ['/v1/flags', '/v1/flags/validate']) {
      const problem = await post<Problem>(path, wrong, 422)
      assert.deepEqual(
        [problem.code, places(problem)],
        ['API_DEFINITION_INVALID', ['defaultValue', 'rules.0.condition', 'rules.1.experiment']],
      )
    }
    assert.equal((await post<Problem>('/v1/flags', { ...wrong, covrage: 1 }, 400)).code, 'API_QUERY_INVALID')
    assert.deepEqual(await get('/v1/flags'), { flags: [] })
  })

  it('are created once, changed by who saw the latest revision, and keep a trail', async () => {
    await post('/v1/saved-groups', { id: 'staff', values: ['ada', 'bob', 'ada'] }, 201)
    const rules = [{ id: 'staff', force: true, condition: { id: { $inGroup: 'staff' } } }]
    const flag = { id: 'new-player', type: 'boolean', defaultValue: false, rules }
    assert.equal((await post<RegisteredFlag>('/v1/flags', flag, 201)).revision, 0)
    assert.equal((await post<Problem>('/v1/flags', flag, 409)).code, 'API_DEFINITION_TAKEN')
    assert.equal((await post<Problem>('/v1/flags', { ...flag, id: 'x' }, 409)).code, 'API_DEFINITION_TAKEN')
    await api.post('', { ...experiment, id: 'new-player' }, 409)
    const share = { id: 'share', force: true, coverage: 0.5 }
    const changed = { defaultValue: false, rules: [...rules, share] }
    assert.equal((await post<RegisteredFlag>('/v1/flags/new-player/change', { ...changed, revision: 0 })).revision, 1)
    const moved = await post<Problem>('/v1/flags/new-player/change', { ...changed, revision: 0 }, 409)
    assert.equal(moved.code, 'API_DEFINITION_MOVED')
    assert.equal((await post<Problem>('/v1/flags/new-player/kill', { revision: 0 }, 409)).code, 'API_DEFINITION_MOVED')
    const { revisions } = await get<{ revisions: RegisteredFlag[] }>('/v1/flags/new-player/revisions')
    assert.deepEqual(
      revisions.map(({ revision, action, by }) => [revision, action, by]),
      [
        [0, 'create', 'ada'],
        [1, 'change', 'ada'],
      ],
    )
  })

  it('are evaluated for one unit, with the rule that decided', async () => {
    const { at, ...told } = await evaluation('new-player', { id: 'ada' })
    assert.ok(Math.abs(at - Date.now()) < 60_000)
    assert.deepEqual(told, {
      ...{ flag: 'new-player', revision: 1, clock: 'live', value: true, source: 'force', rule: 'staff' },
      ...{ experiment: null, variation: null },
      steps: [
        { rule: 'staff', outcome: 'decided', because: null },
        { rule: 'share', outcome: 'not asked', because: null },
      ],
    })
    assert.equal((await evaluation('new-player', { id: 'ada' }, '&clock=world')).source, 'unknownFeature')
    assert.equal((await get<Problem>('/v1/flags/new-player/evaluation?attributes=[', 400)).code, 'API_QUERY_INVALID')
  })

  it('reach SDKs: by our payload in GrowthBook, by OpenFeature with the exposure of the experiment behind', async () => {
    await api.post('/x/start', {})
    const values = { a: 'red', b: 'blue' }
    await post(
      '/v1/flags',
      { id: 'buttons', type: 'string', defaultValue: 'grey', rules: [{ id: 'test', experiment: 'x', values }] },
      201,
    )
    const told = await payload()
    assert.deepEqual(
      [Object.keys(told.features).sort(), told.savedGroups],
      [['buttons', 'new-player', 'x'], { staff: ['ada', 'bob'] }],
    )
    const exposures: Exposure[] = []
    await OpenFeature.setProviderAndWait(
      new PlayloopProvider({
        ...{ api: api.url, key: 'live', collector: '' },
        send: (_, event) => void exposures.push(JSON.parse(event) as Exposure),
      }),
    )
    const sdk = new GrowthBook().initSync({ payload: told as never })
    const client = OpenFeature.getClient()
    for (const id of ['ada', 'u1', 'u2', 'u3']) {
      await sdk.setAttributes({ id })
      const details = await client.getStringDetails('buttons', '', { targetingKey: id })
      assert.deepEqual([details.value, details.reason], [sdk.getFeatureValue('buttons', ''), 'SPLIT'])
      assert.equal(await client.getBooleanValue('new-player', false, { targetingKey: id }), sdk.isOn('new-player'))
      assert.equal(exposures.at(-1)!.unit_id, id)
      assert.deepEqual(
        [details.variant, details.value],
        [exposures.at(-1)!.variation_key, values[details.variant as 'a']],
      )
    }
    assert.deepEqual(
      new Set(exposures.map((each) => `${each.experiment_id} ${each.feature_key}`)),
      new Set(['x buttons']),
    )
    sdk.destroy()
  })

  it('are not left without what they rest on', async () => {
    await post(
      '/v1/flags',
      {
        id: 'child',
        type: 'number',
        defaultValue: 0,
        rules: [{ force: 1, parentConditions: [{ id: 'new-player', condition: { value: true } }] }],
      },
      201,
    )
    const refused = [
      await post<Problem>('/v1/flags/new-player/archive', {}, 422),
      await post<Problem>('/v1/saved-groups/staff/archive', {}, 422),
    ]
    assert.deepEqual(refused.map(places), [['action'], ['action']])
    const cyclic = {
      defaultValue: false,
      revision: 1,
      rules: [{ force: true, parentConditions: [{ id: 'child', condition: {} }] }],
    }
    assert.deepEqual(places(await post('/v1/flags/new-player/change', cyclic, 422)), ['rules.0.parentConditions.0.id'])
    await api.post('/x/stop', {})
    assert.match(JSON.stringify(await api.post('/x/archive', {}, 422)), /buttons asks for its value first/)
    for (const id of ['child', 'buttons']) await post(`/v1/flags/${id}/archive`, {})
    await api.post('/x/archive', {})
    assert.deepEqual(
      (await get<{ flags: RegisteredFlag[] }>('/v1/flags?state=archived')).flags.map(({ id }) => id),
      ['buttons', 'child'],
    )
  })

  it('take effect at their time, in the payload, its ETag and its stream; so does the kill switch', async () => {
    const response = await fetch(`${api.url}/api/features/live`)
    const etag = response.headers.get('etag')!
    const known = (): Promise<Response> =>
      fetch(`${api.url}/api/features/live`, { headers: { 'if-none-match': `"other", ${etag}` } })
    assert.equal((await known()).status, 304)
    const stream = await fetch(`${api.url}/sub/live`)
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const heard = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) text += (await reader.read()).value ?? assert.fail('the stream ended')
    }
    await heard('event: features')
    const from = Date.now() + 1_200
    const rules = [{ id: 'soon', force: true, schedule: { from } }]
    await post('/v1/flags', { id: 'premiere', type: 'boolean', defaultValue: false, rules }, 201)
    assert.equal((await evaluation('premiere', { id: 'u' })).value, false)
    assert.equal((await evaluation('premiere', { id: 'u' }, `&at=${from}`)).rule, 'soon')
    await heard('"rules":[{"id":"soon","force":true}]')
    assert.ok(Date.now() >= from)
    const now = await known()
    assert.equal(now.status, 200)
    assert.equal(((await now.json()) as { dateUpdated: string }).dateUpdated, new Date(from).toISOString())
    text = ''
    await post('/v1/flags/premiere/kill', {})
    await heard('"premiere":{"defaultValue":false,"rules":[]}')
    await reader.cancel()
  })
})
