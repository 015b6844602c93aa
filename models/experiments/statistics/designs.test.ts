import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded, type Random } from '../../../platform/random.ts'
import {
  add,
  covaried,
  cuped,
  cupedEffect,
  effectOf,
  estimateOf,
  fiellerInterval,
  guardrail,
  interactionOf,
  isComputed,
  isNoDifference,
  minimumDetectableEffect,
  momentsOf,
  percentileOf,
  ratioCuped,
  stratifiedEffect,
  theta,
  unitsPerArm,
  welch,
  winsorised,
  type Computed,
  type CovariedSums,
  type Effect,
  type Histogram,
  type Moments,
  type Sums,
} from './index.ts'

const near = (seen: number, wanted: number, relative: number): void =>
  assert.ok(Math.abs(seen - wanted) <= relative * Math.max(1, Math.abs(wanted)), `${seen}, wanted ${wanted}`)
function known<T extends object>(value: Computed<T>): T {
  assert.ok(isComputed(value), 'notComputable' in value ? value.notComputable : '')
  return value
}

const arm = fc.record({
  n: fc.integer({ min: 2, max: 1e6 }),
  mean: fc.double({ min: 0.5, max: 50, noNaN: true }),
  variance: fc.double({ min: 0.01, max: 100, noNaN: true }),
})

/** Sums of units with a covariate that explains most of the outcome. */
function covariedArm(random: Random, n: number, lift: number): CovariedSums {
  let [post, postSquares, pre, preSquares, product] = [0, 0, 0, 0, 0]
  for (let unit = 0; unit < n; unit++) {
    const x = 10 + 3 * random.normal()
    const y = x + lift + random.normal()
    post += y
    postSquares += y * y
    pre += x
    preSquares += x * x
    product += x * y
  }
  return { n, post: { sum: post, sumSquares: postSquares }, pre: { sum: pre, sumSquares: preSquares }, product }
}

describe('CUPED', () => {
  const random = seeded(5)
  const [control, treatment] = [covariedArm(random, 2_000, 0), covariedArm(random, 2_000, 0.5)]

  it('takes out what the covariate explains, and leaves the effect', () => {
    const plain = known(
      effectOf(
        known(momentsOf({ n: control.n, ...control.post })),
        known(momentsOf({ n: treatment.n, ...treatment.post })),
        'absolute',
      ),
    )
    const adjusted = known(cuped(control, treatment, 'absolute'))
    near((adjusted.se / plain.se) ** 2, 0.1, 0.02)
    assert.ok(Math.abs(adjusted.effect - 0.5) < 3 * adjusted.se)
    const relative = known(cuped(control, treatment, 'relative'))
    near(relative.effect * (control.post.sum / control.n), adjusted.effect, 1e-12)
  })

  it('without a slope is the plain effect, on either scale', () => {
    for (const scale of ['absolute', 'relative'] as const) {
      const plain = known(
        effectOf(
          known(momentsOf({ n: control.n, ...control.post })),
          known(momentsOf({ n: treatment.n, ...treatment.post })),
          scale,
        ),
      )
      const adjusted = known(cupedEffect(covaried(control), covaried(treatment), 0, scale))
      for (const name of ['effect', 'se', 'df', 'n'] as const) near(adjusted[name], plain[name], 1e-12)
    }
  })

  it('of a ratio whose denominator is one everywhere is that of a mean', () => {
    const asRatio = ({ n, post, pre, product }: CovariedSums) => ({
      n,
      sums: [post.sum, n, pre.sum, n] as const,
      products: [[post.sumSquares], [post.sum, n], [product, pre.sum, pre.sumSquares], [post.sum, n, pre.sum, n]],
    })
    const [mean, ratio] = [
      known(cuped(control, treatment, 'relative')),
      known(ratioCuped(asRatio(control), asRatio(treatment), 'relative')),
    ]
    // The slopes differ by what lies between the arms.
    near(ratio.effect, mean.effect, 1e-3)
    near(ratio.se, mean.se, 1e-3)
    assert.ok(theta(control, treatment) > 0.9)
  })
})

describe('strata', () => {
  it('are the plain effect where there is one', () =>
    fc.assert(
      fc.property(arm, arm, fc.constantFrom('absolute' as const, 'relative' as const), (control, treatment, scale) => {
        const [one, plain] = [
          known(stratifiedEffect([{ control, treatment }], scale)),
          known(effectOf(control, treatment, scale)),
        ]
        for (const name of ['effect', 'se', 'df', 'n'] as const) near(one[name], plain[name], 1e-9)
      }),
    ))

  it('see no effect where a ramp alone changed who was seen when', () => {
    // No effect in either phase, but the second is a better day and gives the treatment more units.
    const phases = [
      { control: { n: 9_000, mean: 10, variance: 4 }, treatment: { n: 1_000, mean: 10, variance: 4 } },
      { control: { n: 5_000, mean: 11, variance: 4 }, treatment: { n: 5_000, mean: 11, variance: 4 } },
    ]
    near(known(stratifiedEffect(phases, 'absolute')).effect, 0, 1e-12)
    const pooled = (arms: readonly Moments[]): Moments =>
      known(
        momentsOf(
          arms
            .map(({ n, mean, variance }): Sums => ({
              n,
              sum: n * mean,
              sumSquares: (n - 1) * variance + n * mean ** 2,
            }))
            .reduce(add),
        ),
      )
    const naive = known(
      effectOf(
        pooled(phases.map(({ control }) => control)),
        pooled(phases.map(({ treatment }) => treatment)),
        'absolute',
      ),
    )
    assert.ok(welch(naive, 0.05).p < 1e-10)
  })
})

describe('Fieller', () => {
  it('is the delta method where the baseline is known well, and turns with the sign', () =>
    fc.assert(
      fc.property(arm, arm, (control, treatment) => {
        const [c, t] = [control, treatment].map((one) => ({ ...one, n: 1e9 })) as [Moments, Moments]
        const { effect, se } = known(effectOf(c, t, 'relative')) satisfies Effect
        const { interval } = known(fiellerInterval(estimateOf(c), estimateOf(t), 0.05))
        near(interval[0], effect - 1.959964 * se, 1e-5)
        near(interval[1], effect + 1.959964 * se, 1e-5)
        const turned = known(
          fiellerInterval(estimateOf({ ...c, mean: -c.mean }), estimateOf({ ...t, mean: -t.mean }), 0.05),
        ).interval
        near(turned[0], -interval[1], 1e-12)
      }),
    ))

  it('ends where the difference from that multiple of the baseline is just significant', () => {
    const [control, treatment] = [
      { n: 40, mean: 3, variance: 9 },
      { n: 50, mean: 4, variance: 16 },
    ]
    for (const end of known(fiellerInterval(estimateOf(control), estimateOf(treatment), 0.05)).interval) {
      const multiple = 1 + end
      near(
        Math.abs(treatment.mean - multiple * control.mean) /
          Math.sqrt(treatment.variance / treatment.n + (multiple ** 2 * control.variance) / control.n),
        1.959964,
        1e-6,
      )
    }
  })
})

describe('power', () => {
  it('and the least effect that is found are one relation, read once or at any time', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.constantFrom({}, { plannedUnits: 5_000 }, { plannedUnits: 1e6 }),
        (effect, plan) => {
          const design = { controlVariance: 2, treatmentVariance: 3, alpha: 0.05, power: 0.8, ...plan }
          near(minimumDetectableEffect(design, known(unitsPerArm(design, effect)).units), effect, 1e-9)
        },
      ),
    ))

  it('costs about twice the units where one may look at any time', () => {
    const design = { controlVariance: 1, treatmentVariance: 1, alpha: 0.05, power: 0.8 }
    const fixed = known(unitsPerArm(design, 0.1)).units
    const anytime = known(unitsPerArm({ ...design, plannedUnits: 2 * 1.9 * fixed }, 0.1)).units
    assert.ok(anytime / fixed > 1.8 && anytime / fixed < 2, `${anytime / fixed}`)
  })
})

describe('margins', () => {
  it('need the whole interval', () => {
    for (const [interval, up, down] of [
      [[-0.5, 3], 'not inferior', 'undecided'],
      [[-3, -1.5], 'inferior', 'not inferior'],
      [[-3, 3], 'undecided', 'undecided'],
      [[1.5, 2], 'not inferior', 'inferior'],
      [[-Infinity, Infinity], 'undecided', 'undecided'],
    ] as const)
      assert.deepEqual([guardrail(interval, 1, 'up'), guardrail(interval, 1, 'down')], [up, down])
    assert.deepEqual(
      [
        [-0.5, 0.9],
        [-0.5, 1],
        [-2, 0],
      ].map(([lower, upper]) => isNoDifference([lower!, upper!], 1)),
      [true, false, false],
    )
  })
})

describe('winsorising', () => {
  const histogram: Histogram = [
    [7, 1],
    [1, 60],
    [2, 39],
  ]

  it('caps what lies above a percentile and keeps the units', () => {
    assert.deepEqual(
      [percentileOf(histogram, 0.6), percentileOf(histogram, 0.61), percentileOf(histogram, 1)],
      [{ value: 1 }, { value: 2 }, { value: 7 }],
    )
    assert.deepEqual(winsorised(histogram, 2), { n: 100, sum: 60 + 80, sumSquares: 60 + 160 })
    assert.deepEqual(winsorised(histogram, 9), { n: 100, sum: 60 + 78 + 7, sumSquares: 60 + 156 + 49 })
  })
})

describe('interaction', () => {
  it('is the difference of two effects, with the error of four means', () => {
    const cell = (mean: number): Moments => ({ n: 100, mean, variance: 4 })
    const { effect, se, n } = known(
      interactionOf({
        controlControl: cell(1),
        controlTreatment: cell(2),
        treatmentControl: cell(4),
        treatmentTreatment: cell(8),
      }),
    )
    assert.deepEqual([effect, se, n], [3, 0.4, 400])
  })
})
