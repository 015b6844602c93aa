import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bucketOf, mergeHistograms, quantileOf } from './sketch.ts'

const values = fc.array(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), { minLength: 1, maxLength: 300 })
const histogram = (of: readonly number[]): Map<number, number> =>
  new Map([...Map.groupBy(of, (value) => bucketOf(value))].map(([bucket, own]) => [bucket, own.length] as const))

describe('a histogram of whole numbers', () => {
  it('has quantiles within half a percent', () =>
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (of, percent) => {
        const exact = of.toSorted((a, b) => a - b)[Math.ceil((percent / 100) * of.length) - 1]!
        assert.ok(Math.abs(quantileOf(histogram(of), percent / 100)! - exact) <= Math.abs(exact) * 0.005)
      }),
    ))

  it('merges exactly, in any order', () =>
    fc.assert(
      fc.property(values, values, (a, b) => {
        assert.deepEqual(mergeHistograms([histogram(a), histogram(b)]), histogram([...b, ...a]))
        assert.deepEqual(mergeHistograms([histogram(b), histogram(a)]), histogram([...a, ...b]))
      }),
    ))

  it('says nothing of nothing', () => assert.equal(quantileOf([], 0.5), null))
})
