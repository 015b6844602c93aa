import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Value } from 'typebox/value'
import { DecisionAnswer, OverviewAnswer, ScorecardAnswer } from './answers.ts'
import { draft, HOUR, hourly, openExperimentsApi, T, type ExperimentsApi, type Problem } from './testing.ts'

interface DecisionResponse {
  decision: { verdict: string; headline: string }
}

describe('decisions over HTTP', () => {
  let api: ExperimentsApi
  const get = <T>(path: string, status?: number): Promise<T> => api.get(path, status)
  const post = <T>(path: string, body: object, status?: number): Promise<T> => api.post(path, body, status)
  before(async () => {
    api = await openExperimentsApi()
    await post('/metrics', { metric: hourly }, 201)
    await post('', draft, 201)
    await post('/x/start', {})
    await api.expose(1, 600)
  })
  after(() => api.close())

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
})
