import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encode } from './encode.ts'
import { KEYS } from './keys.ts'
import { fromRequestLog, textsOf } from './request.ts'
import { said, valuesOf } from './samples.ts'
import type { CmcdRecord } from './types.ts'

const V1 = 'br=3200,bs,cid="c1",nor="..%2Fb%2F4.m4v%3Ftoken%3Dsecret",ot=v,sf=h,sid="s1"'
const V2 = 'bl=(2100;v),nor=("../b/4.m4v?token=secret";r="0-99" "5.m4v"),sid="s1",sn=3,v=2'
const record = (...log: Parameters<typeof fromRequestLog>): Record<string, unknown> =>
  said(fromRequestLog(...log)!.record)

describe('request mode out of a log', () => {
  it('version 1 in the query', () => {
    const logged = fromRequestLog(`https://oca.example/a/3.m4v?token=x&CMCD=${encodeURIComponent(V1)}&y=1#z`)!
    assert.deepEqual([logged.url, logged.carrier], ['https://oca.example/a/3.m4v', 'query'])
    assert.deepEqual(said(logged.record), {
      v: 1,
      ignored: 0,
      br: [{ value: 3_200 }],
      bs: true,
      cid: 'c1',
      nor: [{ value: '../b/4.m4v' }],
      ot: 'v',
      sf: 'h',
      sid: 's1',
    })
  })

  it('version 2 in the query: what follows a question mark in a URL is not kept', () => {
    assert.deepEqual(record(`/3.m4v?CMCD=${encodeURIComponent(V2)}`), {
      v: 2,
      ignored: 0,
      bl: [{ value: 2_100, type: 'v' }],
      nor: [{ value: '../b/4.m4v', range: '0-99' }, { value: '5.m4v' }],
      sid: 's1',
      sn: 3,
    })
  })

  it('either way of writing a query string', () => {
    const written = new URLSearchParams({ CMCD: 'br=(1;v 2;a),cid="a+b c",v=2' }).toString()
    assert.ok(written.includes('+'))
    assert.deepEqual(record(`/x?${written}`), {
      v: 2,
      ignored: 0,
      br: [
        { value: 1, type: 'v' },
        { value: 2, type: 'a' },
      ],
      cid: 'a+b c',
    })
  })

  it('all four headers, and some of them', () => {
    const headers = {
      'cmcd-object': 'br=(5;v),ot=v',
      'cmcd-request': 'bl=(900;v)',
      'cmcd-session': 'sid="s",v=2',
      'cmcd-status': 'bs',
    }
    const logged = fromRequestLog('/x.m4v', headers)!
    assert.equal(logged.carrier, 'headers')
    assert.deepEqual(said(logged.record), {
      v: 2,
      ignored: 0,
      br: [{ value: 5, type: 'v' }],
      ot: 'v',
      bl: [{ value: 900, type: 'v' }],
      sid: 's',
      bs: true,
    })
    assert.deepEqual(record('/x', { 'cmcd-session': 'sid="t"', host: 'h' }), { v: 1, ignored: 0, sid: 't' })
  })

  it('a key in the wrong header is taken all the same', () =>
    assert.equal(record('/x', { 'cmcd-status': 'sid="t",v=2' })['sid'], 't'))

  it('the query is ignored when any CMCD header is there', () => {
    assert.deepEqual(record(`/x?CMCD=${encodeURIComponent(V2)}`, { 'cmcd-status': 'bs' }), {
      v: 1,
      ignored: 0,
      bs: true,
    })
    assert.deepEqual(record(`/x?CMCD=${encodeURIComponent(V2)}`, { 'cmcd-object': '' }), { v: 1, ignored: 0 })
  })

  it('keys of events say nothing of a request', () => {
    assert.deepEqual(record(`/x?CMCD=${encodeURIComponent('e=ps,ts=5,url="/a?b",rc=200,h="x",cen="y",sn=1,v=2')}`), {
      v: 2,
      ignored: 0,
      sn: 1,
    })
  })

  it('a later version is said, none is none, and a broken escape is none', () => {
    assert.deepEqual(fromRequestLog('/x?CMCD=v%3D3')!.record, { unsupported: 3 })
    for (const url of ['/x', '/x?', '/x?cmcd=v%3D2', '/x?XCMCD=v%3D2', '/x?CMCD=%zz', '/x#?CMCD='])
      assert.equal(fromRequestLog(url), undefined, url)
  })

  it('what a player writes into a query or into headers is read alike', () =>
    fc.assert(
      fc.property(valuesOf(2), (values) => {
        const text = encode(values)
        const parts = KEYS.flatMap((key) =>
          values[key.name] === undefined || key.shard === undefined || key.name === 'v'
            ? []
            : [[`cmcd-${key.shard}`, encode({ [key.name]: values[key.name], v: 2 }).replace(/,?v=2$/, '')] as const],
        )
        const headers: Record<string, string> = { 'cmcd-session': 'v=2' }
        for (const [name, member] of parts)
          headers[name] = headers[name] === undefined ? member : `${headers[name]},${member}`
        const { custom: _, ...byQuery } = record(`/x?CMCD=${encodeURIComponent(text)}`)
        assert.deepEqual(record('/x', headers), byQuery)
      }),
      { numRuns: 300 },
    ))
})

describe('a record as texts', () => {
  const texts = (cmcd: string): Record<string, string> =>
    textsOf(fromRequestLog(`/x?CMCD=${encodeURIComponent(cmcd)}`)!.record as CmcdRecord)

  it('numbers, strings, tokens and truth bare; lists as structured fields', () =>
    assert.deepEqual(
      texts('bs,cid="a \\"b\\"",com.example-own=5,ec=("E1" "E2"),nor=("b.m4v";r="0-9" "c"),ot=v,pr=1.5,tb=(6000),v=2'),
      {
        bs: 'true',
        cid: 'a "b"',
        'com.example-own': '5',
        ec: '("E1" "E2")',
        nor: '("b.m4v";r="0-9" "c")',
        ot: 'v',
        pr: '1.5',
        tb: '(6000)',
        v: '2',
      },
    ))

  it('one value where version 1 has no list', () =>
    assert.deepEqual(texts('bl=2100,nor="..%2Fb.m4v"'), { bl: '2100', nor: '../b.m4v', v: '1' }))

  it('the same record gives the same text, which says all of its lists', () =>
    fc.assert(
      fc.property(valuesOf(2), (values) => {
        const text = encode({ ...values, custom: [] })
        const { sid: _, ...told } = texts(text)
        const lists = Object.entries(told).filter(([name]) => Array.isArray(values[name as keyof typeof values]))
        const again = textsOf(
          fromRequestLog(
            `/x?CMCD=${encodeURIComponent([...lists.map(([name, value]) => `${name}=${value}`), 'v=2'].join())}`,
          )!.record as CmcdRecord,
        )
        assert.deepEqual(again, { ...Object.fromEntries(lists), v: '2' })
      }),
    ))
})
