import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../../platform/random.ts'
import {
  bernoulliSequence,
  effectOf,
  isComputed,
  isDistributionDifferent,
  lilBand,
  neighbours,
  quantileDifferenceBand,
  quantileDifferenceLogE,
  quantileLevels,
  quantileOf,
  type Distribution,
} from './index.ts'

const random = seeded(8)
const exponential = (n: number, scale = 1): number[] =>
  Array.from({ length: n }, () => -scale * Math.log(1 - random.next())).sort((a, b) => a - b)
const at = (sorted: readonly number[], level: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(level * sorted.length) - 1))]!
const distribution = (sorted: readonly number[]): Distribution => ({
  n: sorted.length,
  quantile: (level) => at(sorted, level),
})
const LEVELS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100)
const PLAN = { alpha: 0.05, tMin: 100 }

describe('quantile bands', () => {
  it('are as wide as published: little is finite before some thousand units', () => {
    const radius = lilBand(0.025, 100)
    for (const [t, width] of [
      [2_000, 0.06],
      [10_000, 0.027],
      [50_000, 0.012],
    ] as const)
      assert.ok(Math.abs(radius(t) - width) < 1e-3, `${radius(t)}`)
    assert.equal(radius(99), Infinity)
  })

  it('hold the truth at all levels at once, and see a shift where there is one', () => {
    let misses = 0
    for (let run = 0; run < 100; run++) {
      const band = quantileDifferenceBand(
        distribution(exponential(2_000)),
        distribution(exponential(2_000)),
        PLAN,
        LEVELS,
      )
      misses += Number(band.some(([lower, upper]) => lower > 0 || upper < 0))
    }
    assert.ok(misses <= 5, `${misses} of 100`)
    const [control, treatment] = [exponential(20_000), exponential(20_000, 1.3)]
    const band = quantileDifferenceBand(distribution(control), distribution(treatment), PLAN, LEVELS)
    assert.ok(band[49]![0] > 0 && band[98]![1] === Infinity)
    assert.ok(isDistributionDifferent(0.1, 20_000, 20_000, PLAN) && !isDistributionDifferent(0.1, 2_000, 2_000, PLAN))
  })
})

describe('one quantile at any time', () => {
  it('lies between levels that close in, and are open while there is too little', () => {
    const plan = { t: 1_000, alpha: 0.05 }
    const [low, high] = quantileLevels(0.9, 10_000, 0.05, plan)
    assert.ok(low > 0.88 && low < 0.9 && high > 0.9 && high < 0.92)
    assert.equal(quantileLevels(0.9, 20, 0.05, plan)[1], Infinity)
    // The same question from the other end: a share of 0.9 seen of 10,000.
    const [lower, upper] = bernoulliSequence(9_000, 10_000, 0.05, plan)
    assert.ok(Math.abs(lower - low) < 2e-3 && Math.abs(upper - high) < 2e-3)
  })

  it('has evidence against one common place when the arms differ, and none when they do not', () => {
    const [a, b, c] = [exponential(3_000), exponential(3_000), exponential(3_000, 1.5)]
    assert.ok(quantileDifferenceLogE(a, b, 0.5, { t: 1_000, alpha: 0.05 }) < Math.log(20))
    assert.ok(quantileDifferenceLogE(a, c, 0.5, { t: 1_000, alpha: 0.05 }) > Math.log(20))
    assert.equal(
      quantileDifferenceLogE(a, c, 0.5, { t: 1_000, alpha: 0.05 }),
      quantileDifferenceLogE(c, a, 0.5, { t: 1_000, alpha: 0.05 }),
    )
  })
})

describe('a quantile as a mean', () => {
  const sample = (sorted: readonly number[], level: number) => {
    const [lower, upper] = neighbours(level, sorted.length)
    return {
      n: sorted.length,
      nStar: sorted.length,
      level,
      quantile: at(sorted, level),
      lower: at(sorted, lower),
      upper: at(sorted, upper),
    }
  }

  it('has the error that theory gives, and a cluster of one changes nothing', () => {
    const sorted = exponential(100_000)
    const found = quantileOf(sample(sorted, 0.9))
    assert.ok(isComputed(found))
    // √(p(1 − p)) / density, the density of an exponential at its 90th percentile being 0.1.
    assert.ok(Math.abs(Math.sqrt(found.variance) / 3 - 1) < 0.15, `${Math.sqrt(found.variance)}`)
    const single = {
      units: 100_000,
      below: { mean: 0.9, variance: 0.09 },
      observations: { mean: 1, variance: 0 },
      covariance: 0,
    }
    const clustered = quantileOf({ ...sample(sorted, 0.9), clusters: single })
    assert.ok(isComputed(clustered) && Math.abs(clustered.variance / found.variance - 1) < 1e-12)
    const effect = effectOf(found, clustered, 'absolute')
    assert.ok(isComputed(effect) && effect.effect === 0)
  })

  it('varies as units do, not as rows do, where ten rows of a unit are alike', () => {
    const sorted = exponential(30_000)
    const rows = sorted.flatMap((value) => Array.from({ length: 10 }, () => value))
    const alike = {
      units: 30_000,
      below: { mean: 5, variance: 25 },
      observations: { mean: 10, variance: 0 },
      covariance: 0,
    }
    const [once, tenfold] = [quantileOf(sample(sorted, 0.5)), quantileOf({ ...sample(rows, 0.5), clusters: alike })]
    assert.ok(isComputed(once) && isComputed(tenfold))
    // The density is read off some hundred units, hence the width; rows taken for units would give a tenth.
    const share = tenfold.variance / tenfold.n / (once.variance / once.n)
    assert.ok(share > 0.6 && share < 1.6, `${share}`)
  })
})
