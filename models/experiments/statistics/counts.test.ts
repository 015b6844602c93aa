import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded } from '../../../platform/random.ts'
import {
  benjaminiHochberg,
  countTest,
  eBenjaminiHochberg,
  evidenceStep,
  holm,
  isComputed,
  logRateRatioInterval,
  NO_COUNTS,
  type CountTest,
} from './index.ts'

const test = (counts: readonly number[], shares: readonly number[]): CountTest => {
  const found = countTest(counts, shares, { k: 100 })
  assert.ok(isComputed(found))
  return found
}

describe('count tests', () => {
  it('are what one update an event gives, in any order', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 300 }), (events) => {
        const shares = [0.5, 0.3, 0.2]
        const counts = [0, 0, 0]
        let logE = 0
        events.forEach((arm, n) => {
          logE += Math.log((100 * shares[arm]! + counts[arm]!) / (100 + n)) - Math.log(shares[arm]!)
          counts[arm]!++
        })
        assert.ok(Math.abs(test(counts, shares).logE - logE) < 1e-9)
      }),
    ))

  it('alarm in few of the runs that are as planned, though each unit is a look', () => {
    const random = seeded(3)
    let alarms = 0
    for (let run = 0; run < 400; run++) {
      const counts: [number, number] = [0, 0]
      let isAlarm = false
      for (let unit = 0; unit < 1_500; unit++) {
        counts[random.next() < 0.2 ? 1 : 0]++
        isAlarm ||= unit % 5 === 0 && test(counts, [0.8, 0.2]).logE >= Math.log(20)
      }
      alarms += Number(isAlarm)
    }
    assert.ok(alarms / 400 <= 0.05, `${alarms} of 400`)
  })

  it('have an interval of the rate ratio that leaves out what the test rejects, and no other', () =>
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(3_000), fc.nat(3_000)).filter(([a, b]) => a + b > 0),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (counts, share) => {
          const [lower, upper] = logRateRatioInterval(counts, [1 - share, share], { k: 100 }, 0.05)
          const { logE } = test(counts, [1 - share, share])
          if (Math.abs(logE - Math.log(20)) > 1e-9) assert.equal(lower > 0 || upper < 0, logE > Math.log(20))
          assert.deepEqual([lower === -Infinity, upper === Infinity], [counts[1] === 0, counts[0] === 0])
        },
      ),
    ))
})

describe('many tests at once', () => {
  const p = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })

  it('never find what a single test would not, Holm no more than Benjamini & Hochberg', () =>
    fc.assert(
      fc.property(p, (values) => {
        const [family, discovery] = [holm(values), benjaminiHochberg(values)]
        values.forEach((value, at) =>
          assert.ok(value <= discovery[at]! + 1e-15 && discovery[at]! <= family[at]! + 1e-15 && family[at]! <= 1),
        )
        for (const [i, a] of values.entries())
          for (const [j, b] of values.entries())
            if (a < b) assert.ok(family[i]! <= family[j]! && discovery[i]! <= discovery[j]!)
      }),
    ))

  it('of e-values are those of Benjamini & Hochberg of 1/e', () =>
    fc.assert(
      fc.property(p, (values) => {
        // Off the edge, where rounding alone decides.
        const adjusted = benjaminiHochberg(values)
        if (adjusted.some((value) => Math.abs(value - 0.1) < 1e-9)) return
        assert.deepEqual(
          eBenjaminiHochberg(
            values.map((value) => -Math.log(value)),
            0.1,
          ),
          adjusted.map((value) => value <= 0.1),
        )
      }),
    ))

  it('event by event is the test of the counts', () => {
    const evidence = NO_COUNTS(3)
    const shares = [0.5, 0.3, 0.2]
    for (let i = 0; i < 5_000; i++) evidenceStep(evidence, [0, 0, 1, 2, 1][i % 5]!, shares, { k: 100 })
    const whole = countTest(evidence.counts, shares, { k: 100 })
    assert.ok('logE' in whole && Math.abs(whole.logE - evidence.logE) < 1e-8)
  })
})
