import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encode } from '../../cmcd/index.ts'
import { valuesOf } from '../../cmcd/samples.ts'
import { collector, NOW, type Harness } from '../harness.ts'
import type { Values } from '../samples.ts'

const URL = '/v1/cmcd/requests'
const V1 = 'br=3200,bs,cid="film",d=4000,ot=v,sf=h,sid="s1",st=v,tb=6000'
const V2 = 'bl=(2100;v),br=(3200;v 128;a),cid="film",nor=("4.m4v?token=secret";r="0-99"),sid="s2",sn=3,v=2'
const inQuery = (path: string, cmcd: string): string => `${path}?token=secret&CMCD=${encodeURIComponent(cmcd)}`
const line = (change: Values = {}): Values => ({
  time: NOW / 1_000,
  oca: 'oca-1',
  url: inQuery('/film/3.m4v', V1),
  status: 206,
  ...change,
})
const ndjson = (...lines: (Values | string)[]): string =>
  lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n')

const post = (
  { post: send }: Harness,
  body: string,
  headers: Record<string, string> = {},
): ReturnType<Harness['post']> => send(body, { prefer: 'return=representation', ...headers }, URL)
const stored = (harness: Harness): Values[] =>
  harness.stored('delivery.requests').map(({ event_id: _, received_time: __, skew_ms: ___, ...event }) => event)
/** What becomes of one line. */
async function taken(change: Values): Promise<Values> {
  const harness = await collector()
  const answer = await post(harness, ndjson(line(change)))
  assert.deepEqual(answer.json(), { accepted: 1, duplicates: 0, rejected: [] })
  return stored(harness)[0]!
}

describe('a line of a request log', () => {
  it('becomes a request of the session that its CMCD names; no query comes into the log', async () => {
    const harness = await collector()
    assert.equal(
      (
        await post(
          harness,
          ndjson(
            line({
              bytes: 812_345,
              duration: 0.123456,
              ttfb: 0.002,
              cache: 'HIT',
              protocol: 'HTTP/2.0',
              range: 'bytes=100-',
              country: 'DE',
              asn: 64_500,
              client: '198.51.100.7',
              user_agent: 'player',
            }),
          ),
        )
      ).statusCode,
      200,
    )
    const [event] = stored(harness)
    assert.deepEqual(
      { ...event, cmcd: { ...(event!['cmcd'] as object) } },
      {
        clock: 'live',
        event_time: NOW,
        session_id: 's1',
        oca: 'oca-1',
        title_id: 'film',
        rendition: '',
        segment_index: null,
        path: '/film/3.m4v',
        status: 206,
        bytes: 812_345,
        file_bytes: null,
        range_start: 100,
        ttfb_us: 2_000,
        duration_us: 123_456,
        cache: 'hit',
        miss_class: '',
        source: '',
        decision_id: '',
        pathway: '',
        country: 'DE',
        asn: 64_500,
        protocol: 'h2',
        cmcd: {
          br: '3200',
          bs: 'true',
          cid: 'film',
          d: '4000',
          ot: 'v',
          sf: 'h',
          sid: 's1',
          st: 'v',
          tb: '6000',
          v: '1',
        },
      },
    )
    assert.ok(!harness.log.records('delivery.requests')[0]!.value.includes('secret'))
  })

  it('version 2, too: lists in their own form, and no queries in them', async () => {
    const event = await taken({ url: inQuery('https://oca-1.example/film/3.m4v', V2) })
    assert.deepEqual([event['session_id'], event['path']], ['s2', '/film/3.m4v'])
    assert.deepEqual(
      { ...(event['cmcd'] as object) },
      { bl: '(2100;v)', br: '(3200;v 128;a)', cid: 'film', nor: '("4.m4v";r="0-99")', sid: 's2', sn: '3', v: '2' },
    )
  })

  it('headers count and the query does not, if there is any; empty ones are none', async () => {
    const headers = { cmcd_object: 'br=5', 'CMCD-Session': 'sid="h"', 'cmcd-status': '' }
    const both = await taken({ ...headers, url: inQuery('/3.m4v', V1) })
    assert.deepEqual({ ...(both['cmcd'] as object) }, { br: '5', sid: 'h', v: '1' })
    const empty = { cmcd_object: '', cmcd_request: '-', cmcd_session: null, cmcd_status: '' }
    assert.equal((await taken({ ...empty, url: inQuery('/3.m4v', V1) }))['session_id'], 's1')
  })

  it('unknown keys and mistyped values are left out and the others kept', async () => {
    const event = await taken({ url: inQuery('/3.m4v', 'bl=x,br=(300),e=ps,future=1,com.example-own="x",sid="s",v=2') })
    assert.deepEqual({ ...(event['cmcd'] as object) }, { br: '(300)', 'com.example-own': 'x', sid: 's', v: '2' })
  })

  it('numbers in quotes, and times as servers write them', async () => {
    for (const [time, ms] of [
      ['1790000100.250', NOW + 250],
      [NOW / 1_000, NOW],
      ['2026-09-21T14:15:00.000Z', NOW],
      ['2026-09-21T16:15:00+02:00', NOW],
    ] as const)
      assert.equal((await taken({ time }))['event_time'], ms, String(time))
    const event = await taken({ time: undefined, event_time: NOW + 7, status: '404', bytes: '0', duration: '0.001' })
    assert.deepEqual(
      ['event_time', 'status', 'bytes', 'duration_us', 'ttfb_us'].map((name) => event[name]),
      [NOW + 7, 404, 0, 1_000, null],
    )
  })

  it('the words of nginx, Varnish and CloudFront for a cache', async () => {
    for (const [word, cache] of [
      ['HIT', 'hit'],
      ['STALE', 'hit'],
      ['hit', 'hit'],
      ['RefreshHit', 'hit'],
      ['MISS', 'miss'],
      ['EXPIRED', 'miss'],
      ['pass', 'miss'],
      ['LimitExceeded', ''],
      ['-', ''],
    ] as const)
      assert.equal((await taken({ cache: word }))['cache'], cache, word)
  })

  it('any record that a player can write is taken', () =>
    fc.assert(
      fc.asyncProperty(valuesOf(2), valuesOf(1), async (two, one) => {
        const harness = await collector()
        const lines = [two, one].map((values, n) =>
          line({ url: inQuery('/x', encode({ ...values, sid: `s${n}`, custom: [] })) }),
        )
        assert.equal((await post(harness, ndjson(...lines))).json().accepted, 2)
      }),
      { numRuns: 40 },
    ))
})

describe('a request log', () => {
  it('a bad line is refused alone, by its number', async () => {
    const harness = await collector()
    const answer = await post(
      harness,
      ndjson(
        line(),
        '/film/3.m4v?CMCD=sid%3D%22s%22',
        line({ url: '/film/3.m4v' }),
        line({ url: inQuery('/x', 'sid="s",v=3') }),
        line({ url: inQuery('/x', 'br=5') }),
        line({ url: undefined }),
        line({ url: 5 }),
        line({ time: undefined }),
        line({ time: 'yesterday' }),
        line({ oca: undefined }),
        line({ status: 'ok' }),
        line({ duration: -1 }),
        line({ request_id: 'x' }),
        '["an array"]',
        '{"url":1,"url":2}',
        line({ url: inQuery('/film/4.m4v', V1) }),
      ),
    )
    const fault = (index: number, code: string, field?: string): object => ({ index, code, ...(field && { field }) })
    assert.deepEqual(answer.json(), {
      accepted: 2,
      duplicates: 0,
      rejected: [
        fault(1, 'json_invalid'),
        fault(2, 'cmcd_missing', 'url'),
        fault(3, 'cmcd_version', 'v'),
        fault(4, 'cmcd_session_missing', 'sid'),
        fault(5, 'field_missing', 'url'),
        fault(6, 'field_type', 'url'),
        fault(7, 'field_missing', 'time'),
        fault(8, 'field_type', 'time'),
        fault(9, 'field_missing', 'oca'),
        fault(10, 'field_type', 'status'),
        fault(11, 'field_type', 'duration'),
        fault(12, 'id_invalid', 'event_id'),
        fault(13, 'json_invalid'),
        fault(14, 'json_invalid'),
      ],
    })
    assert.equal(stored(harness).length, 2)
  })

  it('sent again is the same events, with and without ids of the appliance', async () => {
    const harness = await collector()
    const id = '0197a3c07b1e7cc398c4000000000001'
    const body = ndjson(line(), line({ request_id: id }))
    assert.equal((await post(harness, body)).json().accepted, 2)
    assert.deepEqual((await post(harness, body)).json(), { accepted: 0, duplicates: 2, rejected: [] })
    const other = line({ request_id: id, bytes: 7 })
    assert.deepEqual((await post(harness, ndjson(other))).json().rejected, [
      { index: 0, code: 'id_reuse', field: 'event_id' },
    ])
    assert.equal(stored(harness).length, 2)
  })

  it('is answered 204, or with the outcome of each line to a sender that asks', async () => {
    const harness = await collector()
    const quiet = await post(harness, ndjson(line(), 'nonsense'), { prefer: '' })
    assert.deepEqual([quiet.statusCode, quiet.body], [204, ''])
    const asked = await post(harness, ndjson(line()))
    assert.deepEqual([asked.statusCode, asked.headers['preference-applied']], [200, 'return=representation'])
    assert.match(
      (await harness.app.inject('/metrics')).body,
      /rejected_total\{topic="delivery.requests",code="json_invalid"\} 1/,
    )
  })

  it('needs a key for delivery.requests, the media type of NDJSON, and lines', async () => {
    const harness = await collector({ ingestKeys: ['oca@delivery.requests', 'player@playback.telemetry'] })
    const status = async (headers: Record<string, string>, body = ndjson(line())): Promise<number> =>
      (await post(harness, body, headers)).statusCode
    assert.equal(await status({}), 401)
    assert.equal(await status({ 'x-ingest-key': 'player' }), 403)
    assert.equal(await status({ 'x-ingest-key': 'oca' }), 200)
    for (const type of ['text/plain', 'application/json', 'application/cmcd', ''])
      assert.equal(await status({ 'x-ingest-key': 'oca', 'content-type': type }), 415, type)
    assert.equal(await status({ 'x-ingest-key': 'oca' }, '\n'), 400)
    const get = await harness.app.inject({ method: 'GET', url: URL })
    assert.deepEqual([get.statusCode, get.headers['allow']], [405, 'POST, OPTIONS'])
  })
})
