import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compilePattern, MAX_PATTERN, MAX_TEXT } from './pattern.ts'

const WORDS = ['', 'a', 'b', 'ab', 'aB_1', ' a-', 'é', '\n', '😀', 'ſ', 'K', 'aaaa', 'a b a']

/** Patterns without backreferences and lookaround, from their grammar. */
const patterns = fc.letrec<{ pattern: string; term: string; atom: string }>((tie) => ({
  pattern: fc.array(tie('term'), { minLength: 1, maxLength: 3 }).map((terms) => terms.join('')),
  term: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '{2}', '{0,2}', '{1,}', '{,2}', '{0}'))
    .map(([atom, quantifier]) => atom + (/^(\^|\$|\\b|\\B)$/.test(atom) ? '' : quantifier)),
  atom: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...['a', 'b', 'B', '1', ' ', '.', '\\d', '\\W', '\\s', '\\x61', '\\u0061', '\\.', '\\-', 'é']),
    fc.constantFrom(
      ...['^', '$', '\\b', '\\B', '[ab]', '[^a]', '[a-z\\d]', '[]', '[^]', '[\\b]', '[\\]]', 'k', '}', ']'],
    ),
    fc.tuple(fc.constantFrom('(', '(?:'), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(${one}|${other})`),
  ),
})).pattern

describe('a pattern', () => {
  it('matches what JavaScript matches', () => {
    const text = fc.oneof(
      fc.constantFrom(...WORDS),
      fc.string({ maxLength: 6, unit: fc.constantFrom(...'abB1 -\né_') }),
    )
    fc.assert(
      fc.property(patterns, fc.constantFrom('', 'i'), text, (source, flags, subject) => {
        const { matches, fault } = compilePattern(source, flags)
        if (matches === undefined) assert.match(fault, /states/)
        else assert.equal(matches(subject), new RegExp(source, flags).test(subject), `/${source}/${flags}`)
      }),
      { numRuns: 4_000 },
    )
  })

  it('is one wherever JavaScript sees one, whatever characters it has, or is refused by name', () => {
    const source = fc.string({ maxLength: 10, unit: fc.constantFrom(...'ab\\()[]{}|?*+^$.,12cdkuxs<>=!:-😀') })
    fc.assert(
      fc.property(source, fc.constantFrom('', 'i'), fc.constantFrom(...WORDS), (source, flags, subject) => {
        const expected = ((): boolean | undefined => {
          try {
            return new RegExp(source, flags).test(subject)
          } catch {
            return undefined
          }
        })()
        const { matches, fault } = compilePattern(source, flags)
        if (matches !== undefined) assert.equal(matches(subject), expected, `/${source}/${flags}`)
        else if (expected === undefined) assert.equal(fault, 'is no regular expression')
        else assert.match(fault, /backreference|looks|octal|flags|states/)
      }),
      { numRuns: 4_000 },
    )
  })

  it('says why it is refused', () => {
    const faultOf = (source: string): string | undefined => compilePattern(source).fault
    assert.match(faultOf('(a)\\1')!, /backreference/)
    assert.match(faultOf('(?<x>a)\\k<x>')!, /backreference/)
    for (const source of ['a(?=b)', 'a(?!b)', '(?<=a)b', '(?<!a)b'])
      assert.match(faultOf(source)!, /looks ahead or behind/)
    assert.match(faultOf('(')!, /no regular expression/)
    assert.match(faultOf('((a{100}){100}){100}')!, /states/)
    assert.match(faultOf('a'.repeat(MAX_PATTERN + 1))!, /longer/)
    assert.equal(faultOf('(?<year>\\d{4})-[01]\\d'), undefined)
  })

  it('takes time in proportion to the text, whatever the two are', (test) => {
    const attacks: readonly [string, string][] = [
      ['^(a+)+$', 'a'.repeat(MAX_TEXT - 1)],
      ['(a|aa|aaa)*$', 'a'.repeat(MAX_TEXT - 1)],
      ['(.*)*x'.repeat(10), 'y'.repeat(MAX_TEXT - 1)],
      [`${'a?'.repeat(120)}${'a'.repeat(120)}$`, 'a'.repeat(MAX_TEXT - 1)],
      ['(\\w*\\s*)*'.repeat(20), 'a '.repeat(MAX_TEXT / 2 - 1)],
    ]
    for (const [source, text] of attacks) {
      const started = performance.now()
      const { matches } = compilePattern(source)
      matches?.(`${text}!`)
      const took = performance.now() - started
      test.diagnostic(`${source.slice(0, 20)}: ${took.toFixed(1)} ms`)
      assert.ok(matches !== undefined && took < 500, `${source.slice(0, 20)}: ${took} ms`)
    }
  })

  it('matches no text that is longer than the longest', () => {
    const { matches } = compilePattern('a')
    assert.equal(matches!('a'.repeat(MAX_TEXT)), true)
    assert.equal(matches!('a'.repeat(MAX_TEXT + 1)), false)
  })
})
