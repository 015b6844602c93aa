import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inert } from './choices.ts'
import { draft, HOUR, hourly, openExperimentsApi, T, type ExperimentsApi } from './testing.ts'

describe('a scorecard as a table', () => {
  let api: ExperimentsApi
  before(async () => {
    api = await openExperimentsApi()
    await api.post('/metrics', { metric: hourly }, 201)
    await api.post('', draft, 201)
    await api.post('/x/start', { revision: 0 })
    await api.expose(1, 40)
  })
  after(() => api.close())

  it('has empty cells where there is no value, and no text that a spreadsheet would run', async () => {
    const csv = await (await fetch(`${api.url}/v1/experiments/x/export?format=csv&as_of=${T + 2 * HOUR}`)).text()
    const [head, row] = csv.trim().split('\n')
    assert.match(head!, /"definition".*"relative/)
    assert.doesNotMatch(csv, /\\N|null/)
    assert.match(row!, /,,/)
  })

  it('makes texts inert that begin like a formula, and nothing else', () => {
    const texts = ['=1+1', '+1', '-1', '@a', '\tx', '\rx', 'a=1', '']
    assert.deepEqual(
      texts.map((value) => inert({ value })['value']),
      ["'=1+1", "'+1", "'-1", "'@a", "'\tx", "'\rx", 'a=1', ''],
    )
    assert.deepEqual(inert({ a: -1, b: null }), { a: -1, b: null })
  })
})
