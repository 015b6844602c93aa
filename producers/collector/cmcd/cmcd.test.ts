import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Geo } from '../../../platform/geo/port.ts'
import type { TopicInputs } from '../../../schemas/generated/inputs.ts'
import { encodeRecord } from '../../cmcd/index.ts'
import { FIELDS } from '../../cmcd/names.ts'
import { plainText } from '../../cmcd/samples.ts'
import { beat, collector, datum, frame, NOW, type Harness } from '../harness.ts'
import { BEAT, type Values } from '../samples.ts'

const URL = '/v1/cmcd'
const post = (
  { post: send }: Harness,
  body: string | Buffer,
  headers: Record<string, string> = {},
): ReturnType<Harness['post']> => send(body, { 'content-type': 'application/cmcd', ...headers }, URL)
const own = (event: Values): string => encodeRecord(event as unknown as TopicInputs['playback.telemetry'])
const line = (sid: string, rest = ''): string => `e=t,sid="${sid}",sn=1,sta=p,ts=${NOW}${rest},v=2`
const rejected = async ({ app }: Harness, code: string): Promise<number> =>
  Number(
    new RegExp(`rejected_total\\{topic="playback.telemetry",code="${code}"\\} (\\d+)`).exec(
      (await app.inject('/metrics')).body,
    )?.[1] ?? 0,
  )

/**
 * Events that the collector's guard lets pass: counters small beside the 60 s of the segment; any text, any reading.
 */
const text = fc.oneof(plainText(100), fc.string({ unit: 'binary', maxLength: 50 }))
const reading = fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { nil: undefined })
const HEAD = new Set(Object.keys(BEAT))
const event = fc
  .record(
    Object.fromEntries(
      FIELDS.filter(({ name }) => !HEAD.has(name) || name === 'event' || name === 'state' || name === 'title_id').map(
        ({ name, isText, fallback }) => [
          name,
          isText
            ? text
            : name.startsWith('startup')
              ? fc.option(fc.nat(60_000), { nil: null })
              : fallback === null
                ? reading
                : fc.nat(7_000),
        ],
      ),
    ),
    { noNullPrototype: true },
  )
  .map((change): Values => ({ ...BEAT, ...change, starting_ms: 0, playing_ms: 0 }))

describe('records of our own players', () => {
  it('become, to the byte, the event that their JSON is', () =>
    fc.assert(
      fc.asyncProperty(event, fc.boolean(), fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (values, hasId, seq) => {
        const sent: Values = {
          ...values,
          seq,
          session_id: `s-${String(values['rendition']).slice(0, 40)}`,
          event_id: hasId ? `0197a3c0-7b1e-7cc3-98c4-${seq.toString(16).padStart(12, '0')}` : undefined,
        }
        const [byJson, byCmcd] = [await collector(), await collector()]
        const answer = await byJson.post(JSON.stringify(sent), { 'content-type': 'application/json' })
        assert.deepEqual(answer.json(), { accepted: 1, duplicates: 0, rejected: [] })
        assert.equal((await post(byCmcd, own(sent))).statusCode, 204)
        assert.deepEqual(
          byCmcd.log.records('playback.telemetry').map(({ key, value }) => [key, value]),
          byJson.log.records('playback.telemetry').map(({ key, value }) => [key, value]),
        )
        assert.equal(byCmcd.stored().length, 1)
      }),
      { numRuns: 60 },
    ))

  it('are duplicates of one another, whichever way they come', async () => {
    const harness = await collector()
    const sent = beat()
    await harness.post(JSON.stringify(sent), { 'content-type': 'application/json' })
    assert.equal((await post(harness, `${own(sent)}\n${own(sent)}`)).statusCode, 204)
    assert.equal(harness.stored().length, 1)
    assert.match((await harness.app.inject('/metrics')).body, /outcome="duplicate"\} 2/)
  })

  it('are refused as their JSON is: counters beyond the time there was', async () => {
    const harness = await collector()
    assert.equal((await post(harness, own(beat({ playing_ms: 999_000 })))).statusCode, 204)
    assert.equal(harness.stored().length, 0)
    assert.equal(await rejected(harness, 'time_exceeds_wall'), 1)
  })
})

describe('records of other players', () => {
  it('are all taken, however often a start-up delay is repeated and whatever else they count', async () => {
    const harness = await collector()
    const lines = Array.from(
      { length: 5 },
      (_, i) =>
        `bsda=(${i * 9_000};v),dfa=${i * 500},e=t,msd=800,sid="s",sn=${i},sta=p,ts=${NOW - 60_000 + i * 1_000},v=2`,
    )
    assert.equal((await post(harness, lines.join('\n'))).statusCode, 204)
    assert.deepEqual(
      harness.stored().map(({ startup_ms, starting_ms, session_start }) => [startup_ms, starting_ms, session_start]),
      lines.map(() => [800, 0, 0]),
    )
  })

  it('become telemetry of the source cmcd, and a resend is known', async () => {
    const harness = await collector()
    const body = `bl=(9000;v),br=(5000;v),bsa=(1;v),bsda=(900;v),cid="film",e=ps,msd=800,sid="s9",sn=3,sta=p,ts=${NOW},v=2`
    for (const type of ['application/cmcd', 'text/cmcd; charset=utf-8'])
      assert.equal(
        (
          await post(harness, body.replace('bsda=(900', 'bsda=(90').replace('bsa=(1', 'bsa=(1'), {
            'content-type': type,
          })
        ).statusCode,
        204,
      )
    const [record, ...more] = harness.stored()
    assert.equal(more.length, 0)
    const {
      session_id,
      instance,
      segment,
      seq,
      state,
      startup_ms,
      session_start,
      stall_connection_ms,
      buffer_ms,
      bitrate_kbps,
      title_id,
      source,
      event: token,
    } = record!
    assert.deepEqual(
      {
        session_id,
        instance,
        segment,
        seq,
        state,
        startup_ms,
        session_start,
        stall_connection_ms,
        buffer_ms,
        bitrate_kbps,
        title_id,
        source,
        token,
      },
      {
        session_id: 's9',
        instance: 0,
        segment: 0,
        seq: 3,
        state: 'p',
        startup_ms: 800,
        session_start: 0,
        stall_connection_ms: 90,
        buffer_ms: 9_000,
        bitrate_kbps: 5_000,
        title_id: 'film',
        source: 'cmcd',
        token: 'ps',
      },
    )
  })

  it('lines apart by LF or CR LF, empty ones nothing, gzip or not', async () => {
    const harness = await collector()
    const body = `${line('a')}\r\n\n${line('b')}\n${line('c')}`
    assert.equal((await post(harness, gzipSync(body), { 'content-encoding': 'gzip' })).statusCode, 204)
    assert.deepEqual(
      harness
        .stored()
        .map(({ session_id }) => session_id)
        .sort(),
      ['a', 'b', 'c'],
    )
  })

  it('what is no telemetry is refused by itself, and counted', async () => {
    const harness = await collector()
    const lines = [
      line('a'),
      `e=t,sn=1,ts=${NOW},v=2`,
      'e=t,sid="a",sn=2,v=2',
      `sid="a",ts=${NOW},v=3`,
      'sid="a",br=500',
      'nonsense',
      `sid="",ts=${NOW},v=2`,
      line('b'),
    ]
    assert.equal((await post(harness, lines.join('\n'))).statusCode, 204)
    assert.equal(harness.stored().length, 2)
    assert.deepEqual(
      [
        await rejected(harness, 'cmcd_session_missing'),
        await rejected(harness, 'cmcd_time_missing'),
        await rejected(harness, 'cmcd_version'),
      ],
      [2, 3, 1],
    )
  })

  it('no URL of a record comes into the log', async () => {
    const harness = await collector()
    const secret = 'token-4711'
    await post(
      harness,
      `e=rr,ec=("GET https://c.example/a?${secret}"),nor=("b?${secret}"),rc=200,sid="s",sn=1,ts=${NOW},url="https://c.example/a?${secret}",v=2`,
    )
    const [{ value } = assert.fail()] = harness.log.records('playback.telemetry')
    assert.ok(!value.includes(secret))
  })
})

describe('what the collector sees of a client', () => {
  const geo: Geo = {
    country: (address) => (address === '198.51.100.7' ? 'SE' : address === '203.0.113.9' ? 'NO' : ''),
    asn: (address) => (address === '198.51.100.7' ? 64_500 : 0),
  }
  const phone = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Mobile/15E148' }

  it('stands in columns of its own, and only where the record does not say', async () => {
    const harness = await collector({ trustedProxies: ['127.0.0.1'] }, {}, geo)
    await post(harness, line('plain'), { ...phone, 'x-forwarded-for': '198.51.100.7' })
    await post(harness, own(beat({ session_id: 'own', country: 'DE', asn: 0, device: 'tv' })), {
      ...phone,
      'x-forwarded-for': '198.51.100.7',
    })
    const seen = harness.stored().map(({ session_id, country, asn, device, ip_country, ip_asn, ua_device }) => ({
      session_id,
      country,
      asn,
      device,
      ip_country,
      ip_asn,
      ua_device,
    }))
    assert.deepEqual(
      seen.toSorted((a, b) => String(b.session_id).localeCompare(String(a.session_id))),
      [
        { session_id: 'plain', country: '', asn: 0, device: '', ip_country: 'SE', ip_asn: 64_500, ua_device: 'phone' },
        { session_id: 'own', country: 'DE', asn: 0, device: 'tv', ip_country: '', ip_asn: 64_500, ua_device: '' },
      ],
    )
  })

  it('is no part of what identifies a resend: from another network and device it is the same event', async () => {
    for (const body of [line('s'), own(beat({ country: '' }))]) {
      const harness = await collector({ trustedProxies: ['127.0.0.1'] }, {}, geo)
      await post(harness, body, { ...phone, 'x-forwarded-for': '198.51.100.7' })
      await post(harness, body, { 'x-forwarded-for': '203.0.113.9' })
      assert.equal(harness.stored().length, 1)
      assert.equal(await rejected(harness, 'id_reuse'), 0)
      assert.match((await harness.app.inject('/metrics')).body, /outcome="duplicate"\} 1/)
    }
  })

  it('counts the last hop that is not a proxy of ours; without proxies the socket alone', async () => {
    const country = async (proxies: string[], forwarded: string): Promise<unknown> => {
      const harness = await collector({ trustedProxies: proxies }, {}, geo)
      await post(harness, line('s'), { 'x-forwarded-for': forwarded })
      return harness.stored()[0]!['ip_country']
    }
    assert.equal(
      await country(['127.0.0.0/8'], '203.0.113.9, 198.51.100.7'),
      'SE',
      'what a client claims before it is not believed',
    )
    assert.equal(await country(['127.0.0.0/8', '198.51.100.0/24'], '203.0.113.9, 198.51.100.7'), 'NO')
    assert.equal(await country(['10.0.0.0/8'], '198.51.100.7'), '')
    assert.equal(await country([], '198.51.100.7'), '')
    assert.equal(await country(['127.0.0.1'], 'rubbish, \u0000'), '')
  })

  it('cannot be told by a client', async () => {
    const harness = await collector()
    for (const field of ['ip_country', 'ip_asn', 'ua_device']) {
      assert.deepEqual((await harness.post(JSON.stringify(beat({ [field]: 'SE' })))).json().rejected, [
        { index: 0, code: 'field_reserved', field },
      ])
    }
    const sent = frame(datum(beat({ ip_country: 'SE', ip_asn: 5, ua_device: 'tv' })))
    assert.equal((await harness.post(sent, { 'content-type': 'application/avro' })).json().accepted, 1)
    const [{ ip_country, ip_asn, ua_device } = assert.fail()] = harness.stored()
    assert.deepEqual([ip_country, ip_asn, ua_device], ['', 0, ''])
  })
})
