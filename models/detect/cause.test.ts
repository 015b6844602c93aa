import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { causesOfChange, describeCause, type MinuteCell } from './index.ts'
import { emptyCell } from './samples.ts'

const METRIC = 'start_failure_rate:technical'
type Values = Pick<MinuteCell, 'asn' | 'oca' | 'device' | 'app_version'>

/** ISPs 1 to 3 use three OCAs, each another one mostly. */
const USE: readonly Values[] = [1, 2, 3].flatMap((asn) =>
  ['x', 'y', 'z'].flatMap((oca, o) =>
    ['tv', 'phone'].flatMap((device) =>
      ['1.0', '2.0'].flatMap((app_version) =>
        Array.from({ length: o === asn - 1 ? 7 : 2 }, () => ({ asn, oca, device, app_version })),
      ),
    ),
  ),
)
const cells = (failed: (values: Values) => number): MinuteCell[] =>
  USE.map((values) => ({ ...emptyCell({ country: 'DE', ...values }), attempts: 50, vsf_technical: failed(values) }))
const before = Array.from({ length: 10 }, (_, i) => cells(() => Number(i % 2 === 0))).flat()
const best = (bad: (values: Values) => boolean): string =>
  describeCause(
    causesOfChange(
      before,
      cells((values) => (bad(values) ? 10 : 0)),
      METRIC,
    )[0]!.cause,
  )

describe('the search for a cause', () => {
  it('names the ISP, not the OCA that it uses most', () =>
    assert.equal(
      best(({ asn }) => asn === 1),
      'asn 1',
    ))
  it('names the OCA that serves several ISPs, not one of these', () =>
    assert.equal(
      best(({ oca }) => oca === 'x'),
      'oca x',
    ))
  it('names a version, and a pair only where the pair is the cause', () => {
    assert.equal(
      best(({ app_version }) => app_version === '2.0'),
      'app_version 2.0',
    )
    assert.equal(
      best(({ app_version, device }) => app_version === '2.0' && device === 'tv'),
      'app_version 2.0, device tv',
    )
    assert.equal(
      best(({ asn, oca }) => asn === 1 && oca === 'x'),
      'asn 1, oca x',
    )
  })
  it('names everything when everything is worse', () =>
    assert.equal(
      best(() => true),
      'everything',
    ))
  it('names nothing when nothing is, or the metric is unknown', () => {
    assert.deepEqual(
      causesOfChange(
        before,
        cells(() => 0),
        METRIC,
      ),
      [],
    )
    assert.deepEqual(causesOfChange(before, before, 'no such metric'), [])
  })

  it('tells how much a cause explains, inside and outside of it', () => {
    const [first] = causesOfChange(
      before,
      cells(({ asn }) => (asn === 1 ? 10 : 1)),
      METRIC,
    )
    assert.ok(first!.share > 0.7 && first!.inside > 10 && first!.outside < 3 && first!.excess > 0)
    assert.equal(first!.events, 10 * USE.filter(({ asn }) => asn === 1).length)
  })

  it('does not depend on the order of cells', () => {
    const now = cells(({ asn, device }) => (asn === 2 ? 6 : device === 'tv' ? 2 : 0))
    const plain = causesOfChange(before, now, METRIC)
    fc.assert(
      fc.property(fc.shuffledSubarray(now, { minLength: now.length }), (shuffled) =>
        assert.deepEqual(causesOfChange(before, shuffled, METRIC), plain),
      ),
      { numRuns: 20 },
    )
  })
})
