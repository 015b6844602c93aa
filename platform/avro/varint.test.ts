import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { longBytes, MAX_LONG_BYTES, readLong, writeLong } from './varint.ts'

const LONG = avsc.Type.forSchema('long')
/** The library is exact to 2^52. */
const long = fc.oneof(
  fc.integer(),
  fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  fc.constantFrom(0, -1, 63, 64, -64, -65, 2 ** 30, -(2 ** 30), -(2 ** 30) - 1, 2 ** 31, 2 ** 52, -(2 ** 52)),
)

describe('longs', () => {
  it('are the bytes that the library writes', () => {
    fc.assert(
      fc.property(long, (value) => {
        const target = Buffer.alloc(MAX_LONG_BYTES)
        const written = target.subarray(0, writeLong(target, 0, value))
        assert.deepEqual(written, LONG.toBuffer(value))
        assert.equal(longBytes(value), written.length)
        assert.deepEqual(readLong(written, 0), { value, next: written.length })
      }),
      { numRuns: 500 },
    )
  })

  it('are exact to the ends of the safe range', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const target = Buffer.alloc(MAX_LONG_BYTES)
        assert.deepEqual(readLong(target.subarray(0, writeLong(target, 0, value)), 0), {
          value,
          next: longBytes(value),
        })
      }),
    )
  })

  it('reach the ends of the safe range', () => {
    for (const value of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      const target = Buffer.alloc(MAX_LONG_BYTES)
      assert.equal(readLong(target.subarray(0, writeLong(target, 0, value)), 0).value, value)
    }
  })

  it('that do not end are refused', () => {
    assert.throws(() => readLong(Buffer.from([0x80]), 0), RangeError)
    assert.throws(() => readLong(Buffer.alloc(20, 0xff), 0), RangeError)
  })
})
