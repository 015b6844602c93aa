import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readExperiment } from './definition.ts'
import { assign, evaluateFeature } from './evaluate.ts'
import { compileExperiment, type Context } from './experiment.ts'
import { compileFeatures, stickyKeys, type Payload } from './feature.ts'

const FIELDS = [
  'key',
  'variations',
  'weights',
  'coverage',
  'ranges',
  'hashAttribute',
  'fallbackAttribute',
  'hashVersion',
  'seed',
  'condition',
  'namespace',
  'filters',
  'parentConditions',
  'meta',
  'bucketVersion',
  'minBucketVersion',
  'force',
  'status',
  'contextualVariations',
  'contextualBanditRef',
  'range',
  'id',
  'rules',
  'defaultValue',
  'attributes',
  'url',
  'sticky',
  'forcedVariations',
  'assignments',
  'features',
  'savedGroups',
  'contextualBandits',
  'contexts',
  'leafId',
  '__proto__',
  'id||1',
  'a__0',
]
const leaf = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    '',
    '0',
    '1',
    'id',
    'a',
    0,
    1,
    2,
    -1,
    0.5,
    [0, 0.5],
    [
      [0, 0.5],
      [0.5, 1],
    ],
    ['a', 0, 0.5],
    [{ id: 'a' }],
    [{ seed: 's', ranges: [[0, 1]] }],
  ),
  fc.string(),
  fc.double(),
)
const json = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('json'), { maxKeys: 6 }),
  ),
})).json
const object = fc.dictionary(fc.constantFrom(...FIELDS), json, { maxKeys: 8 })
const share = fc.integer({ min: 0, max: 1_000 }).map((part) => part / 1_000)
const text = fc.constantFrom('', 'id', 'a', 'b', '1', '__proto__', 'toString')
const range = fc.tuple(fc.double(), fc.double())
const [few, condition] = [
  { maxLength: 3 },
  fc.dictionary(fc.constantFrom('id', 'value', '$not', '$or', '__proto__'), json, { maxKeys: 2 }),
]
/** Fields that are well-formed, with senseless values: these get past the reader. */
const wellFormed = fc.record(
  {
    key: text,
    weights: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), few),
    coverage: fc.double({ noNaN: true, noDefaultInfinity: true }),
    ranges: fc.array(range, few),
    hashAttribute: text,
    fallbackAttribute: text,
    hashVersion: fc.integer({ min: 0, max: 3 }),
    seed: text,
    condition,
    namespace: fc.tuple(text, fc.double(), fc.double()),
    filters: fc.array(fc.record({ seed: text, ranges: fc.array(range, few), attribute: text }), few),
    parentConditions: fc.array(fc.record({ id: text, condition, gate: fc.boolean() }), few),
    meta: fc.array(fc.record({ key: text, name: text, passthrough: fc.boolean() }, { requiredKeys: [] }), few),
    bucketVersion: fc.integer(),
    minBucketVersion: fc.integer(),
    force: fc.integer({ min: -1, max: 3 }),
    status: text,
    contextualBanditRef: text,
  },
  { requiredKeys: [] },
)
const definitions = fc.oneof(object, wellFormed, wellFormed)
const arms = fc.oneof(fc.constant(['x', 'y']), fc.array(leaf), json)

const experimentOf = (definition: object, groups = {}) => compileExperiment(readExperiment(definition), groups)
const unit = (id: string, more: Context = {}): Context => ({ attributes: { id }, ...more })
const split = { key: 'a', variations: ['x', 'y'], hashVersion: 2 }
const outcome = (definition: object, context: Context) => {
  const {
    result: { variationId, inExperiment },
  } = assign(experimentOf(definition), context)
  return inExperiment ? variationId : -1
}

describe('an assignment', () => {
  it('never throws, whatever definition and unit are', () => {
    let assigned = 0
    fc.assert(
      fc.property(definitions, arms, object, json, (definition, variations, context, attributes) => {
        const { result } = assign(experimentOf({ ...definition, variations }), { attributes: { id: '1' }, ...context })
        assert.equal(typeof result.inExperiment, 'boolean')
        if (result.hashUsed) assigned++
        assign(experimentOf(definition), { attributes, sticky: context } as unknown as Context)
      }),
      { numRuns: 5_000 },
    )
    assert.ok(assigned > 100, `${assigned} of 5,000 got as far as a bucket`)
    for (const definition of [null, 5, 'a', []])
      assert.equal(assign(compileExperiment(readExperiment(definition)), {}).result.inExperiment, false)
  })

  it('of a feature never throws either', () => {
    fc.assert(
      fc.property(
        fc.array(definitions, { maxLength: 3 }),
        arms,
        object,
        object,
        json,
        (rules, variations, bandit, context, payload) => {
          const features = {
            a: { defaultValue: 1, rules: rules.map((rule) => ({ variations, ...rule })) },
            1: { rules },
          }
          const compiled = compileFeatures({ features, contextualBandits: { a: bandit }, savedGroups: context })
          for (const each of [
            compiled,
            compileFeatures((payload ?? {}) as Payload),
            compileFeatures({ features: payload }),
          ]) {
            for (const id of ['a', '1', '__proto__'])
              assert.equal(
                typeof evaluateFeature(each, id, { attributes: { id: '1' }, ...context }).result.on,
                'boolean',
              )
            stickyKeys(each, context)
          }
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('stays when coverage rises, whatever else the definition asks', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), share, share, fc.constantFrom(1, 2), (id, one, other, hashVersion) => {
        const [before, after] = [Math.min(one, other), Math.max(one, other)].map((coverage) =>
          outcome({ ...split, hashVersion, coverage, weights: [0.3, 0.7], namespace: ['layer', 0, 0.8] }, unit(id)),
        )
        assert.ok(before === -1 || before === after)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is of one experiment of a layer at most, by namespace and by filter', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), share, (id, cut) => {
        const parts: readonly (readonly [number, number])[] = [
          [0, cut],
          [cut, 1],
        ]
        const named = parts.filter(
          ([from, to]) => outcome({ ...split, namespace: ['layer', from, to] }, unit(id)) !== -1,
        )
        const filtered = parts.filter(
          (range) => outcome({ ...split, filters: [{ seed: 'layer', ranges: [range] }] }, unit(id)) !== -1,
        )
        assert.deepEqual([named.length, filtered.length], [1, 1])
      }),
      { numRuns: 2_000 },
    )
  })

  it('lets nobody in by a definition that is ill-formed, or that asks for what only a page knows', () => {
    for (const slip of [
      { condition: 'all' },
      { coverage: '0.5' },
      { weights: ['1', '0'] },
      { filters: [{ seed: 's' }] },
      { namespace: ['a', 0] },
      { ranges: [[0]] },
      { urlPatterns: [] },
      { include: true },
      { hashVersion: 3 },
    ])
      assert.equal(outcome({ ...split, ...slip }, unit('1')), -1, JSON.stringify(slip))
    assert.deepEqual(readExperiment({ ...split, coverage: '0.5', weights: 1 }).faults, ['weights', 'coverage'])
  })

  it('is of nobody while a draft, and of those whom it is forced on once stopped', () => {
    assert.equal(outcome({ ...split, status: 'draft' }, unit('1')), -1)
    assert.equal(outcome({ ...split, status: 'stopped' }, unit('1')), -1)
    assert.equal(outcome({ ...split, status: 'stopped', force: 1 }, unit('1')), 1)
    assert.notEqual(outcome({ ...split, status: 'running' }, unit('1')), -1)
  })

  it('leaves out of a layer who lacks its attribute', () => {
    assert.equal(
      outcome({ ...split, filters: [{ seed: 'layer', attribute: 'household', ranges: [[0, 1]] }] }, unit('1')),
      -1,
    )
  })

  it('sticks when weights turn, and is told to be kept only when it is new', () => {
    const first = assign(experimentOf({ ...split, weights: [1, 0] }), unit('1', { sticky: {} }))
    assert.deepEqual(first.sticky, {
      'id||1': { attributeName: 'id', attributeValue: '1', assignments: { a__0: '0' } },
    })
    const later = assign(experimentOf({ ...split, weights: [0, 1] }), unit('1', { sticky: first.sticky }))
    assert.deepEqual(
      [later.result.variationId, later.result.stickyBucketUsed, later.sticky === first.sticky],
      [0, true, true],
    )
  })

  it('blocks old versions of the bucket at once, however many there may be', () => {
    const sticky = { 'id||1': { attributeName: 'id', attributeValue: '1', assignments: { a__7: '0' } } }
    assert.equal(outcome({ ...split, bucketVersion: 1e15, minBucketVersion: 1e15 }, unit('1', { sticky })), -1)
    assert.notEqual(outcome({ ...split, bucketVersion: 8, minBucketVersion: 7 }, unit('1', { sticky })), -1)
  })

  it('exposes by buckets alone: what was forced is no exposure', () => {
    assert.equal(assign(experimentOf(split), unit('1')).exposures.length, 1)
    for (const context of [{ forcedVariations: { a: 1 } }, { url: '/?a=1' }, { qaMode: true }])
      assert.equal(assign(experimentOf(split), unit('1', context)).exposures.length, 0)
  })
})

describe('prerequisites', () => {
  const on = { value: true }
  const asks = (...ids: string[]) => ids.map((id) => ({ id, condition: on, gate: true }))

  it('that meet in many ways are evaluated once, and expose once', () => {
    const features: Record<string, object> = { f40: { rules: [{ ...split, variations: [true, true] }] } }
    for (let i = 0; i < 40; i++)
      features[`f${i}`] = {
        defaultValue: true,
        rules: [{ parentConditions: asks(`f${i + 1}`) }, { parentConditions: asks(`f${i + 1}`) }],
      }
    const { result, exposures } = evaluateFeature(compileFeatures({ features }), 'f0', unit('1'))
    assert.deepEqual([result.value, exposures.length], [true, 1])
  })

  it('in a ring or without end give no value', () => {
    const features = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `f${i}`,
        { defaultValue: true, rules: [{ parentConditions: asks(`f${i + 1}`) }] },
      ]),
    )
    assert.equal(evaluateFeature(compileFeatures({ features }), 'f0', unit('1')).result.source, 'cyclicPrerequisite')
    const ring = compileFeatures({ features: { f: { defaultValue: true, rules: [{ parentConditions: asks('f') }] } } })
    assert.equal(
      assign(experimentOf({ ...split, parentConditions: asks('f') }), unit('1'), ring).result.inExperiment,
      false,
    )
  })

  it('in an ill-formed rule keep the rules below it from being asked', () => {
    const features = { f: { defaultValue: 'safe', rules: [{ parentConditions: 'gate' }, { force: 'open' }] } }
    assert.equal(evaluateFeature(compileFeatures({ features }), 'f', unit('1')).result.value, 'safe')
  })
})
