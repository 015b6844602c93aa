import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeCmcd, validateCmcd, validateCmcdEvents } from '@svta/cml-cmcd'
import fc from 'fast-check'
import { Decoder } from './decode.ts'
import { encode } from './encode.ts'
import { OBJECT_TYPES } from './tokens.ts'
import { report, said, valuesOf } from './samples.ts'

/** The peer is the reference library of the Streaming Video Technology Alliance: what it accepts, we read alike. */
const decoder = new Decoder()

/**
 * The peer's values in our form: items with their object type or range, custom keys apart, version 1 as lists of one.
 */
function asOurs(record: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(record)
  const isCustom = ([key]: [string, unknown]): boolean => key.indexOf('-', 1) > 0
  const custom = entries.filter(isCustom)
  const version = record['v'] ?? 1
  const standard = entries
    .filter((entry) => !isCustom(entry))
    .map(([key, value]) => [key, valueOf(key, value, version === 1)])
  const ours: Record<string, unknown> = { v: 1, ...(Object.fromEntries(standard) as object) }
  if (custom.length > 0) ours['custom'] = Object.fromEntries(custom)
  return ours
}

function valueOf(key: string, value: unknown, isV1: boolean): unknown {
  if (isV1 && ['br', 'bl', 'mtp', 'tb'].includes(key)) return [{ value }]
  if (isV1 && key === 'nor') return [{ value: decodeURIComponent(value as string) }]
  if (!Array.isArray(value)) return value
  return (value as unknown[]).map((item) => {
    if (typeof item === 'string') return key === 'nor' ? { value: item } : item
    if (typeof item === 'number') return { value: item }
    const { value: inner, params } = item as { value: unknown; params?: Record<string, unknown> }
    const range = params?.['r']
    return range === undefined ? typed(inner, Object.keys(params ?? {})) : { value: inner, range }
  })
}

/**
 * The peer hands on all parameters of an item; those that are no object type say nothing, and of several the last
 * stands.
 */
function typed(value: unknown, params: readonly string[]): unknown {
  const type = params.findLast((name) => Object.hasOwn(OBJECT_TYPES, name))
  return type === undefined ? { value } : { value, type }
}

/** The peer's reading, or undefined where it refuses. */
function byPeer(text: string): Record<string, unknown> | undefined {
  try {
    const record = decodeCmcd(text) as unknown as Record<string, unknown>
    return validateCmcd(record).valid ? asOurs(record) : undefined
  } catch {
    return undefined
  }
}

const agree = (text: string): boolean => {
  const expected = byPeer(text)
  if (expected === undefined) return false
  const { ignored: _, ...ours } = said(decoder.decode(text))
  assert.deepEqual(ours, expected, text)
  return true
}

/** Events of a session as the standard describes them, written for this test. */
const SESSION = [
  'e=ps,sid="a1",sn=0,sta=d,ts=1764000000000,v=2',
  'cid="film-7",e=ps,sf=h,sid="a1",sn=1,st=v,sta=s,ts=1764000000100,v=2',
  'bl=(1200;v 1100;a),br=(3000;v 128;a),e=rr,ot=v,rc=200,sid="a1",sn=2,sta=s,ts=1764000000300,ttfb=40,ttlb=210,url="https://cdn.example/v/1.m4s",v=2',
  'e=ps,msd=850,pt=0,sid="a1",sn=3,sta=p,ts=1764000000950,v=2',
  'bl=(9000;v),br=(3000;v),bsa=(0;v),e=t,mtp=(25400;v),pt=30000,sid="a1",sn=4,sta=p,ts=1764000030950,v=2',
  'br=(5200;v),e=bc,sid="a1",sn=5,sta=p,ts=1764000031000,v=2',
  'bs,bsa=(1;v),e=ps,sid="a1",sn=6,sta=r,ts=1764000040000,v=2',
  'bsa=(1;v),bsd=(1400;v),bsda=(1400;v),dfa=12,e=ps,sid="a1",sn=7,sta=p,ts=1764000041400,v=2',
  'e=pr,pr=1.5,sid="a1",sn=8,sta=p,ts=1764000042000,v=2',
  'e=ps,sid="a1",sn=9,sta=k,ts=1764000050000,v=2',
  'e=ps,sid="a1",sn=10,sta=a,ts=1764000060000,v=2',
  'e=m,sid="a1",sn=11,ts=1764000061000,v=2',
  'e=um,sid="a1",sn=12,ts=1764000062000,v=2',
  'e=pe,sid="a1",sn=13,ts=1764000063000,v=2',
  'bg,e=b,sid="a1",sn=14,ts=1764000064000,v=2',
  'e=as,sid="a1",sn=15,ts=1764000065000,v=2',
  'cen="chapter",com.example-chapter="3",e=ce,sid="a1",sn=16,ts=1764000066000,v=2',
  'ec=("MEDIA_ERR" "3016"),e=e,sid="a1",sn=17,sta=f,ts=1764000070000,v=2',
  'e=ps,ltc=3100,sid="a1",sn=18,st=ll,sta=q,ts=1764000080000,v=2',
  'bl=21300,br=3200,bs,cid="faec",d=4004,dl=18500,mtp=48100,nor="..%2F300kbps%2Ftrack.m4v",nrr="12323-48763",ot=v,pr=1.08,rtp=12000,sf=d,sid="6e2fb550-c457-11e9-bb97-0800200c9a66",st=v,su,tb=6000',
] as const

describe('beside the reference library', () => {
  it('reads a session alike', () => {
    for (const text of SESSION) assert.ok(agree(text), `the peer refuses ${text}`)
  })

  it('reads what it accepts alike: reports of events', () => {
    let accepted = 0
    fc.assert(
      fc.property(report, (text) => void (accepted += Number(agree(text)))),
      { numRuns: 3_000 },
    )
    assert.ok(accepted > 1_000, `${accepted} were accepted`)
  })

  it('reads what it accepts alike: version 1', () => {
    let accepted = 0
    fc.assert(
      fc.property(valuesOf(1), (values) => void (accepted += Number(agree(encode({ ...values, custom: [] }))))),
      { numRuns: 2_000 },
    )
    assert.ok(accepted > 1_000, `${accepted} were accepted`)
  })

  it('reads what it accepts alike where a character was lost or doubled', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.constantFrom(...SESSION), fc.nat(200), fc.boolean(), (text, place, lost) => {
        const at = place % text.length
        accepted += Number(
          agree(lost ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, at) + text[at]! + text.slice(at)),
        )
      }),
      { numRuns: 3_000 },
    )
    assert.ok(accepted > 500, `${accepted} were accepted`)
  })

  it('differs where the standard does: the event h, and unknown keys', () => {
    const hostChange = 'e=h,h="cdn-b.example",sid="s",sn=1,ts=1764000000000,v=2'
    assert.equal(validateCmcdEvents(hostChange).valid, false)
    assert.equal(said(decoder.decode(hostChange))['e'], 'h')
    const unknown = 'e=t,sid="s",sn=1,ts=1764000000000,v=2,zz=5'
    assert.equal(validateCmcdEvents(unknown).valid, false)
    assert.equal(said(decoder.decode(unknown))['sid'], 's')
  })
})
