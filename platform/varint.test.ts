import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import {
  after,
  longBytes,
  MAX_LONG_BYTES,
  readLong,
  readUnsigned,
  skipNumber,
  writeLong,
  writeUint32,
} from './varint.ts'

/** The encoding as the specification words it, on big integers. */
function unsigned(value: bigint): Buffer {
  const bytes: number[] = []
  for (; value > 0x7fn; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(value)])
}
const zigzag = (value: number): Buffer => unsigned(value >= 0 ? BigInt(value) * 2n : BigInt(-value) * 2n - 1n)
const written = (value: number): Buffer => {
  const target = Buffer.alloc(MAX_LONG_BYTES)
  return target.subarray(0, writeLong(target, 0, value))
}

const ENDS = [0, 63, 64, 2 ** 30 - 1, 2 ** 30, 2 ** 31, 2 ** 34, 2 ** 52, 2 ** 52 + 1, Number.MAX_SAFE_INTEGER]
const longs = fc.oneof(
  fc.constantFrom(...ENDS, ...ENDS.map((end) => 0 - end), ...ENDS.map((end) => -end - 1).slice(0, -1)),
  fc.integer(),
  fc.maxSafeInteger(),
)

describe('longs', () => {
  it('are written as the specification says, and read back, to the ends of the safe integers', () => {
    fc.assert(
      fc.property(longs, (value) => {
        const out = Buffer.alloc(12)
        const end = writeLong(out, 1, value)
        assert.deepEqual(out.subarray(1, end), zigzag(value))
        assert.equal(readLong(out, 1, end), value)
        assert.equal(after, end)
        assert.equal(skipNumber(out, 1), end)
        assert.equal(longBytes(value), end - 1)
        assert.equal(writeLong(out.subarray(0, 0), 0, value), end - 1, 'past the end of the target it only counts')
      }),
      { numRuns: 2_000 },
    )
  })

  it('are the bytes that the library writes', () => {
    const library = avsc.Type.forSchema('long')
    fc.assert(
      // The library is exact to 2^52.
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 52), max: 2 ** 52 })), (value) =>
        assert.deepEqual(written(value), library.toBuffer(value)),
      ),
      { numRuns: 500 },
    )
  })

  it('that break off or never end are no numbers', () => {
    for (const read of [readLong, readUnsigned]) {
      assert.ok(Number.isNaN(read(Buffer.from([0x80]), 0, 1)))
      assert.ok(Number.isNaN(read(Buffer.from([0x80, 1]), 0, 1)))
      assert.ok(Number.isNaN(read(Buffer.alloc(0), 0, 0)))
      assert.ok(Number.isNaN(read(Buffer.alloc(20, 0xff), 0, 20)))
    }
  })

  it('past the safe integers are out of range, never another number', () => {
    for (const value of [2n ** 63n - 1n, 2n ** 60n, -(2n ** 63n)]) {
      const bytes = unsigned(value >= 0n ? value * 2n : -value * 2n - 1n)
      assert.ok(Math.abs(readLong(bytes, 0, bytes.length)) > Number.MAX_SAFE_INTEGER)
    }
  })
})

describe('unsigned numbers', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs)), (value) => {
        const bytes = unsigned(BigInt(value))
        assert.equal(readUnsigned(bytes, 0, bytes.length), value)
        assert.equal(after, bytes.length)
        if (value >= 2 ** 32) return
        const out = Buffer.alloc(5)
        assert.deepEqual(out.subarray(0, writeUint32(out, 0, value)), bytes)
      }),
      { numRuns: 1_000 },
    )
  })
})
