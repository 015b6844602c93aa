import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  anytime,
  both,
  countTest,
  cuped,
  effectOf,
  estimateOf,
  fiellerInterval,
  interactionOf,
  isComputed,
  logRateRatioInterval,
  momentsOf,
  onward,
  pearsonTest,
  percentileOf,
  posterior,
  proportionOf,
  quantileOf,
  ratioCuped,
  ratioOf,
  stratifiedEffect,
  unitsPerArm,
  unitsYetToJoin,
  welch,
  type Computed,
  type CovariedSums,
  type RatioCovariedSums,
  type Scale,
  type Sums,
} from './index.ts'

/** Units of a few small integers: arms that are empty, single, constant or zero are as likely as any. */
const units = fc.array(
  fc.tuple(
    fc.integer({ min: -1, max: 2 }),
    fc.integer({ min: 0, max: 1 }),
    fc.integer({ min: 0, max: 1 }),
    fc.integer({ min: 0, max: 1 }),
  ),
  { maxLength: 6 },
)
type Units = readonly (readonly [number, number, number, number])[]

const sumOf = (rows: Units, i: number, j?: number): number =>
  rows.reduce((sum, row) => sum + row[i]! * (j === undefined ? 1 : row[j]!), 0)
const sums = (rows: Units, i = 0): Sums => ({ n: rows.length, sum: sumOf(rows, i), sumSquares: sumOf(rows, i, i) })
const covaried = (rows: Units): CovariedSums => ({
  n: rows.length,
  post: sums(rows),
  pre: sums(rows, 2),
  product: sumOf(rows, 0, 2),
})
const ratios = (rows: Units): RatioCovariedSums => ({
  n: rows.length,
  sums: [0, 1, 2, 3].map((i) => sumOf(rows, i)) as unknown as RatioCovariedSums['sums'],
  products: [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => sumOf(rows, i, j))),
})

/** Every number in an answer. */
const numbers = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(numbers)
      : []
const PLAN = { alpha: 0.05, plannedUnits: 1_000 }

describe('what cannot be computed', () => {
  it('is a reason, never NaN and never an exception, whatever the units are', () =>
    fc.assert(
      fc.property(units, units, fc.constantFrom<Scale>('absolute', 'relative'), (a, b, scale) => {
        const [control, treatment] = [momentsOf(sums(a)), momentsOf(sums(b))]
        const effects = [
          both(control, treatment, (c, t) => effectOf(c, t, scale)),
          both(
            ratioOf({ n: a.length, numerator: sums(a), denominator: sums(a, 1), product: sumOf(a, 0, 1) }),
            ratioOf({ n: b.length, numerator: sums(b), denominator: sums(b, 1), product: sumOf(b, 0, 1) }),
            (c, t) => effectOf(c, t, scale),
          ),
          both(proportionOf(a.length, sumOf(a, 1)), proportionOf(b.length, sumOf(b, 1)), (c, t) =>
            effectOf(c, t, scale),
          ),
          cuped(covaried(a), covaried(b), scale),
          ratioCuped(ratios(a), ratios(b), scale),
          both(control, treatment, (c, t) =>
            stratifiedEffect(
              [
                { control: c, treatment: t },
                { control: t, treatment: c },
              ],
              scale,
            ),
          ),
          both(control, treatment, (c, t) =>
            interactionOf({ controlControl: c, controlTreatment: t, treatmentControl: t, treatmentTreatment: c }),
          ),
        ]
        const answers: Computed<object>[] = effects.flatMap((effect) => [
          effect,
          onward(effect, (e) => welch(e, 0.05)),
          onward(effect, (e) => anytime(e, PLAN)),
          onward(effect, (e) => posterior(e, scale, 0, 0.05, { mean: 0, variance: 1, scale: 'relative' })),
          onward(effect, (e) =>
            unitsYetToJoin(e, { effect: 0.1, power: 0.8, alpha: 0.05 }, { kind: 'anytime', plannedUnits: 1_000 }),
          ),
        ])
        const counts = [sumOf(a, 1), sumOf(b, 1)] as const
        answers.push(
          both(control, treatment, (c, t) => fiellerInterval(estimateOf(c), estimateOf(t), 0.05)),
          countTest(counts, [1, 0], { k: 100 }),
          pearsonTest(counts, [1, 1]),
          percentileOf([], 0.5),
          unitsPerArm({ controlVariance: 0, treatmentVariance: 0, alpha: 0.05, power: 0.8 }, 1),
        )
        for (const number of numbers([answers, logRateRatioInterval(counts, [1, 1], { k: 100 }, 0.05)]))
          assert.ok(!Number.isNaN(number))
        for (const effect of effects) if (isComputed(effect)) assert.ok(effect.se > 0 && Number.isFinite(effect.df))
      }),
      { numRuns: 2_000 },
    ))

  it('says which reason', () => {
    const reason = (value: Computed<object>): string => ('notComputable' in value ? value.notComputable : 'computed')
    const sample = { n: 1_000, nStar: 1_000, level: 0.5, quantile: 7, lower: 7, upper: 7 }
    assert.equal(reason(quantileOf(sample)), 'the values around the quantile are equal')
    assert.equal(
      reason(quantileOf({ ...sample, level: 0.999, upper: 8 })),
      'the quantile lies beyond what so many units show',
    )
    assert.equal(reason(countTest([5, 1], [1, 0], { k: 100 })), 'a share is zero where units were counted')
    assert.equal(reason(momentsOf({ n: 1, sum: 3, sumSquares: 9 })), 'there are too few units')
    assert.equal(
      reason(fiellerInterval({ mean: 0.1, variance: 0.1 }, { mean: 1, variance: 0.1 }, 0.05)),
      'the baseline cannot be told from zero',
    )
    assert.equal(
      reason(effectOf({ n: 10, mean: 0, variance: 1 }, { n: 10, mean: 1, variance: 1 }, 'relative')),
      'the baseline is zero',
    )
  })
})
