import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { newest } from '../../schemas/catalogue.ts'
import { formatUuid } from '../../platform/ids.ts'
import type { Fault } from './faults.ts'
import { guardOf, type Guard } from './guard.ts'
import { Text } from './parse/text.ts'
import { BEAT, bench, jsonForm, stamp, validRecord, type Bench, type Values } from './samples.ts'
import { ValuesEncoder } from './values-encoder.ts'

const TOPIC = 'playback.telemetry'
const pass: Guard = () => undefined
type Outcome = Buffer | Fault | undefined

/** Both ways of an event into the log: as JSON, and as the values of its fields. */
function bothOf(guard: (of: Bench) => Guard): (event: Values) => { byJson: Outcome; byValues: Outcome } {
  const json = bench(TOPIC)
  const jsonGuarded = bench(TOPIC, guard(json))
  const values = bench(TOPIC)
  const encoder = new ValuesEncoder(values.plan, newest(TOPIC).id, guard(values))
  return (event) => {
    jsonGuarded.batch.reset()
    values.batch.reset()
    const text = new Text(Buffer.from(JSON.stringify(event)))
    const after = jsonGuarded.encoder.encode(text, 0, text.bytes.length, stamp, jsonGuarded.batch)
    const list = values.plan.names.map((name) => event[name] as string | number | undefined)
    const fault = encoder.encode(
      list.map((value) => value ?? undefined),
      stamp,
      values.batch,
    )
    return { byJson: after === -1 ? jsonGuarded.encoder.fault : jsonGuarded.last(), byValues: fault ?? values.last() }
  }
}

/** In the order of the schema: the first fault is told. */
const inOrder = (event: Values): Values =>
  Object.fromEntries(
    bench(TOPIC).plan.names.flatMap((name) =>
      event[name] === undefined || event[name] === null ? [] : [[name, event[name]]],
    ),
  )

describe('an event by its values', () => {
  const { plan } = bench(TOPIC)
  const both = bothOf(() => pass)
  const guarded = bothOf(({ plan: { names } }) => guardOf(TOPIC, (name) => names.indexOf(name)))

  it('is, to the byte, what its JSON is', () =>
    fc.assert(
      fc.property(
        validRecord(TOPIC, plan),
        fc.constantFrom('text', 'hex', 'none'),
        fc.func(fc.boolean()),
        (record, id, left) => {
          const event = jsonForm(plan, record, (name) => plan.required[plan.names.indexOf(name)] === 0 && left(name))
          if (id === 'none') delete event['event_id']
          if (id === 'text') event['event_id'] = formatUuid(record['event_id'] as Uint8Array)
          const { byJson, byValues } = both(inOrder(event))
          assert.ok(Buffer.isBuffer(byJson), JSON.stringify(byJson))
          assert.deepEqual(byValues, byJson)
        },
      ),
      { numRuns: 1_000 },
    ))

  const wrong: readonly Values[] = [
    { event_id: 'x' },
    { event_id: '' },
    { event_id: 'g'.repeat(32) },
    { event_id: '0'.repeat(400) },
    { event_id: 'é'.repeat(32) },
    { clock: 'mars' },
    { clock: '' },
    { event_time: -1 },
    { event_time: 9e12 },
    { event_time: 'now' },
    { session_id: '' },
    { session_id: undefined },
    { instance: -1 },
    { segment: 2 ** 31 },
    { segment: 1.5 },
    { seq: undefined },
    { event: 5 },
    { country: 'D'.repeat(257) },
    { country: '€'.repeat(100) },
    { title_id: 't'.repeat(4_097) },
    { playing_ms: -5 },
    { playing_ms: 1e16 },
    { received_time: 5 },
    { skew_ms: 5 },
    { playing_ms: 999_000 },
    { stall_connection_count: 900_000 },
    { session_start: (BEAT['event_time'] as number) + 9_000 },
    { buffer_ms: -(2 ** 31) - 1 },
  ]
  for (const change of wrong) {
    it(`is refused as its JSON is: ${JSON.stringify(change).slice(0, 60)}`, () => {
      const { byJson, byValues } = guarded(inOrder({ ...BEAT, ...change }))
      assert.ok(!Buffer.isBuffer(byJson))
      assert.deepEqual(byValues, byJson)
    })
  }

  it('leaves nothing of one event in the next', () => {
    const alone = guarded(inOrder(BEAT)).byValues
    guarded(inOrder({ ...BEAT, title_id: 'x'.repeat(100), oca: 'o', buffer_ms: 7, session_id: 5 }))
    assert.deepEqual(guarded(inOrder(BEAT)).byValues, alone)
    assert.deepEqual(guarded(inOrder({ ...BEAT, session_id: undefined })).byValues, {
      code: 'field_missing',
      field: 'session_id',
    })
  })

  it('is text of any length and script', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 90 }),
        fc.string({ maxLength: 200 }),
        (rendition, app_version) => {
          const { byJson, byValues } = both(inOrder({ ...BEAT, rendition, title_id: app_version }))
          assert.deepEqual(byValues, byJson)
        },
      ),
    ))
})
