import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded } from '../../../platform/random.ts'
import {
  anytime,
  anytimeMultiplier,
  effectOf,
  isComputed,
  momentsOf,
  tInterval,
  tLogE,
  tMultiplier,
  welch,
  type Plan,
  type Side,
  type Sums,
} from './index.ts'

const PLAN: Plan = { alpha: 0.05, plannedUnits: 5_000 }
const near = (seen: number, wanted: number, error: number): void =>
  assert.ok(Math.abs(seen - wanted) <= error, `${seen}, wanted ${wanted}`)

describe('anytime intervals', () => {
  it('cost what theory says: least near the planned units', () => {
    // Computed apart from the same formula with ρ = 0.0398401.
    for (const [n, multiplier] of [
      [100, 6.694],
      [1_000, 3.364],
      [5_000, 3.035],
      [50_000, 3.242],
      [1e6, 3.657],
      [1e8, 4.239],
    ] as const)
      near(anytimeMultiplier(n, PLAN), multiplier, 6e-4)
  })

  it('exclude no effect exactly where the evidence reaches 1/alpha, on either side and on both', () =>
    fc.assert(
      fc.property(
        fc.constantFrom<Side>('both', 'greater', 'lesser'),
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.integer({ min: 100, max: 1e7 }),
        (side, z, n) => {
          const {
            interval: [lower, upper],
            p,
            logE,
          } = anytime({ effect: z, se: 1, df: n, n }, PLAN, side)
          const isOut = lower > 0 || upper < 0
          if (Math.abs(logE + Math.log(PLAN.alpha)) > 1e-9) assert.equal(logE > -Math.log(PLAN.alpha), isOut)
          assert.ok(p >= 0 && p <= 1)
        },
      ),
    ))

  it('reject the truth in few runs however often they are looked at, unlike a plain test', () => {
    const random = seeded(11)
    const [runs, looks, step] = [400, 60, 40]
    let [wrong, peeked] = [0, 0]
    for (let run = 0; run < runs; run++) {
      const arms: Sums[] = [
        { n: 0, sum: 0, sumSquares: 0 },
        { n: 0, sum: 0, sumSquares: 0 },
      ]
      let [isOut, isPlainOut] = [false, false]
      for (let look = 0; look < looks; look++) {
        for (let unit = 0; unit < step * 2; unit++) {
          const y = random.normal()
          const { n, sum, sumSquares } = arms[unit % 2]!
          arms[unit % 2] = { n: n + 1, sum: sum + y, sumSquares: sumSquares + y * y }
        }
        const [control, treatment] = arms.map(momentsOf)
        if (control === undefined || treatment === undefined || !isComputed(control) || !isComputed(treatment)) continue
        const effect = effectOf(control, treatment, 'absolute')
        if (!isComputed(effect) || effect.n < 200) continue
        isOut ||= anytime(effect, PLAN).p <= PLAN.alpha
        isPlainOut ||= welch(effect, PLAN.alpha).p <= PLAN.alpha
      }
      wrong += Number(isOut)
      peeked += Number(isPlainOut)
    }
    assert.ok(wrong / runs <= 0.05, `${wrong} of ${runs}`)
    assert.ok(peeked / runs >= 0.2, `${peeked} of ${runs}`)
  })
})

describe('the exact form for regressions', () => {
  it('is the asymptotic one where there are many observations', () => {
    const log = -2 * Math.log(PLAN.alpha)
    const g = PLAN.plannedUnits / (log + Math.log1p(log))
    for (const n of [1e6, 1e8]) near(tMultiplier(n, 1, g, PLAN.alpha), anytimeMultiplier(n, PLAN), 1e-3)
  })

  it('excludes 0 where its evidence reaches 1/alpha, and nothing while it can exclude nothing', () => {
    for (const n of [50, 500, 50_000]) {
      const multiplier = tMultiplier(n, 1, 100, 0.05)
      near(tLogE({ estimate: multiplier, se: 1, n, others: 1 }, 100), Math.log(20), 1e-8)
    }
    assert.deepEqual(tInterval({ estimate: 1, se: 1, n: 3, others: 1 }, 100, 0.05), [-Infinity, Infinity])
  })
})
