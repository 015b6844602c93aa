import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decimal } from './encode.ts'

describe('decimals (RFC 8941, 4.1.5)', () => {
  it('are rounded to three digits, half to even', () => {
    for (const [value, text] of [
      [0.0025, '0.002'],
      [0.0035, '0.004'],
      [0.00251, '0.003'],
      [9.9995, '10.0'],
      [-1.0005, '-1.0'],
      [-0.0004, '0.0'],
      [1e-7, '0.0'],
      [1.5, '1.5'],
      [3, '3.0'],
      [999_999_999_999.999, '999999999999.999'],
    ] as const)
      assert.equal(decimal(value), text)
  })

  it('are refused with more than twelve digits before the point, and where they are no number', () => {
    for (const value of [1e12 + 0.1, -1e12, 999_999_999_999.9999, 1e21, Infinity, NaN])
      assert.throws(() => decimal(value), RangeError, String(value))
  })

  it('of three digits or fewer stay what they are', () =>
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999, max: 999_999_999 }), (thousandths) =>
        assert.equal(Number(decimal(thousandths / 1_000)), thousandths / 1_000),
      ),
    ))
})
