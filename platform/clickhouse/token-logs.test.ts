import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { wholeRecords } from './token-logs.ts'

const add = (n: number): string => `1\t202611_${n}_${n}_0\t202611_${n}77_${n}99\n`

describe('a log of tokens', () => {
  it('that is whole stays as it is', () => {
    assert.equal(wholeRecords(''), '')
    assert.equal(wholeRecords(add(1) + '2\tall_1_1_0\tall_5_6\n' + add(2)), add(1) + '2\tall_1_1_0\tall_5_6\n' + add(2))
  })

  it('loses half a record, and keeps every whole one behind it', () => {
    const whole = fc.array(fc.nat(9_999).map(add), { minLength: 1, maxLength: 8 })
    const torn = fc.tuple(fc.nat(9_999), fc.nat()).map(([n, cut]) => add(n).slice(0, cut % add(n).length))
    fc.assert(
      fc.property(whole, torn, whole, (before, half, after) => {
        const mended = wholeRecords(before.join('') + half + after.join(''))
        assert.equal(mended, [...before, ...after].join(''))
        assert.equal(wholeRecords(before.join('') + half), before.join(''))
        assert.equal(wholeRecords(mended), mended)
      }),
    )
  })
})
