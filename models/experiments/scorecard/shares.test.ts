import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { experiment } from './fixture.ts'
import { keptShares } from './even.ts'
import { lateness, sampleRatio, sampleRatioBy } from './health.ts'

describe('the shares of the arms', () => {
  it('alert when exposures of one arm come late', () => {
    const arm = (variation: number, late: number) => ({ variation, units: 10_000, late })
    assert.deepEqual(
      [lateness([arm(0, 100), arm(1, 104)]).alert, lateness([arm(0, 100), arm(1, 300)]).alert, lateness([]).alert],
      [false, true, false],
    )
  })

  const count = (variation: number, units: number, value = '', phase = 0) => ({
    phase,
    variation,
    units,
    multiple: 0,
    value,
  })
  it('alert on evidence and size together, and on any leak', () => {
    assert.equal(sampleRatio(experiment(), [count(0, 50_000), count(1, 50_200)]).alert, false)
    assert.equal(sampleRatio(experiment(), [count(0, 50_000), count(1, 52_000)]).alert, true)
    const off = experiment({ phases: [{ phase: 0, from: 0, weights: [1, 0] }] })
    assert.deepEqual(
      [sampleRatio(off, [count(0, 500)]).alert, sampleRatio(off, [count(0, 500), count(1, 1)]).leaked],
      [false, 1],
    )
  })
  it('find the country that is wrong', () => {
    const { values, alert } = sampleRatioBy(experiment(), [
      count(0, 9_000, 'DE'),
      count(1, 9_000, 'DE'),
      count(0, 9_000, 'FR'),
      count(1, 7_500, 'FR'),
    ])
    assert.deepEqual([values[0]!.value, alert], ['FR', true])
  })
  it('are made equal by hash where weights are not', () => {
    assert.deepEqual(
      keptShares([0.9, 0.1]).map((share) => Math.round(share * 1e6)),
      [111_111, 1_000_000],
    )
    assert.deepEqual(keptShares([0.5, 0.5, 0]), [1, 1, 1])
  })
})
