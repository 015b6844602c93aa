import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TOPICS, type TopicName } from '../../schemas/topics.ts'
import type { Fault } from './faults.ts'
import { OPEN_TOPICS } from './pipeline.ts'
import { Text } from './parse/text.ts'
import { BEAT, bench, jsonForm, stamp, validRecord, type Bench, type Values } from './samples.ts'

/** Encodes one text; answers the fault, or nothing. */
function encode({ encoder, batch }: Bench, text: string | Buffer): Fault | undefined {
  const body = Buffer.from(text)
  batch.reset()
  return encoder.encode(new Text(body), 0, body.length, stamp, batch) === -1 ? encoder.fault : undefined
}

/** Every way to write the same object: order of fields, white space, escapes. */
const spellings: fc.Arbitrary<(value: Values) => string> = fc
  .record({ reverse: fc.boolean(), indent: fc.nat(2), escape: fc.boolean() })
  .map(({ reverse, indent, escape }) => (value) => {
    const entries = Object.entries(value)
    const text = JSON.stringify(Object.fromEntries(reverse ? entries.reverse() : entries), null, indent)
    return escape ? text.replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : text
  })

describe('the encoder writes what avsc writes', () => {
  for (const topic of OPEN_TOPICS) {
    it(topic, () => {
      const own = bench(topic)
      const names = own.plan.names.filter((_, field) => own.plan.required[field] === 0)
      const left = fc.subarray(names)
      fc.assert(
        fc.property(validRecord(topic, own.plan), left, spellings, (record, without, spell) => {
          const leftOut = without.filter((name) => name !== TOPICS[topic].key)
          const text = spell(jsonForm(own.plan, record, (name) => leftOut.includes(name)))
          assert.equal(encode(own, text), undefined, text)
          const full = { ...record }
          for (const name of leftOut)
            if (!['event_id', 'received_time', 'skew_ms'].includes(name)) full[name] = undefined
          assert.deepEqual(own.last(), own.type.toBuffer(full))
        }),
        { numRuns: 150 },
      )
    })
  }
})

describe('spelling', () => {
  const own = bench('playback.telemetry')
  const encoded = (text: string): Buffer => {
    assert.equal(encode(own, text), undefined, text)
    return own.last()
  }
  const plain = encoded(JSON.stringify(BEAT))

  it('space wherever JSON allows it, and order, change nothing', () => {
    const spaced = Object.entries(BEAT)
      .reverse()
      .map(([name, value]) => `\n\t"${name}" \r\n : ${JSON.stringify(value)} `)
      .join(',')
    assert.deepEqual(encoded(` {${spaced}} `), plain)
  })

  it('numbers may be written with a fraction of zero or an exponent', () => {
    const text = JSON.stringify(BEAT)
    assert.deepEqual(
      encoded(text.replace('57000', '57000.0').replace('"seq":6', '"seq":60e-1').replace('1200', '1.2e3')),
      plain,
    )
  })

  it('a client that left a field out, or added one, is read like before', () => {
    const { title_id: _, ...without } = BEAT
    encoded(JSON.stringify(without))
    encoded(JSON.stringify({ ...BEAT, oca: 'oca-1', asn: 3_320 }))
    assert.deepEqual(encoded(JSON.stringify(BEAT)), plain)
  })

  it('what an earlier event held does not show in the next', () => {
    encoded(
      JSON.stringify({
        ...BEAT,
        title_id: 'gr\u00f6\u00dfe\\',
        startup_ms: 812,
        playback_rate_permille: 2_000,
        rendition: 'x',
      }),
    )
    assert.deepEqual(encoded(JSON.stringify(BEAT)), plain)
  })
})

describe('the message key', () => {
  it('is the bytes of the key field', () => {
    const own = bench('playback.telemetry')
    encode(own, JSON.stringify({ ...BEAT, session_id: 'größe' }))
    assert.equal(own.batch.take(() => true).messages[0]!.key.toString(), 'größe')
  })
})

describe('identity', () => {
  const own = bench('playback.telemetry')
  const idOf = (event: Values, receivedTime = stamp.receivedTime): string => {
    const body = Buffer.from(JSON.stringify(event))
    own.batch.reset()
    own.encoder.encode(new Text(body), 0, body.length, { receivedTime, skew: receivedTime % 7 }, own.batch)
    return own.last().toString('hex', 0, 16)
  }
  const { event_id: _, ...nameless } = BEAT

  it('is what the client sent, dashes or not', () => {
    assert.equal(idOf(BEAT), '0197a3c07b1e7cc398c4dc0c0c07398f')
    assert.equal(idOf({ ...BEAT, event_id: '0197A3C07B1E7CC398C4DC0C0C07398F' }), '0197a3c07b1e7cc398c4dc0c0c07398f')
  })

  it('is a hash of the canonical bytes when missing: the same at every resend, whatever the stamps', () => {
    assert.equal(idOf(nameless, 1_790_000_000_000), idOf(nameless, 1_790_000_999_999))
    assert.equal(idOf(nameless), idOf({ ...nameless, oca: '' }), 'a default spelt out is the same event')
    assert.notEqual(idOf(nameless), idOf({ ...nameless, seq: 7 }))
  })
})

describe('every kind of wrong value is refused with its code and field', () => {
  const cases: readonly [topic: TopicName, change: Values | string, code: string, field?: string][] = [
    ['playback.telemetry', { colour: 'red' }, 'field_unknown', 'colour'],
    ['playback.telemetry', { session_id: undefined }, 'field_missing', 'session_id'],
    ['playback.telemetry', { received_time: 5 }, 'field_reserved', 'received_time'],
    ['playback.telemetry', { skew_ms: null }, 'field_reserved', 'skew_ms'],
    ['playback.telemetry', { session_id: 5 }, 'field_type', 'session_id'],
    ['playback.telemetry', { session_id: null }, 'field_type', 'session_id'],
    ['playback.telemetry', { session_id: ['x'] }, 'field_type', 'session_id'],
    ['playback.telemetry', { session_id: '' }, 'field_empty', 'session_id'],
    ['playback.telemetry', { session_id: 'x'.repeat(4_097) }, 'field_too_long', 'session_id'],
    ['playback.telemetry', { title_id: '\u00e9\n'.repeat(2_000) }, 'field_too_long', 'title_id'],
    ['playback.telemetry', { country: 'x'.repeat(257) }, 'field_too_long', 'country'],
    ['playback.telemetry', { seq: '6' }, 'field_type', 'seq'],
    ['playback.telemetry', { seq: 6.5 }, 'field_type', 'seq'],
    ['playback.telemetry', { seq: true }, 'field_type', 'seq'],
    ['playback.telemetry', { seq: null }, 'field_type', 'seq'],
    ['playback.telemetry', { seq: -1 }, 'field_negative', 'seq'],
    ['playback.telemetry', { seq: 2 ** 31 }, 'field_range', 'seq'],
    ['playback.telemetry', { playing_ms: -1 }, 'field_negative', 'playing_ms'],
    ['playback.telemetry', { bytes_loaded: 2 ** 53 }, 'field_range', 'bytes_loaded'],
    ['playback.telemetry', { playhead_ms: -(2 ** 53) }, 'field_range', 'playhead_ms'],
    ['playback.telemetry', { event_time: -1 }, 'field_negative', 'event_time'],
    ['playback.telemetry', { event_time: 7_258_118_400_001 }, 'field_range', 'event_time'],
    ['playback.telemetry', { event_id: 'not-an-id' }, 'id_invalid', 'event_id'],
    ['playback.telemetry', { event_id: 5 }, 'id_invalid', 'event_id'],
    ['playback.telemetry', { event_id: 'g'.repeat(32) }, 'id_invalid', 'event_id'],
    ['playback.telemetry', { clock: 'mars' }, 'clock_unknown', 'clock'],
    ['playback.telemetry', { clock: 'replay:' }, 'clock_unknown', 'clock'],
    ['playback.telemetry', '{"seq":1,"seq":1}', 'field_repeated', 'seq'],
    ['playback.telemetry', '{"seq":01}', 'json_invalid', 'seq'],
    ['playback.telemetry', '{"seq":1,}', 'json_invalid'],
    ['playback.telemetry', '{"seq" 1}', 'json_invalid'],
    ['playback.telemetry', '{"seq":1', 'json_invalid'],
    ['playback.telemetry', '{"session_id":"a\nb"}', 'json_invalid', 'session_id'],
    ['playback.telemetry', '{"session_id":"a\\x"}', 'json_invalid', 'session_id'],
    ['playback.telemetry', '[]', 'json_invalid'],
    ['playback.telemetry', 'null', 'json_invalid'],
    ['playback.telemetry', '', 'json_invalid'],
    ['viewer.actions', { propensity: 'high' }, 'field_type', 'propensity'],
    ['viewer.actions', '{"propensity":1e999}', 'field_range', 'propensity'],
    ['viewer.actions', { results: 'x' }, 'field_type', 'results'],
    ['viewer.actions', { results: [5] }, 'field_type', 'results'],
    ['viewer.actions', { attributes: { a: 1 } }, 'field_type', 'attributes'],
    ['viewer.actions', { attributes: [] }, 'field_type', 'attributes'],
    ['experiment.exposures', { in_experiment: 1 }, 'field_type', 'in_experiment'],
    ['delivery.fills', { sha256: '***' }, 'field_type', 'sha256'],
    ['oca.reports', { asns: [2 ** 31] }, 'field_range', 'asns'],
    ['catalog.titles', { licences: [{ region: 'DE', from: 1 }] }, 'field_missing', 'licences'],
    ['catalog.titles', { licences: [{ region: 'DE', from: 1, to: 2, x: 3 }] }, 'field_unknown', 'licences'],
    ['catalog.titles', { licences: [{ region: 'DE', from: -1, to: 2 }] }, 'field_range', 'licences'],
  ]
  for (const [topic, change, code, field] of cases) {
    const shown = typeof change === 'string' ? change : JSON.stringify(change).slice(0, 60)
    it(`${topic} ${shown}: ${code}`, () => {
      const base = topic === 'playback.telemetry' ? BEAT : { clock: 'live', event_time: 1 }
      const fault = encode(bench(topic), typeof change === 'string' ? change : JSON.stringify({ ...base, ...change }))
      assert.deepEqual(fault, field === undefined ? { code } : { code, field })
    })
  }

  it('what is too large once encoded', () => {
    const own = bench('viewer.actions')
    const event = {
      clock: 'live',
      event_time: 1,
      profile_id: 'p',
      action: 'search',
      results: Array.from({ length: 70_000 }, () => 'abcd'),
    }
    assert.equal(encode(own, JSON.stringify(event)), undefined)
    assert.deepEqual(own.batch.rejected, [{ index: 0, code: 'event_too_large' }])
    assert.equal(own.batch.count, 0)
  })
})

describe('the encoder and JSON.parse agree on what JSON is', () => {
  const own = bench('playback.telemetry')
  const good = JSON.stringify({
    ...BEAT,
    startup_ms: 812,
    title_id: 'gr\u00f6\u00dfe "x" \\',
    playback_rate_permille: -1000,
  })
  const mutated = fc
    .tuple(fc.nat(good.length - 1), fc.nat(3), fc.constantFrom(...'"\\{}[],:0-9.eE+tnul \n\u00fc\0'))
    .map(([at, remove, insert]) => good.slice(0, at) + insert + good.slice(at + remove))
  const anything = fc.oneof(
    mutated,
    fc.json(),
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  )

  it('never throws, and takes only what JSON.parse and avsc read as well', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const body = Buffer.from(text)
        own.batch.reset()
        const after = own.encoder.encode(new Text(body), 0, body.length, stamp, own.batch)
        if (after === -1) return
        // What follows an object is its reader's business.
        const parsed = JSON.parse(body.toString('utf8', 0, after)) as Values
        const record = own.type.fromBuffer(own.last()) as Values
        for (const name of ['session_id', 'seq', 'event_time', 'title_id'])
          assert.equal(record[name], parsed[name] ?? '')
      }),
      { numRuns: 3_000 },
    )
  })
})
