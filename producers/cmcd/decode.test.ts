import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Decoder } from './decode.ts'
import { encode } from './encode.ts'
import { KEYS, TYPE } from './keys.ts'
import { said, valuesOf } from './samples.ts'
import { EVENTS, OBJECT_TYPES, STATES, STREAM_FORMATS, STREAM_TYPES } from './tokens.ts'

const decoder = new Decoder()
const read = (text: string): Record<string, unknown> => said(decoder.decode(text))
const v2 = (text: string): Record<string, unknown> => read(`${text},v=2`)

const { INTEGER, DECIMAL, STRING, TOKEN, BOOLEAN, INTEGERS, STRINGS, OBJECTS } = TYPE
/** A value of each type as it is written, and as it is read. */
const SAMPLES: Readonly<Record<number, readonly [string, unknown]>> = {
  [INTEGER]: ['4200', 4_200],
  [DECIMAL]: ['1.25', 1.25],
  [STRING]: ['"a \\"b\\" \\\\ c"', 'a "b" \\ c'],
  [BOOLEAN]: ['?1', true],
  [INTEGERS]: ['(4200;v 128;a 7)', [{ value: 4_200, type: 'v' }, { value: 128, type: 'a' }, { value: 7 }]],
  [STRINGS]: ['("E1" "E 2")', ['E1', 'E 2']],
  [OBJECTS]: ['("../3.m4s" "4.m4s";r="0-100")', [{ value: '../3.m4s' }, { value: '4.m4s', range: '0-100' }]],
}
const keysOf = (version: 1 | 2): typeof KEYS =>
  KEYS.filter(({ name, versions }) => name !== 'v' && versions.includes(version))

describe('every key', () => {
  for (const { name, type, tokens } of keysOf(2)) {
    it(`${name}, version 2`, () => {
      const [text, value] = type === TOKEN ? [[...tokens!.values()][0]!, [...tokens!.values()][0]] : SAMPLES[type]!
      assert.deepEqual(v2(`${name}=${text}`), { v: 2, ignored: 0, [name]: value })
    })
  }

  for (const { name, typeInV1, type, tokens } of keysOf(1)) {
    it(`${name}, version 1`, () => {
      const [text, value] =
        typeInV1 === TOKEN ? [[...tokens!.values()][0]!, [...tokens!.values()][0]] : SAMPLES[typeInV1]!
      assert.deepEqual(read(`${name}=${text}`), { v: 1, ignored: 0, [name]: type === typeInV1 ? value : [{ value }] })
    })
  }

  it('is in the table: 18 of version 1, all of version 2', () => {
    assert.deepEqual(
      KEYS.filter(({ versions }) => versions.includes(1)).map(({ name }) => name),
      ['bl', 'br', 'bs', 'cid', 'd', 'dl', 'mtp', 'nor', 'nrr', 'ot', 'pr', 'rtp', 'sf', 'sid', 'st', 'su', 'tb', 'v'],
    )
    const inEventsOnly = KEYS.filter(({ modes }) => !modes.includes('request') && modes.includes('event')).map(
      ({ name }) => name,
    )
    assert.deepEqual(inEventsOnly, ['cen', 'e', 'h', 'ts'])
    assert.deepEqual(
      KEYS.filter(({ modes }) => modes.join() === 'response').map(({ name }) => name),
      ['cmsdd', 'cmsds', 'rc', 'smrt', 'ttfb', 'ttfbb', 'ttlb', 'url'],
    )
    assert.equal(KEYS.filter(({ versions, modes }) => versions.includes(2) && modes.includes('request')).length, 38)
  })
})

describe('every token', () => {
  for (const [name, tokens] of [
    ['e', EVENTS],
    ['sta', STATES],
    ['ot', OBJECT_TYPES],
    ['st', STREAM_TYPES],
    ['sf', STREAM_FORMATS],
  ] as const) {
    for (const token of Object.keys(tokens))
      it(`${name}=${token}`, () => assert.equal(v2(`${name}=${token}`)[name], token))
  }
  for (const type of Object.keys(OBJECT_TYPES)) {
    it(`;${type} of an item`, () => assert.deepEqual(v2(`br=(100;${type})`)['br'], [{ value: 100, type }]))
  }
})

describe('what a server must do', () => {
  it('ignores keys that it does not know', () => {
    assert.deepEqual(v2('zz=5,sid="s",abcdefgh=(1;v),x1=?0,*=tok'), { v: 2, ignored: 0, sid: 's' })
  })

  it('reads the same whether or not custom keys are expected', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a-b', 'a-bc', 'x.y-z', 'a-', 'q-r'), { maxLength: 8 }), (names) => {
        const text = names.map((name, i) => `${name}=${i}`).join(',')
        assert.deepEqual(new Decoder(['a-b', 'a-bc', 'x.y-z']).decode(text), new Decoder().decode(text))
      }),
    ))

  it('keeps custom keys, whatever their type', () => {
    assert.deepEqual(v2('com.example-a="x",com.example-b=tok,com.example-c=4,com.example-d,a-b=1.5')['custom'], {
      'com.example-a': 'x',
      'com.example-b': 'tok',
      'com.example-c': 4,
      'com.example-d': true,
      'a-b': 1.5,
    })
  })

  const mistyped = [
    'bl=5',
    'bl="5"',
    'bl=(5.5)',
    'bl=("5")',
    'bl',
    'd=1.5',
    'd=(1)',
    'd=tok',
    'sid=tok',
    'sid=5',
    'e="ps"',
    'e=psx',
    'e=zz',
    'sta=?1',
    'bs=1',
    'bs=true',
    'ec="E1"',
    'ec=(E1)',
    'nor="x"',
    'pr="1"',
    'ts=:aGk=:',
    'ts=@5',
  ]
  const broken = [
    'sid="open',
    'bl=(5;v',
    'd=',
    'd=--5',
    'd=5x',
    'd=1234567890123456',
    'pr=1.2345',
    'pr=1.',
    'sid="\u00e9"',
    'sid="a\\b"',
    'bl=(5;v)x',
    'bl=(5,6)',
    '=5',
    'D=5',
    'd = 5',
    'bl=(1;)',
  ]
  for (const member of [...mistyped, ...broken]) {
    it(`ignores ${member} and keeps the rest`, () => {
      const alone = v2(`cid="c",sn=4,${member}`)
      assert.deepEqual([alone['cid'], alone['sn']], ['c', 4])
      if (member.includes('"') && member.match(/"/g)!.length % 2 === 1) return
      assert.deepEqual({ ...v2(`${member},cid="c",sn=4`), ignored: 1 }, { v: 2, ignored: 1, cid: 'c', sn: 4 })
    })
  }

  it('says how many members it ignored', () => assert.equal(v2('bl=5,d=x,sn=1')['ignored'], 2))

  it('takes keys in any order: v first, last, between', () => {
    const expected = { v: 2, ignored: 0, sn: 3, br: [{ value: 5, type: 'v' }] }
    for (const text of ['v=2,br=(5;v),sn=3', 'sn=3,br=(5;v),v=2', 'br=(5;v),v=2,sn=3'])
      assert.deepEqual(read(text), expected)
  })

  it('reads by version 1 where v is missing, mistyped or 1: its keys and types', () => {
    for (const version of ['', ',v="2"', ',v=1', ',v=0', ',v=2.0']) {
      const { ignored: _, ...record } = read(`br=500,bl=(5),sn=4,sta=p,nrr="0-5",su${version}`)
      assert.deepEqual(record, { v: 1, br: [{ value: 500 }], nrr: '0-5', su: true }, version)
    }
  })

  it('drops a record of a later version whole, and says which', () => {
    for (const text of ['sid="s",v=3', 'v=3,sid="s"']) assert.deepEqual(decoder.decode(text), { unsupported: 3 })
    assert.deepEqual(decoder.decode('v=99'), { unsupported: 99 })
  })
})

describe('traps of the standard itself', () => {
  it('an exit from a stall 777 ms before its entry, a sequence that begins at 1, and the state w', () => {
    const entry = v2('e=ps,sid="s",sn=1,sta=r,ts=1700000001777')
    const exit = v2('bsd=(1777;v),e=ps,sid="s",sn=2,sta=w,ts=1700000001000')
    assert.deepEqual(
      [entry['ts'], exit['ts'], entry['sn'], exit['sta']],
      [1_700_000_001_777, 1_700_000_001_000, 1, 'w'],
    )
  })
})

describe('structured fields', () => {
  it('the last of a repeated key stands', () =>
    assert.deepEqual(v2('sn=1,sn=2,cid="a",cid="b"'), { v: 2, ignored: 0, sn: 2, cid: 'b' }))
  it('blanks around members and inside lists', () =>
    assert.deepEqual(read(' sn=1 ,\tbr=(  5;v   6; a  ) , v=2 '), {
      v: 2,
      ignored: 0,
      sn: 1,
      br: [
        { value: 5, type: 'v' },
        { value: 6, type: 'a' },
      ],
    }))
  it('parameters that mean nothing', () =>
    assert.deepEqual(v2('sn=1;x;y="a,b";z=?0,br=(5;v;q=1 6;zz=tok);p=1'), {
      v: 2,
      ignored: 0,
      sn: 1,
      br: [{ value: 5, type: 'v' }, { value: 6 }],
    }))
  it('the ends of numbers', () => {
    assert.deepEqual(v2('ts=999999999999999,ltc=-999999999999999,pr=999999999999.999,pt=0'), {
      v: 2,
      ignored: 0,
      ts: 999_999_999_999_999,
      ltc: -999_999_999_999_999,
      pr: 999_999_999_999.999,
      pt: 0,
    })
  })
  it('an empty list, and nothing at all', () => {
    assert.deepEqual(v2('br=()')['br'], [])
    assert.deepEqual(read(''), { v: 1, ignored: 0 })
  })

  for (const version of [1, 2] as const) {
    it(`what is written is read, in any order of members: version ${version}`, () =>
      fc.assert(
        fc.property(valuesOf(version), fc.integer(), (values, seed) => {
          const expected = { ignored: 0, ...values }
          const text = encode(values)
          assert.deepEqual(said(decoder.decode(text)), said(expected as never))
          const parts = text.split(/,(?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/)
          const turned = parts.map((_, i) => parts[(i + Math.abs(seed)) % parts.length]!).join(', ')
          assert.deepEqual(said(decoder.decode(turned)), said(expected as never))
        }),
        { numRuns: 500 },
      ))
  }

  it('never throws and never hangs, whatever the text', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abv=2,;("\\) ?-.:1é') }), (text) => {
        assert.ok(decoder.decode(text))
      }),
      { numRuns: 3_000 },
    ))
})
