import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded } from '../../../platform/random.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'
import type { SumsRow } from '../scorecard/index.ts'
import { banditEstimate, banditStanding, chancesOfBest, nextWeights, type BanditPhase } from './index.ts'

const PLAN = { alpha: 0.05, plannedUnits: 5_000 }
const arm = (n: number, mean: number, variance = 1) => ({ n, mean, variance })
const phase = (...arms: BanditPhase['arms'][number][]): BanditPhase => ({ arms })
const near = (a: number, b: number, within = 1e-9): void => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('arms whose weights follow their results', () => {
  it('are compared within phases: a good day is no good arm', () => {
    // On the good day nearly all units go to the treatment, which is worth exactly as much as the control.
    const found = banditEstimate([phase(arm(900, 1), arm(100, 1)), phase(arm(100, 2), arm(900, 2))], PLAN)!
    near(found.arms[1]!.effect!.effect, 0)
    near(found.arms[0]!.estimate.mean, 1.5)
  })

  it('are weighed by all units of a phase, not by those of the pair', () => {
    const found = banditEstimate(
      [phase(arm(100, 0), arm(100, 1), arm(800, 0)), phase(arm(450, 0), arm(450, 0), arm(100, 0))],
      PLAN,
    )!
    near(found.arms[1]!.effect!.effect, 0.5)
    const [low, high] = found.arms[1]!.effect!.interval
    assert.ok(low < 0.5 && high > 0.5)
  })

  it('leave out a phase that does not tell of every arm, and say so', () => {
    const found = banditEstimate([phase(arm(100, 0), arm(9, 50)), phase(arm(100, 0), arm(100, 1))], PLAN)!
    assert.deepEqual([found.leftOut, found.arms[1]!.effect!.effect], [1, 1])
    assert.equal(banditEstimate([phase(arm(100, 0), arm(9, 50))], PLAN), undefined)
  })

  it('have chances that sum to one, and are those of draws', () => {
    const arms = [arm(1, 0, 1), arm(1, 0.5, 0.5), arm(1, -1, 4)].map(({ mean, variance }) => ({ mean, variance }))
    const [random, wins] = [seeded('chances'), [0, 0, 0]]
    for (let draw = 0; draw < 100_000; draw++) {
      const values = arms.map(({ mean, variance }) => mean + Math.sqrt(variance) * random.normal())
      wins[values.indexOf(Math.max(...values))]! += 1e-5
    }
    const chances = chancesOfBest(arms)
    near(sum(chances), 1)
    chances.forEach((chance, at) => near(chance, wins[at]!, 0.006))
    near(chancesOfBest([arms[0]!, arms[0]!])[0]!, 0.5)
    assert.ok(chancesOfBest(arms, 'down')[2]! > 0.5)
  })

  it('get weights that sum to one, none below the least, the likelier the more', () => {
    const means = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(means, (values) => {
        const chances = chancesOfBest(values.map((mean) => ({ mean, variance: 1 })))
        const weights = nextWeights(chances, 0.05)
        near(sum(weights), 1)
        assert.ok(weights.every((weight) => weight >= 0.05))
        const best = chances.indexOf(Math.max(...chances))
        assert.ok(weights.every((weight) => weight <= weights[best]! + 1e-9))
      }),
    )
  })

  it('stand by a ratio too: units with many sessions are one unit', () => {
    const metric = { id: 'stalls', version: 1, kind: 'ratio', better: 'down' } as MetricDefinition
    const experiment = {
      ...{ alpha: 0.05, plannedUnits: 1_000, variations: [{ key: 'a' }, { key: 'b' }] },
      phases: [{ phase: 0, weights: [0.5, 0.5] }],
    } as unknown as RegisteredExperiment
    // Half of the units have a rate of 0 over one session, half one of `rate` over three.
    const row = (variation: number, rate: number) =>
      ({
        ...{ metric: 'stalls@1', phase: 0, variation, seen: 0, closed: 1, value: '', step: 0 },
        ...{ n: 100, y: 50 * 3 * rate, yy: 50 * (3 * rate) ** 2, d: 200, dd: 50 + 50 * 9, yd: 50 * 9 * rate },
      }) as unknown as SumsRow
    const { arms, next } = banditStanding(experiment, metric, [row(0, 0.4), row(1, 0.2)])
    assert.deepEqual(
      arms.map(({ mean }) => mean!.toFixed(3)),
      ['0.300', '0.150'],
    )
    assert.ok(arms[1]!.chanceOfBest! > 0.99 && next![1]! > next![0]!)
    assert.ok(arms[1]!.interval![1] < 0)
  })
})
