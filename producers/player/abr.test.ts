import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Adaptation, bbaRule, bolaRule, Throughput, throughputRule } from './abr.ts'

const KBPS = [300, 700, 1500, 3000, 6000]

describe('bbaRule', () => {
  it('gives the bottom in the reservoir and the top in the upper reservoir', () => {
    assert.equal(bbaRule(KBPS, 4, 11_000, 30_000), 0)
    assert.equal(bbaRule(KBPS, 0, 27_000, 30_000), 4)
  })
  it('stays until the map crosses a neighbour', () => {
    // 15.75 s of 30 s is a share of 0.286 of the cushion: 1,929 kbit/s, between 1,500 and 3,000.
    assert.equal(bbaRule(KBPS, 2, 15_750, 30_000), 2)
    assert.equal(bbaRule(KBPS, 3, 15_750, 30_000), 3)
    assert.equal(bbaRule(KBPS, 1, 15_750, 30_000), 2)
  })
})

describe('bolaRule', () => {
  it('rises with the buffer and reaches both ends', () => {
    const choices = Array.from({ length: 31 }, (_, s) => bolaRule(KBPS, 30_000)(s * 1000))
    assert.deepEqual(
      choices,
      choices.toSorted((a, b) => a - b),
    )
    assert.deepEqual([choices[0], choices.at(-1)], [0, 4])
  })
})

describe('throughput', () => {
  it('is the lesser of a fast and a slow average, and the first sample counts in full', () => {
    const throughput = new Throughput(500)
    assert.equal(throughput.kbps, 500)
    throughput.add(250_000, 1_000)
    assert.ok(Math.abs(throughput.kbps - 2_000) < 1e-6)
    throughput.add(25_000, 1_000)
    assert.ok(throughput.kbps < 1_150)
  })
  it('trusts nine tenths of it', () =>
    assert.deepEqual([throughputRule(KBPS, 3_334), throughputRule(KBPS, 3_330)], [3, 2]))
})

describe('the start phase', () => {
  it('follows throughput until the buffer rule would choose higher, then never again', () => {
    const adaptation = new Adaptation('bba', KBPS, 30_000)
    assert.equal(adaptation.choose(0, 0, 2_000), 2)
    assert.equal(adaptation.choose(2, 25_000, 3_000), 3)
    assert.equal(adaptation.choose(3, 5_000, 9_000), 0)
    assert.equal(adaptation.choose(0, 25_000, 1_500), 2, 'climbs no higher than the throughput sustains')
    adaptation.restart()
    assert.equal(adaptation.choose(0, 5_000, 9_000), 4)
  })
})
