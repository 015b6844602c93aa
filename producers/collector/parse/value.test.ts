import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { skipValue } from './scan.ts'
import { ValueReader, type JsonValue } from './value.ts'

const reader = new ValueReader()
const read = (text: string): JsonValue | undefined => {
  const src = Buffer.from(text)
  const value = reader.read(src, 0, src.length)
  return reader.after === src.length ? value : undefined
}
/** Objects as maps, deeply: what the reader gives. */
const mapped = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(mapped)
  return typeof value === 'object' && value !== null
    ? new Map(Object.entries(value).map(([name, item]) => [name, mapped(item)]))
    : value
}

describe('JSON values', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.nat(2), (value, indent) => {
        const plain: unknown = JSON.parse(JSON.stringify(value))
        assert.deepEqual(read(JSON.stringify(plain, null, indent)), mapped(plain))
      }),
    )
  })

  it('keep names apart that JSON.parse of V8 confuses (nodejs/node#63785)', () => {
    read('{"a":1,"\\\\":1}')
    assert.deepEqual(
      read('{"a":1,"\\n":1}'),
      new Map([
        ['a', 1],
        ['\n', 1],
      ]),
    )
  })

  it('are none where JSON.parse finds none, and none is skipped that cannot be read', () => {
    const text = fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '"',
          '"a"',
          '1',
          '-',
          '.5',
          'e',
          'true',
          'null',
          ' ',
          '\\',
          '\\u00e9',
          '\n',
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (json) => {
        let parses = true
        try {
          JSON.parse(json.trim())
        } catch {
          parses = false
        }
        const src = Buffer.from(json.trim())
        if (parses) assert.equal(skipValue(src, 0, src.length), src.length)
        else assert.equal(read(json.trim()), undefined)
      }),
      { numRuns: 5_000 },
    )
  })

  it('do not nest for ever', () => {
    assert.equal(read('['.repeat(100_000)), undefined)
    assert.equal(skipValue(Buffer.from('['.repeat(100_000)), 0, 100_000), -1)
  })

  it('name nothing twice', () => assert.equal(read('{"a":1,"\\u0061":2}'), undefined))
})
