import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { emptyDetector, type DetectorState } from './detector.ts'
import { cameFrom } from './displaced.ts'
import { leafKey } from './cells.ts'
import { CONCURRENT, emptyTally, METRICS } from './metrics.ts'

const SLOW = METRICS.findIndex(({ name }) => name === 'slow_start_rate:3s')
const leaf = (oca: string, plays: number, slow = 0): readonly [string, number[]] => {
  const tally = emptyTally()
  tally[2 * SLOW] = slow
  tally[2 * SLOW + 1] = plays
  tally[CONCURRENT] = plays * 10
  return [leafKey(['7', oca, '1.0', 'tv', 'DE']), tally]
}
/** Two OCAs share the clients half and half; `now` is what the open minute has. */
const state = (...now: (readonly [string, number[]])[]): DetectorState => ({
  ...emptyDetector(),
  dispersion: METRICS.map(() => 1),
  history: Object.fromEntries([leaf('x', 1_000), leaf('y', 1_000)]),
  open: [{ minute: 0, leaves: Object.fromEntries(now) }],
})
const came = (detector: DetectorState, to: object = { oca: 'y' }, from: object = { oca: 'x' }): boolean =>
  cameFrom(detector, from, to, [SLOW], 0)

describe('sessions driven elsewhere', () => {
  it('explain as many that were hit as came, from where as many left', () =>
    assert.equal(came(state(leaf('x', 0), leaf('y', 200, 95))), true))
  it('explain no neighbour that is ill itself: more were hit than came', () =>
    assert.equal(came(state(leaf('x', 0), leaf('y', 200, 150))), false))
  it('explain nothing where nobody came, or nobody left', () => {
    assert.equal(came(state(leaf('x', 100), leaf('y', 100, 60))), false)
    assert.equal(came(state(leaf('x', 100), leaf('y', 200, 95))), false)
  })
  it('come to other OCAs only: the rest of a session stays what it is', () =>
    assert.equal(came(state(leaf('x', 0), leaf('y', 200, 95)), { asn: '7' }), false))
})
