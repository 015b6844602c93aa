import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { draft, hourly, openExperimentsApi, type ExperimentsApi, type Problem } from './testing.ts'

const SECRET = '0123456789abcdef'
const KEYS = [
  `ann:${SECRET}ann:read+write:experiments`,
  `bob:${SECRET}bob:read+write:experiments`,
  `eve:${SECRET}eve:read`,
  `root:${SECRET}root:read+write:experiments+admin:experiments`,
]

describe('roles of experiments', () => {
  let api: ExperimentsApi
  const call = async <T = Problem>(who: string, asked: string, body?: object, status = 200): Promise<T> => {
    const [method = '', path = ''] = asked.split(' ')
    const response = await fetch(`${api.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${SECRET}${who}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify({ by: 'somebody', ...body }) }),
    })
    const text = await response.text()
    assert.equal(response.status, status, `${who} ${asked} ${text}`)
    return JSON.parse(text) as T
  }
  const act = <T = Problem>(who: string, path: string, body: object = {}, status = 200): Promise<T> =>
    call<T>(who, `POST /experiments${path}`, body, status)
  before(async () => {
    api = await openExperimentsApi({ PLAYLOOP_API_KEYS: KEYS.join(',') })
    await act('ann', '/metrics', { metric: hourly }, 201)
    await act('ann', '', { ...draft, metrics: { primary: ['plays'] }, owner: 'team home' }, 201)
  })
  after(() => api.close())

  it('say who asks, and what that key may do', async () => {
    assert.deepEqual(await call('eve', 'GET /sign-in'), { name: 'eve', scopes: ['read'] })
    assert.deepEqual(await call('bob', 'GET /sign-in'), { name: 'bob', scopes: ['read', 'write:experiments'] })
  })

  it('let viewers change nothing, editors what is theirs, and admins everything', async () => {
    assert.equal((await act('eve', '/x/start', {}, 403)).code, 'HTTP_SCOPE')
    assert.equal((await act('bob', '/x/start', {}, 403)).code, 'API_EXPERIMENT_OWNED')
    assert.equal(
      (await call('bob', 'PUT /experiments/x', { ...draft, owner: 'bob' }, 403)).code,
      'API_EXPERIMENT_OWNED',
    )
    await act('root', '/x/ramp', { coverage: 0.5 })
    await act('ann', '/x/start', {})
    for (const action of ['ramp', 'pause', 'stop', 'unkill'])
      assert.equal((await act('bob', `/x/${action}`, { coverage: 1 }, 403)).code, 'API_EXPERIMENT_OWNED', action)
    const { revisions } = await call<{ revisions: { principal: string; by: string }[] }>(
      'eve',
      'GET /experiments/x/revisions',
    )
    assert.deepEqual(
      revisions.map(({ principal, by }) => [principal, by]),
      [
        ['ann', 'somebody'],
        ['root', 'somebody'],
        ['ann', 'somebody'],
      ],
    )
  })

  it('let every editor kill, and only owners take that back', async () => {
    assert.equal((await act<{ killed: boolean }>('bob', '/x/kill', {})).killed, true)
    assert.equal((await act('bob', '/x/unkill', {}, 403)).code, 'API_EXPERIMENT_OWNED')
    assert.equal((await act<{ killed: boolean }>('ann', '/x/unkill', {})).killed, false)
  })

  it('give an experiment to the owner that it names', async () => {
    await act('ann', '', { ...draft, id: 'given', metrics: { primary: ['plays'] }, owner: 'bob' }, 201)
    await act('bob', '/given/start', {})
    await act('ann', '/given/pause', {})
  })
})
