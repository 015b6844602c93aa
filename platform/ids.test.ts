import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ID_BYTES, formatUuid, nameUuid, parseUuid, uuidV7, writeUuidText } from './ids.ts'
import { seeded } from './random.ts'

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-([89ab])[0-9a-f]{3}-[0-9a-f]{12}$/
const ids = fc.uint8Array({ minLength: ID_BYTES, maxLength: ID_BYTES })

describe('event identities', () => {
  it('a version 7 id begins with its time and says its version', () => {
    const random = seeded(1)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (now) => {
        const text = formatUuid(uuidV7(now, random))
        assert.equal(FORM.exec(text)?.[1], '7')
        assert.equal(parseInt(text.replaceAll('-', '').slice(0, 12), 16), now)
      }),
    )
  })

  it('version 7 ids of one instant differ in every random bit', () => {
    const random = seeded(2)
    const [ones, zeros] = [new Uint8Array(ID_BYTES), new Uint8Array(ID_BYTES)]
    const seen = new Set<string>()
    for (let n = 0; n < 2_000; n++) {
      const id = uuidV7(0, random)
      id.forEach((byte, i) => {
        ones[i]! |= byte
        zeros[i]! |= ~byte
      })
      seen.add(formatUuid(id))
    }
    assert.equal(seen.size, 2_000)
    assert.equal(formatUuid(ones.map((byte, i) => byte & zeros[i]!)), '00000000-0000-0fff-3fff-ffffffffffff')
  })

  it('a name always has the same id, and another name another', () => {
    assert.equal(formatUuid(nameUuid('ml-1m', '1')), formatUuid(nameUuid('ml-1m', '1')))
    assert.notEqual(formatUuid(nameUuid('ml-1m', '1')), formatUuid(nameUuid('ml-1m', '2')))
    assert.notEqual(formatUuid(nameUuid('ab', 'c')), formatUuid(nameUuid('a', 'bc')))
    assert.equal(FORM.exec(formatUuid(nameUuid('ml-1m', '1')))?.[1], '8')
  })

  it('text and bytes are one another, with and without dashes, in either case', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const text = formatUuid(id)
        assert.deepEqual(parseUuid(text), id)
        assert.deepEqual(parseUuid(text.replaceAll('-', '').toUpperCase()), id)
        const out = new Uint8Array(40)
        writeUuidText(id, 0, out, 2)
        assert.equal(Buffer.from(out.subarray(2, 38)).toString('latin1'), text)
      }),
    )
  })

  it('takes nothing else for an id', () => {
    const right = '0192f0c1-9c2b-7abc-8def-0123456789ab'
    assert.ok(parseUuid(right))
    for (const wrong of [
      '',
      right.slice(1),
      `${right}0`,
      right.replace('9', 'g'),
      right.replace('-', '0'),
      `0${right.slice(0, 35)}`,
      'x'.repeat(32),
    ]) {
      assert.equal(parseUuid(wrong), undefined, wrong)
    }
  })
})
