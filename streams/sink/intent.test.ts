import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeIntent, encodeIntent } from './intent.ts'

describe('the intent in the commit metadata', () => {
  it('is read back as it was written, and fits the 4,096 bytes that a broker keeps', () => {
    const offset = fc.nat(2 ** 50)
    fc.assert(
      fc.property(offset, fc.nat(65_536), fc.array(fc.nat(2 ** 31), { maxLength: 64 }), (start, length, unknown) => {
        const intent = { start, end: start + length, unknown }
        const metadata = encodeIntent(intent)
        assert.ok(metadata.length < 4_096)
        assert.deepEqual(decodeIntent(metadata), { kind: 'intent', intent })
      }),
    )
  })

  it('nothing is nothing', () => {
    assert.deepEqual(decodeIntent(''), { kind: 'none' })
  })

  it('what another version or another program wrote is never taken for nothing', () => {
    for (const metadata of [
      '{"v":2,"s":1,"e":2}',
      '{"v":1,"s":5,"e":2}',
      '{"v":1,"s":-1,"e":2}',
      'hello',
      '{}',
      'null',
      '{"v":1,"s":1,"e":2,"u":["x"]}',
    ]) {
      assert.deepEqual(decodeIntent(metadata), { kind: 'foreign', metadata })
    }
  })
})
