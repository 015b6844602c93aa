import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { guardOf, SLACK_MS } from './guard.ts'
import type { Fault } from './faults.ts'
import { Text } from './parse/text.ts'
import { BEAT, bench, stamp, type Values } from './samples.ts'

const { plan } = bench('playback.telemetry')
const own = bench(
  'playback.telemetry',
  guardOf('playback.telemetry', (name) => plan.names.indexOf(name)),
)
const START = 1_790_000_000_000
const quiet = { ...BEAT, playing_ms: 0, starting_ms: 0, stall_connection_ms: 0 }

function judge(change: Values): Fault | undefined {
  const body = Buffer.from(JSON.stringify({ ...quiet, ...change }))
  own.batch.reset()
  return own.encoder.encode(new Text(body), 0, body.length, stamp, own.batch) === -1 ? own.encoder.fault : undefined
}

describe('the guard of a maximum that never forgets', () => {
  it('takes an honest beat', () => assert.equal(judge(BEAT), undefined))

  it('allows the time since the segment began and five seconds', () => {
    assert.equal(judge({ playing_ms: 60_000 + SLACK_MS }), undefined)
    assert.deepEqual(judge({ playing_ms: 60_001 + SLACK_MS }), { code: 'time_exceeds_wall', field: 'segment_start' })
  })

  it('adds up all states: none may hide in another', () => {
    assert.deepEqual(judge({ playing_ms: 40_000, paused_ms: 25_001 }), {
      code: 'time_exceeds_wall',
      field: 'segment_start',
    })
  })

  it('counts from the segment, not from the session', () => {
    assert.deepEqual(judge({ segment_start: START + 50_000, playing_ms: 20_000 }), {
      code: 'time_exceeds_wall',
      field: 'segment_start',
    })
  })

  it('refuses a segment or session that begins after the event', () => {
    assert.deepEqual(judge({ segment_start: START + 65_001 }), { code: 'time_exceeds_wall', field: 'segment_start' })
    assert.deepEqual(judge({ session_start: START + 65_001 }), { code: 'time_exceeds_wall', field: 'session_start' })
  })

  for (const [field, value] of Object.entries({
    media_ms: 16 * 65_000 + 1,
    frames_rendered: 65_001,
    ad_playing_ms: 65_001,
    stall_connection_count: 70_000,
    bytes_loaded: 1e12,
    startup_ms: 65_001,
    bits_played: 2 ** 53 - 1,
    requests: 65_001,
  })) {
    it(`${field} = ${value} after a minute is refused`, () =>
      assert.deepEqual(judge({ [field]: value }), { code: 'counter_exceeds_time', field }))
  }

  it('holds for CMCD start-ups that are still unknown', () => assert.equal(judge({ startup_ms: null }), undefined))

  it('never lets the states of a segment exceed its wall time, whatever is sent', () => {
    const states = [
      'starting_ms',
      'playing_ms',
      'stall_connection_ms',
      'stall_decoder_ms',
      'stall_ad_ms',
      'seeking_ms',
      'paused_ms',
      'waiting_ms',
    ]
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { minLength: 8, maxLength: 8 }), fc.nat(100_000), (times, age) => {
        const sum = times.reduce((total, time) => total + time, 0)
        const fault = judge({
          ...Object.fromEntries(states.map((name, i) => [name, times[i]])),
          event_time: START + age,
        })
        assert.equal(fault === undefined, sum <= age + SLACK_MS)
      }),
    )
  })

  it('is for telemetry alone', () => assert.equal(guardOf('viewer.actions', () => -1)(new Float64Array(1)), undefined))
})
