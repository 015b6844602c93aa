import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeSfDict, SfItem, SfToken } from '@svta/cml-structured-field-values'
import fc from 'fast-check'
import { Decoder } from './decode.ts'
import { isSupported } from './types.ts'

/** The grammar of RFC 8941, where CMCD uses it: values of custom keys, which may have any type but bytes. */
const decoder = new Decoder()
const NAME = 'com.example-key'

/** The value that we read; undefined if the member was left out. */
function ours(value: string): unknown {
  const decoded = decoder.decode(`${NAME}=${value}`)
  assert.ok(isSupported(decoded))
  const found = decoded.custom?.find(({ name }) => name === NAME)
  assert.equal(decoded.ignored > 0, found === undefined, `${value}: what is left out is counted`)
  return found?.value
}

/** The value that the reference library reads; undefined if it refuses, or if no custom key can have it. */
function reference(value: string): unknown {
  try {
    const member = (decodeSfDict(`${NAME}=${value}`) as Record<string, SfItem>)[NAME]
    const bare: unknown = member instanceof SfItem ? member.value : member
    if (bare instanceof SfToken) return bare.description
    // Minus zero is zero; text that is not ASCII is no string of the RFC.
    if (typeof bare === 'number') return bare + 0
    if (typeof bare === 'string') return /^[ -~]*$/.test(bare) ? bare : undefined
    return typeof bare === 'boolean' ? bare : undefined
  } catch {
    return undefined
  }
}

/** Text to value, undefined = refused; by the section of the RFC. */
const CASES: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  '3.3.1 integers': [
    ['42', 42],
    ['-42', -42],
    ['042', 42],
    ['999999999999999', 999_999_999_999_999],
    ['-999999999999999', -999_999_999_999_999],
    ['1000000000000000', undefined],
    ['+1', undefined],
    ['--1', undefined],
    ['-', undefined],
  ],
  '3.3.2 decimals': [
    ['4.5', 4.5],
    ['-0.125', -0.125],
    ['123456789012.123', 123_456_789_012.123],
    ['1234567890123.1', undefined],
    ['1.1234', undefined],
    ['1.', undefined],
    ['.5', undefined],
    ['1.5.5', undefined],
    ['1e3', undefined],
  ],
  '3.3.3 strings': [
    ['"hello world"', 'hello world'],
    ['""', ''],
    ['"a \\"b\\" \\\\"', 'a "b" \\'],
    ['"a\\n"', undefined],
    ['"open', undefined],
    ['"tab\tinside"', undefined],
    ['"\u00fc"', undefined],
    ["'single'", undefined],
  ],
  '3.3.4 tokens': [
    ['foo123/456', 'foo123/456'],
    ['*a', '*a'],
    ['A:b', 'A:b'],
    ['a"b', undefined],
  ],
  '3.3.6 booleans': [
    ['?1', true],
    ['?0', false],
    ['?2', undefined],
    ['?', undefined],
    ['?true', undefined],
  ],
  '3.1.2 parameters': [
    ['1;a=2', 1],
    ['"x";a;b=?0; c="d"', 'x'],
    ['1;A', undefined],
    ['1;a=', undefined],
    ['1 ;a', undefined],
  ],
}

describe('values by RFC 8941', () => {
  for (const [section, cases] of Object.entries(CASES))
    it(section, () =>
      assert.deepEqual(
        cases.map(([text]) => [text, ours(text)]),
        cases.map(([text, value]) => [text, value]),
      ),
    )

  it('what the reference library reads, alike; it refuses some that the RFC has, such as *a', () => {
    const piece = fc.constantFrom(
      ...['"', '\\', '?', '0', '1', '9', '.', '-', ';', '=', 'a', 'Z', '*', '(', ')', ' ', ':'],
    )
    const near = fc.constantFrom(...Object.values(CASES).flatMap((cases) => cases.map(([text]) => text)))
    const spoilt = fc
      .tuple(near, fc.nat(20), fc.nat(2), fc.array(piece, { maxLength: 2 }))
      .map(([text, at, cut, more]) => text.slice(0, at) + more.join('') + text.slice(at + cut))
    const any = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(near, spoilt, any), (text) => {
        const read = reference(text)
        if (read !== undefined) assert.deepEqual(ours(text), read, text)
      }),
      { numRuns: 3_000 },
    )
  })
})
