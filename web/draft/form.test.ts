import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMPTY, fieldsOf, placed, placeOf, read, type Fields, type Written } from './form.ts'
import { headline, matches, windowText } from './view.ts'

const FULL: Fields = {
  ...EMPTY,
  id: 'x',
  name: ' Bigger ',
  by: 'ada',
  tags: 'home, , tv',
  clock: 'world',
  condition: '{"country": "DE"}',
  coverage: '12.5',
  plannedUnits: '2000',
  metrics: { 'plays@1': 'primary', 'stalls@2': 'guardrail', 'starts@1': 'primary' },
  slices: ['country'],
}
const facts = (fields: Fields): string[] => read(fields).faults.map(({ at }) => at)

describe('the form of a draft', () => {
  it('is sent as the API has it', () => {
    const { body, faults } = read(FULL)
    assert.deepEqual(faults, [])
    assert.deepEqual(body, {
      id: 'x',
      name: 'Bigger',
      by: 'ada',
      unit: 'profile',
      hypothesis: '',
      tags: ['home', 'tv'],
      clock: 'world',
      variations: [{ key: 'control' }, { key: 'treatment' }],
      bucketing: { coverage: 0.125, condition: { country: 'DE' } },
      metrics: { primary: ['plays@1', 'starts@1'], guardrail: ['stalls@2'], secondary: [] },
      slices: ['country'],
      plannedUnits: 2_000,
    })
  })

  it('says what no server is needed for, and stays complete for one', () => {
    assert.deepEqual(facts({ ...EMPTY, coverage: '', condition: '[1]' }), [
      'name',
      'id',
      'plannedUnits',
      'bucketing.coverage',
      'bucketing.condition',
      'by',
    ])
    const { body } = read({ ...EMPTY, coverage: 'half', plannedUnits: '1e999' })
    assert.deepEqual([body['id'], body['plannedUnits'], body['bucketing']], ['x', 100, { coverage: 1 }])
    const weighed = FULL.variations.map((each, at) => ({ ...each, weight: at === 0 ? 'half' : '50' }))
    assert.deepEqual(facts({ ...FULL, variations: weighed }), ['variations.0.weight'])
  })

  it('comes back from what was saved, and loses nothing that it does not show', () => {
    const written: Written & Record<string, unknown> = {
      ...{ id: 'x', name: 'Bigger', hypothesis: '', tags: ['home'], clock: 'world', unit: 'household' },
      ...{ state: 'draft', revision: 3, slices: [], plannedUnits: 500, alpha: 0.1, endsAt: null, by: 'bob' },
      variations: [
        { key: 'a', name: 'a', weight: 0.1 },
        { key: 'b', name: 'Big', weight: 0.9 },
      ],
      bucketing: { hashAttribute: 'id', seed: 's', coverage: 0.3, namespace: ['home', 0, 0.5], condition: { a: 1 } },
      metrics: { primary: [{ id: 'plays', version: 2 }], guardrail: [], secondary: [] },
    }
    const fields = fieldsOf(written, 'ada')
    assert.deepEqual(
      [fields.by, fields.coverage, fields.variations.map(({ weight }) => weight)],
      ['ada', '30', ['10', '90']],
    )
    const { body, faults } = read(fields)
    assert.deepEqual(faults, [])
    assert.deepEqual(body['bucketing'], { ...written.bucketing })
    assert.deepEqual([body['alpha'], body['endsAt'], body['by']], [0.1, null, 'ada'])
    assert.deepEqual(body['variations'], [
      { key: 'a', weight: 0.1 },
      { key: 'b', name: 'Big', weight: 0.9 },
    ])
  })
})

describe('faults of a draft', () => {
  it('land at the field that they are about, or are said above', () => {
    const places = ['id', 'metrics.primary', 'metrics.primary.1', 'metrics.guardrail.0', 'metrics.secondary.0']
    assert.deepEqual(
      places.map((at) => placeOf(at, FULL)),
      ['id', 'metrics', 'metrics.starts@1', 'metrics.stalls@2', 'metrics'],
    )
    assert.deepEqual(
      ['variations', 'variations.1.key', 'variations.1', 'bucketing.condition', 'tags.0', 'bucketing.namespace'].map(
        (at) => placeOf(at, FULL),
      ),
      ['variations', 'variations.1.key', 'variations', 'bucketing.condition', 'tags', undefined],
    )
    const { byField, elsewhere } = placed(
      [
        { at: 'id', problem: 'is missing' },
        { at: 'id', problem: 'must be short' },
        { at: 'bucketing.namespace', problem: 'is taken' },
      ],
      FULL,
    )
    assert.deepEqual([...byField], [['id', 'Is missing. Must be short.']])
    assert.deepEqual(elsewhere, ['bucketing.namespace is taken'])
  })

  it('are what the headline asks for, until nothing is left to do', () => {
    assert.equal(
      headline(EMPTY, ['id', 'metrics', 'metrics.plays@1', 'variations.0.key'], true),
      'To do: id, metrics, variations',
    )
    assert.equal(headline({ ...FULL, name: 'B' }, [], true), '“B” can be created: 2 variations, 2 metrics decide')
  })
})

describe('metrics to choose from', () => {
  it('are found by any words of their name or id', () => {
    const metric = { name: 'Watch time', id: 'watch_time.unit.cap999:playloop' }
    assert.deepEqual(
      ['', 'time watch', 'cap999', 'stall'].map((search) => matches(metric, search)),
      [true, true, true, false],
    )
    assert.equal(
      windowText({ window: { fromMs: 86_400_000, toMs: 7 * 86_400_000 } }),
      'counted over 6 days from 1 day on',
    )
    assert.equal(windowText({ window: { fromMs: 0, toMs: 1_800_000 } }), 'counted over 30 minutes')
  })
})
