import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { after, readLong } from '../../platform/varint.ts'
import { hash64, writeDouble, writeSlice, writeText } from './wire.ts'

describe('strings and doubles', () => {
  it('carry their length, short or long', () => {
    for (const text of ['', 'abc', 'x'.repeat(47), 'x'.repeat(500), 'größe 日本']) {
      const out = Buffer.alloc(2_000)
      const source = Buffer.from(`..${text}..`)
      const end = writeSlice(out, 0, source, 2, source.length - 2)
      const again = Buffer.alloc(2_000)
      assert.equal(writeText(again, 0, text), end)
      assert.deepEqual(out, again)
      assert.equal(readLong(out, 0, end), Buffer.byteLength(text))
      assert.equal(out.toString('utf8', after, end), text)
    }
  })

  it('doubles are little endian', () => {
    const out = Buffer.alloc(8)
    writeDouble(out, 0, Math.PI)
    assert.equal(out.readDoubleLE(0), Math.PI)
  })
})

describe('the payload hash', () => {
  const hashOf = (bytes: Uint8Array): string => {
    const halves = new Uint32Array(2)
    hash64(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length, halves)
    return halves.join('-')
  }

  it('tells apart what differs in one bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), (bytes, bit) => {
        const other = Uint8Array.from(bytes)
        const at = bit % (bytes.length * 8)
        other[at >> 3]! ^= 1 << (at & 7)
        assert.notEqual(hashOf(other), hashOf(bytes))
      }),
      { numRuns: 2_000 },
    )
  })

  it('spreads counters evenly: 100,000 payloads, no two alike', () => {
    const seen = new Set(Array.from({ length: 100_000 }, (_, i) => hashOf(Buffer.from(`session-${i % 100} seq ${i}`))))
    assert.equal(seen.size, 100_000)
  })
})
