import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { newest } from '../../schemas/catalogue.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { Fault } from './faults.ts'
import { OPEN_TOPICS } from './pipeline.ts'
import { Text } from './parse/text.ts'
import { BEAT, bench, stamp, validRecord, type Bench, type Values } from './samples.ts'

/** Takes one datum; 'unreadable' when its end could not be found. */
function take({ reader, batch }: Bench, datum: Buffer): Fault | 'unreadable' | undefined {
  batch.reset()
  const to = reader.take(new Text(datum), 0, datum.length, stamp, batch)
  if (to === -1) return 'unreadable'
  return reader.fault ?? (to === datum.length ? undefined : 'unreadable')
}

describe('a datum is taken as it is, with the stamps of the collector', () => {
  for (const topic of OPEN_TOPICS) {
    it(topic, () => {
      const own = bench(topic)
      fc.assert(
        fc.property(
          validRecord(topic, own.plan),
          fc.option(fc.integer()),
          fc.maxSafeInteger(),
          (record, skew, received) => {
            assert.equal(
              take(own, own.type.toBuffer({ ...record, received_time: Math.trunc(received / 2), skew_ms: skew })),
              undefined,
            )
            assert.deepEqual(own.last(), own.type.toBuffer(record))
          },
        ),
        { numRuns: 100 },
      )
    })
  }

  it('gives the same identity as JSON to an event without one', () => {
    const own = bench('playback.telemetry')
    const { event_id: _, ...event } = BEAT
    take(own, own.type.toBuffer({ ...event, event_id: Buffer.alloc(16), received_time: 0 }))
    const fromAvro = own.last()
    const text = Buffer.from(JSON.stringify(event))
    own.batch.reset()
    own.encoder.encode(new Text(text), 0, text.length, stamp, own.batch)
    assert.deepEqual(fromAvro, own.last())
    assert.notDeepEqual(fromAvro.subarray(0, 16), Buffer.alloc(16))
  })
})

describe('a bad datum is refused', () => {
  /** Writes what the topic's own type could not: the field as a long, bytes or a wider union. */
  const written = (topic: TopicName, record: Values, change: Values, as: Record<string, unknown> = {}): Buffer => {
    const schema = structuredClone(newest(topic).json) as { fields: { name: string; type: unknown }[] }
    for (const field of schema.fields) if (Object.hasOwn(as, field.name)) field.type = as[field.name]
    return avsc.Type.forSchema(schema as avsc.Schema).toBuffer({ ...record, ...change, received_time: 1 })
  }
  const beat = { ...BEAT, event_id: Buffer.from('0197a3c07b1e7cc398c4dc0c0c07398f', 'hex') }
  const action = { event_id: Buffer.alloc(16, 1), clock: 'live', event_time: 1, profile_id: 'p', action: 'play' }
  const cases: readonly [topic: TopicName, change: Values, as: Record<string, unknown>, code: string, field: string][] =
    [
      ['playback.telemetry', { session_id: '' }, {}, 'field_empty', 'session_id'],
      ['playback.telemetry', { session_id: 'x'.repeat(4_097) }, {}, 'field_too_long', 'session_id'],
      ['playback.telemetry', { title_id: Buffer.from([0xff]) }, { title_id: 'bytes' }, 'field_type', 'title_id'],
      ['playback.telemetry', { seq: 2 ** 31 }, { seq: 'long' }, 'field_range', 'seq'],
      ['playback.telemetry', { seq: -1 }, {}, 'field_negative', 'seq'],
      ['playback.telemetry', { playing_ms: -1 }, {}, 'field_negative', 'playing_ms'],
      ['playback.telemetry', { event_time: 7_258_118_400_001 }, {}, 'field_range', 'event_time'],
      ['playback.telemetry', { clock: 'mars' }, {}, 'clock_unknown', 'clock'],
      ['viewer.actions', { propensity: Infinity }, {}, 'field_range', 'propensity'],
      [
        'viewer.actions',
        { results: [Buffer.from([0xc3])] },
        { results: { type: 'array', items: 'bytes' } },
        'field_type',
        'results',
      ],
    ]
  for (const [topic, change, as, code, field] of cases) {
    it(`${topic} ${Object.keys(change)[0]}: ${code}`, () => {
      assert.deepEqual(take(bench(topic), written(topic, topic === 'viewer.actions' ? action : beat, change, as)), {
        code,
        field,
      })
    })
  }

  it('cut off anywhere', () => {
    const own = bench('viewer.actions')
    const datum = own.type.toBuffer({ ...action, received_time: 1, results: ['a', 'b'], attributes: { a: 'b' } })
    for (let length = 0; length < datum.length; length++)
      assert.equal(take(own, datum.subarray(0, length)), 'unreadable', `${length} bytes`)
  })

  it('of any bytes, without throwing or reading beyond them; what is taken avsc can read', () => {
    const own = bench('viewer.actions')
    const datum = own.type.toBuffer({
      ...action,
      received_time: 1,
      results: ['a', 'b'],
      attributes: { a: 'b' },
      propensity: 0.5,
    })
    const mutated = fc
      .tuple(fc.nat(datum.length - 1), fc.nat(255))
      .map(([at, byte]) => Buffer.from(datum.with(at, byte)))
    fc.assert(
      fc.property(
        fc.oneof(
          mutated,
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          if (take(own, bytes) !== undefined) return
          const record = own.type.fromBuffer(own.last()) as Values
          assert.equal(record['received_time'], stamp.receivedTime)
        },
      ),
      { numRuns: 5_000 },
    )
  })
})
