import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inert } from './choices.ts'
import { draft, HOUR, hourly, openExperimentsApi, T, type ExperimentsApi } from './testing.ts'

describe('what is made of a scorecard', () => {
  let api: ExperimentsApi
  before(async () => {
    api = await openExperimentsApi()
    await api.post('/metrics', { metric: hourly }, 201)
    await api.post('', draft, 201)
    await api.post('/x/start', { revision: 0 })
    await api.expose(1, 40)
  })
  after(() => api.close())

  it('is a table with empty cells where there is no value, and no text that a spreadsheet would run', async () => {
    const csv = await (await fetch(`${api.url}/v1/experiments/x/export?format=csv&as_of=${T + 2 * HOUR}`)).text()
    const [head, row] = csv.trim().split('\n')
    assert.match(head!, /"definition".*"relative/)
    assert.doesNotMatch(csv, /\\N|null/)
    assert.match(row!, /,,/)
  })

  it('says how the arms stand, and how the next units should be split', async () => {
    const { next, phases, arms } = await api.get<{
      next: number[]
      phases: { units: number[] }[]
      arms: { mean: number; effect: number | null; chanceOfBest: number }[]
    }>(`/x/bandit?as_of=${T + 2 * HOUR}`)
    assert.deepEqual([next, phases.map(({ units }) => units)], [[0.5, 0.5], [[20, 20]]])
    // Each unit plays once: nothing varies, so nothing can be told apart.
    assert.deepEqual(
      arms.map(({ mean, effect, chanceOfBest }) => [mean, effect, chanceOfBest]),
      [
        [1, null, 0.5],
        [1, null, 0.5],
      ],
    )
    assert.deepEqual((await api.get<{ next: null }>(`/x/bandit?as_of=${T}`)).next, null)
  })

  it('has no formulas: texts are inert that begin like a formula, and nothing else', () => {
    const texts = ['=1+1', '+1', '-1', '@a', '\tx', '\rx', 'a=1', '']
    assert.deepEqual(
      texts.map((value) => inert({ value })['value']),
      ["'=1+1", "'+1", "'-1", "'@a", "'\tx", "'\rx", 'a=1', ''],
    )
    assert.deepEqual(inert({ a: -1, b: null }), { a: -1, b: null })
  })
})
