import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded } from '../../../platform/random.ts'
import { readDraft, BUILT_IN } from '../definitions/index.ts'
import { anytime, eBenjaminiHochberg } from '../statistics/index.ts'
import { discoveryMultiplier } from '../statistics/anytime.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { arrivalsOf, attributesIn, audienceOf, detectableAfter, detectableEffect, type Member } from './index.ts'

const PAST = { units: 10_000, mean: 2, variance: 9, nonzero: 8_000, skewness: 1 }
const PLAN = { alpha: 0.05, plannedUnits: 4_000, hypotheses: 3 }
const DAY = 86_400_000

describe('the effect that can be found', () => {
  it('is found as a discovery of its family in 0.8 of experiments, looked at when they are', () => {
    const effect = detectableEffect(PAST, PLAN, 4_000)! * PAST.mean
    const se = Math.sqrt((2 * PAST.variance) / 2_000)
    const random = seeded(7)
    const runs = 4_000
    let found = 0
    for (let i = 0; i < runs; i++) {
      const z = effect / se + random.normal()
      const { logE } = anytime({ effect: z * se, se, df: Infinity, n: 4_000 }, PLAN)
      if (eBenjaminiHochberg([logE, -Infinity, -Infinity], PLAN.alpha)[0]) found++
    }
    assert.ok(Math.abs(found / runs - 0.8) < 0.02, `${found / runs}`)
  })

  it('needs the evidence that the first discovery needs', () => {
    for (const hypotheses of [1, 2, 9]) {
      const z = discoveryMultiplier(700, PLAN, hypotheses)
      const { logE } = anytime({ effect: z, se: 1, df: Infinity, n: 700 }, PLAN)
      assert.ok(Math.abs(logE - Math.log(hypotheses / PLAN.alpha)) < 1e-9)
    }
  })

  it('falls with units, and is not told while the scorecard would say nothing', () => {
    const effects = [400, 1_000, 4_000, 40_000].map((units) => detectableEffect(PAST, PLAN, units))
    assert.equal(effects[0], null, 'fewer than 355 units an arm, at a skewness of 1')
    assert.ok(effects[1]! > effects[2]! && effects[2]! > effects[3]!)
    assert.equal(detectableEffect({ ...PAST, nonzero: 50 }, PLAN, 30_000), null, '100 outcomes an arm')
    assert.equal(detectableEffect({ ...PAST, mean: 0 }, PLAN, 30_000), null)
    assert.equal(detectableEffect({ ...PAST, mean: 0.01 }, PLAN, 30_000), null, 'a baseline that could be zero')
  })

  it('counts a unit when its window has closed', () => {
    const course = { past: PAST, comparison: PLAN, joined: (ms: number) => (ms / DAY) * 1_000, windowMs: 7 * DAY }
    assert.deepEqual(
      [6, 7, 9].map((day) => detectableAfter(course, day * DAY).units),
      [0, 0, 2_000],
    )
    assert.equal(detectableAfter(course, 9 * DAY).effect, detectableEffect(PAST, PLAN, 2_000))
  })
})

describe('arrivals', () => {
  it('are what was seen, in any order, then go on as lately', () => {
    const arbitrary = fc.array(fc.nat(1_000), { maxLength: 50 })
    fc.assert(
      fc.property(arbitrary, fc.nat(3_000), fc.nat(3_000), (firsts, a, b) => {
        const joined = arrivalsOf(firsts, 1_000)
        assert.equal(joined(1_000), firsts.length)
        assert.equal(joined(Math.min(a, 1_000)), firsts.filter((at) => at <= Math.min(a, 1_000)).length)
        assert.ok(joined(Math.min(a, b)) <= joined(Math.max(a, b)))
        assert.equal(joined(2_000) - joined(1_500), firsts.filter((at) => at > 500).length)
        assert.equal(arrivalsOf(firsts.toReversed(), 1_000)(a), joined(a))
      }),
    )
    assert.equal(arrivalsOf([], 0)(DAY), 0)
  })
})

describe('who would take part', () => {
  const members: Member[] = Array.from({ length: 4_000 }, (_, i) => ({
    unit: `u${i}`,
    attributes: { country: i % 4 === 0 ? 'DE' : 'FR', device: i % 2 === 0 ? 'tv' : 'phone' },
  }))
  const draft = (bucketing: object): RegisteredExperiment => {
    const read = readDraft(
      {
        ...{ id: 'x', name: 'x', clock: 'live', unit: 'profile', plannedUnits: 100, bucketing },
        variations: [{ key: 'a' }, { key: 'b' }],
        metrics: { primary: ['played'] },
      },
      { metrics: BUILT_IN, experiments: [], groups: [] },
    )
    assert.ok(!Array.isArray(read), JSON.stringify(read))
    return read as RegisteredExperiment
  }
  const NOTHING = { experiments: [], groups: [] }
  const taking = (bucketing: object): string[] =>
    audienceOf(draft(bucketing), NOTHING, members, []).members.map(({ unit }) => unit)

  it('is decided as applications decide: by condition, and by the hash of the unit', () => {
    const { by } = audienceOf(draft({ condition: { country: 'DE' } }), NOTHING, members, ['country', 'device'])
    assert.deepEqual(by['country'], [
      { value: 'FR', units: 3_000, in: 0 },
      { value: 'DE', units: 1_000, in: 1_000 },
    ])
    assert.deepEqual(
      by['device']!.map(({ value, in: inside }) => [value, inside]),
      [
        ['phone', 0],
        ['tv', 1_000],
      ],
    )
    assert.ok(Math.abs(taking({ coverage: 0.25 }).length - 1_000) < 100)
    assert.deepEqual(taking({ condition: { plan: 'gold' } }), [])
    assert.equal(taking({ hashAttribute: 'profile_id' }).length, 4_000)
  })

  it('only grows with coverage', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const [few, many] = [taking({ coverage: Math.min(a, b) }), new Set(taking({ coverage: Math.max(a, b) }))]
        assert.ok(few.every((unit) => many.has(unit)))
      }),
      { numRuns: 10 },
    )
  })

  it('names what a condition asks for', () => {
    const condition = { country: { $in: ['DE'] }, $or: [{ 'user.plan': 'gold' }, { $not: { age: { $gt: 3 } } }] }
    assert.deepEqual(attributesIn(condition), ['country', 'user.plan', 'age'])
    assert.deepEqual(attributesIn(undefined), [])
  })
})
