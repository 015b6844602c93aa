import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Decoder } from './decode.ts'
import { encode } from './encode.ts'
import { fromPlain } from './plain.ts'
import { named, valuesOf } from './samples.ts'
import type { CmcdRecord } from './types.ts'

const decoder = new Decoder()
const mapped = (text: string): Record<string, unknown> => named(fromPlain(decoder.decode(`${text},v=2`) as CmcdRecord))
const NOW = 1_764_000_000_000

describe('telemetry out of plain CMCD', () => {
  it('every key that has a field', () => {
    const text = `bl=(9000;v 8000;a),br=(5000;v 128;a),bsa=(2;v 3;a),bsda=(900;v 1200;a),cdn="cdn-a",cid="film",dfa=12,e=t,ec=("E1" "GET https://cdn.example/a?token=x failed"),ltc=3100,mtp=(25000;v 9000;a),pr=1.5,pt=60000,sf=h,sid="s",sn=7,st=l,sta=p,ts=${NOW}`
    assert.deepEqual(mapped(text), {
      clock: 'live',
      event_time: NOW,
      session_id: 's',
      instance: 0,
      segment: 0,
      seq: 7,
      session_start: 0,
      segment_start: 0,
      event: 't',
      state: 'p',
      title_id: 'film',
      pathway: 'cdn-a',
      stream_type: 'l',
      stream_format: 'h',
      stall_connection_count: 3,
      stall_connection_ms: 1_200,
      frames_dropped: 12,
      bitrate_kbps: 5_128,
      buffer_ms: 8_000,
      throughput_kbps: 25_000,
      live_latency_ms: 3_100,
      playhead_ms: 60_000,
      playback_rate_permille: 1_500,
      error_code: 'E1 GET https://cdn.example/a failed',
      source: 'cmcd',
    })
  })

  it('the session began at `starting`; no other record tells that alone', () => {
    const start = (text: string): unknown => mapped(`sid="s",ts=${NOW},${text}`)['session_start']
    assert.equal(start('e=ps,sta=s'), NOW)
    assert.equal(start('e=ps,sta=p,msd=850'), 0, 'a delay may be repeated, or told long after')
    assert.equal(start('e=t,sta=p'), 0)
    assert.equal(start('e=t,sta=s'), 0, 'an interval within starting is not its beginning')
    assert.equal(start('e=ps,sta=s,bsda=(5000;v)'), 0, 'a second start: stalls have been counted')
  })

  it('a response does not tell the state: it is dated by its request', () => {
    assert.equal(mapped('e=rr,sta=p')['state'], '')
    for (const event of ['ps', 't', 'e']) assert.equal(mapped(`e=${event},sta=p`)['state'], 'p')
  })

  it('a start-up delay is as told, but for the wait so far of a player that is starting', () => {
    for (const state of ['s', 'd'])
      assert.deepEqual(
        [mapped(`e=rr,sta=${state},msd=3`)['startup_ms'], mapped(`e=rr,sta=${state},msd=3,ts=${NOW}`)['session_start']],
        [undefined, 0],
      )
    assert.equal(mapped('e=rr,msd=203')['startup_ms'], 203)
    assert.equal(mapped('e=rr,sta=r,msd=1')['startup_ms'], 1)
    assert.equal(mapped('e=ps,sta=p,msd=850')['starting_ms'], undefined)
  })

  it('an empty buffer while playing is one of a type that is not there', () => {
    const buffer = (text: string): unknown => mapped(text)['buffer_ms']
    assert.deepEqual(
      [
        buffer('sta=p,bl=(2000;v 0;a)'),
        buffer('sta=r,bl=(2000;v 0;a)'),
        buffer('sta=p,bl=(0;v 0;a)'),
        buffer('sta=p,bl=(2000;v 900;a)'),
      ],
      [2_000, 0, 0, 900],
    )
  })

  it('ends by their state, and only then', () => {
    for (const [state, reason] of [
      ['e', 'finished'],
      ['q', 'quit'],
      ['f', 'failed'],
      ['p', undefined],
    ] as const)
      assert.equal(mapped(`e=ps,sta=${state}`)['end_reason'], reason)
  })

  it('a muxed bitrate is whole, others add up', () => {
    assert.equal(mapped('br=(3000;av 128;a)')['bitrate_kbps'], 3_000)
    assert.equal(mapped('br=(3000 100)')['bitrate_kbps'], 3_100)
  })

  it('leaves out what no field can hold', () => {
    const values = mapped(
      `bl=(),br=(99999999999;v),bsa=(-1;v),bsda=(-5;v),dfa=-1,msd=-4,sn=-1,ltc=-9999999999,sid="s",ts=${NOW}`,
    )
    assert.deepEqual(Object.keys(values), [
      'clock',
      'event_time',
      'session_id',
      'instance',
      'segment',
      'seq',
      'session_start',
      'segment_start',
      'event',
      'state',
      'source',
    ])
  })

  it('is a function of the record alone: the same bytes are the same event', () =>
    fc.assert(
      fc.property(valuesOf(2), valuesOf(2), (one, other) => {
        const text = encode(one)
        const first = fromPlain(decoder.decode(text) as CmcdRecord)
        fromPlain(decoder.decode(encode(other)) as CmcdRecord)
        assert.deepEqual(fromPlain(new Decoder().decode(text) as CmcdRecord), first)
      }),
    ))
})
