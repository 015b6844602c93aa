import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded } from '../../platform/random.ts'
import { bestGain, grow, isExcess, logOf, NONE, threshold, THETAS } from './evidence.ts'
import { DEFAULTS } from './options.ts'
import { poisson } from './samples.ts'

describe('evidence', () => {
  it('has mean 1 at most for independent lumps, whatever their size up to the dispersion', () => {
    const random = seeded(1)
    for (const most of [1, 4]) {
      const runs = 200_000
      const means = THETAS.slice(0, 2).map(() => 0)
      for (let i = 0; i < runs; i++) {
        let events = 0
        for (let n = poisson(3, random); n > 0; n--) events += most * random.next()
        const logs = grow(NONE, events, 1.5 * most, most)
        means.forEach((_, t) => {
          means[t]! += Math.exp(logs[t]!) / runs
        })
      }
      for (const mean of means) assert.ok(mean <= 1.02, `mean ${mean}`)
    }
  })

  it('raises false alarms no more often than promised, looked at in every part of every minute', () => {
    const random = seeded(2)
    const needed = Math.log(200)
    let [alarms, minutes] = [0, 0]
    for (let logs = NONE; minutes < 40_000; minutes++) {
      let events = 0
      let now = logs
      for (let part = 1; part <= 4; part++) now = grow(logs, (events += poisson(0.5, random)), 0.5 * part, 1)
      logs = now
      if (logOf(logs) >= needed) {
        alarms++
        logs = NONE
      }
    }
    assert.ok(alarms > 0 && alarms <= minutes / 200, `${alarms} alarms`)
  })

  it('grows with events and shrinks with what is explained', () =>
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.double({ min: 0.1, max: 300, noNaN: true }), (a, b, explained) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        assert.ok(logOf(grow(NONE, more, explained, 1)) >= logOf(grow(NONE, less, explained, 1)))
        assert.ok(logOf(grow(NONE, more, explained, 1)) >= logOf(grow(NONE, more, explained + 1, 1)))
        assert.ok(bestGain(more, explained, 1) >= bestGain(less, explained, 1))
        if (isExcess(less, explained, 1)) assert.ok(isExcess(more, explained, 1))
      }),
      { examples: [[300, 0, 299.99999852073876]] },
    ))

  it('asks of all hypotheses together no more false alarms than one budget', () => {
    const { watch } = DEFAULTS
    const perMinute = ([0, 1, 2] as const).reduce<number>(
      (sum, order) => sum + watch.groups[order] * 6 * Math.exp(-threshold(watch, order, 6)),
      0,
    )
    assert.ok(Math.abs(perMinute * 1_440 - watch.falseAlarmsPerDay) < 1e-9)
  })
})
