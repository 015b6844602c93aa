import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { validateCmcdEvents } from '@svta/cml-cmcd'
import fc from 'fast-check'
import { recordOf } from '../../platform/avro/samples.ts'
import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import { Decoder } from './decode.ts'
import { FIELDS, PREFIX } from './names.ts'
import { named } from './samples.ts'
import { encodeRecord, fromOwn, isOwn } from './telemetry.ts'
import type { CmcdRecord } from './types.ts'

type Event = TopicInputs['playback.telemetry']
const decoder = new Decoder()
const back = (text: string): Record<string, unknown> => named(fromOwn(decoder.decode(text) as CmcdRecord))

const EVENT: Event = {
  event_id: '0197a3c0-7b1e-7cc3-98c4-dc0c0c07398f',
  clock: 'live',
  event_time: 1_790_000_060_000,
  session_id: 's-1',
  instance: 1_790_000_000_000,
  segment: 2,
  seq: 6,
  session_start: 1_790_000_000_000,
  segment_start: 1_790_000_020_000,
  event: 't',
  state: 'p',
  title_id: 'title-1',
  country: 'DE',
  asn: 3320,
  playing_ms: 37_000,
  stall_connection_ms: 1_200,
  stall_connection_count: 1,
  bitrate_kbps: 5_128,
  buffer_ms: 12_340,
  playback_rate_permille: 1_250,
}

/** What a reader sees of an event: nothing where it is null or at its default. */
function plain(event: object): Record<string, unknown> {
  const defaults = new Map(FIELDS.map(({ name, fallback }) => [name, fallback]))
  return Object.fromEntries(
    Object.entries(event).filter(
      ([name, value]) =>
        value !== null &&
        value !== undefined &&
        (name === 'event' || name === 'state' || name === 'clock' || value !== defaults.get(name)),
    ),
  )
}

describe('our own players', () => {
  it('send a line of event mode, keys in order, what is at its default left out', () => {
    assert.equal(
      encodeRecord(EVENT),
      [
        'bl=(12340)',
        'br=(5128)',
        'cid="title-1"',
        'e=t',
        'org.playloop-asn="3320"',
        'org.playloop-country="DE"',
        'org.playloop-event-id="0197a3c0-7b1e-7cc3-98c4-dc0c0c07398f"',
        'org.playloop-instance="1790000000000"',
        'org.playloop-playing-ms="37000"',
        'org.playloop-segment="2"',
        'org.playloop-segment-start="1790000020000"',
        'org.playloop-session-start="1790000000000"',
        'org.playloop-stall-connection-count="1"',
        'org.playloop-stall-connection-ms="1200"',
        'pr=1.25',
        'sid="s-1"',
        'sn=6',
        'sta=p',
        'ts=1790000060000',
        'v=2',
      ].join(','),
    )
  })

  it('name their keys after the fields', () => {
    assert.equal(FIELDS.find(({ name }) => name === 'playing_ms')?.key, 'org.playloop-playing-ms')
    assert.ok(FIELDS.length > 70 && FIELDS.every(({ key }) => /^org\.playloop-[a-z-]+$/.test(key)))
    assert.ok(!FIELDS.some(({ name }) => name === 'received_time' || name === 'skew_ms'))
  })

  it('send what the reference library accepts', () => {
    assert.deepEqual(
      validateCmcdEvents(encodeRecord(EVENT)).issues.filter(({ severity }) => severity === 'error'),
      [],
    )
    const long = encodeRecord({ ...EVENT, profile_id: 'p'.repeat(150), event: 'odd', error_code: 'ä%\n' })
    assert.deepEqual(
      validateCmcdEvents(long).issues.filter(({ severity }) => severity === 'error'),
      [],
    )
    assert.match(long, /org\.playloop-profile-id\.2="p{22}"/)
  })

  it('lose nothing on the way: any event comes back as it was', () =>
    fc.assert(
      fc.property(recordOf('playback.telemetry'), fc.uuid(), (record, event_id) => {
        const { received_time: _, skew_ms: __, ...rest } = record
        const event = { ...rest, event_id, ...whole(rest) } as unknown as Event
        const line = encodeRecord(event)
        const names = line.split(/,(?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/).map((member) => member.split('=', 1)[0]!)
        assert.deepEqual(names, names.toSorted(), 'in alphabetical order, each once')
        const decoded = decoder.decode(line) as CmcdRecord
        assert.ok(isOwn(decoded))
        assert.equal(decoded.ignored, 0)
        assert.deepEqual(plain(named(fromOwn(decoded))), plain(event))
      }),
      { numRuns: 500 },
    ))

  it('a value that was spoilt on the way is left out, the rest stands', () => {
    const text = encodeRecord(EVENT)
      .replace('playing-ms="37000"', 'playing-ms="37e3"')
      .replace('segment="2"', 'segment=2')
      .replace('country="DE"', 'country=5')
    const { playing_ms, segment, country, asn } = back(`${text},${PREFIX}no-such="1"`)
    assert.deepEqual([playing_ms, segment, country, asn], [undefined, 2, undefined, 3_320])
  })
})

/** Numbers and texts as JSON can carry them: safe integers, well-formed, ids apart. */
function whole(record: object): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(record) as [string, unknown][]) {
    if (!FIELDS.some((field) => field.name === name)) values[name] = undefined
    else if (typeof value === 'number') values[name] = Math.trunc(value / 2) || 0
    else if (typeof value === 'string') values[name] = value.toWellFormed()
  }
  return values
}
