import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sinceText } from '../shell/format.ts'
import { readingAt, timelineOf, UNKNOWN, type Timeline } from './timeline.ts'
import type { RequestRow, TelemetryRow, Tracks } from './types.ts'

const PLAIN: TelemetryRow = {
  event_time_ms: 0,
  instance: 1,
  segment: 0,
  seq: 0,
  event: 't',
  state: 'p',
  oca: 'oca-1',
  title_id: 'film',
  profile_id: '',
  country: 'DE',
  device: 'tv',
  app_version: '',
  player: '',
  asn: 0,
  session_start: 0,
  segment_start: 0,
  startup_ms: null,
  bitrate_kbps: 4_000,
  buffer_ms: null,
  throughput_kbps: null,
  playhead_ms: null,
  stall_connection_ms: 0,
  stall_decoder_ms: 0,
  stall_ad_ms: 0,
  error_code: '',
  error_kind: '',
  end_reason: '',
}
const request: RequestRow = {
  event_time_ms: 0,
  oca: 'oca-1',
  path: '/film/1',
  status: 200,
  bytes: 1_000,
  ttfb_us: 2_000,
  duration_us: 9_000,
  cache: 'hit',
  miss_class: '',
  source: '',
}
const of = (records: readonly Partial<TelemetryRow>[], more: Partial<Tracks> = {}): Timeline =>
  timelineOf({
    records: records.map((each, seq) => ({ ...PLAIN, seq, ...each })),
    decisions: [],
    requests: [],
    actions: [],
    ...more,
  })
const whats = ({ marks }: Timeline): string[] => marks.map(({ what }) => what)

describe('a session as a timeline', () => {
  it('shows every transition, stalls with their cause, and what changed with each record', () => {
    const timeline = of([
      { event_time_ms: 0, state: 's' },
      { event_time_ms: 1_000, startup_ms: 1_000 },
      { event_time_ms: 5_000 },
      { event_time_ms: 8_000, state: 'r' },
      { event_time_ms: 10_500, stall_connection_ms: 2_500, bitrate_kbps: 2_000 },
      { event_time_ms: 20_000, state: 'q', bitrate_kbps: 2_000, stall_connection_ms: 2_500, end_reason: 'quit' },
    ])
    assert.deepEqual(
      timeline.states.map(({ from, to, label }) => [from, to, label]),
      [
        [0, 1_000, 'starting'],
        [1_000, 8_000, 'playing'],
        [8_000, 10_500, 'stalled'],
        [10_500, 20_000, 'playing'],
      ],
    )
    assert.deepEqual(timeline.stalls, [{ from: 8_000, to: 10_500, kind: 'connection', label: 'connection' }])
    assert.deepEqual(whats(timeline), [
      'start of the player, starting',
      'starting → playing; first frame after 1.00 s',
      'still the same',
      'playing → stalled',
      'stalled → playing; bitrate 4.00 Mbit/s → 2.00 Mbit/s',
      'playing → left; end: quit',
    ])
    assert.deepEqual(readingAt(timeline, 8_000), {
      standing: 'stalled 2.50 s by connection, 4.00 Mbit/s, oca-1',
      happened: 'playing → stalled',
    })
    assert.deepEqual(timeline.troubles, [8_000])
  })

  it('does not draw as known what did not land, and dates a stall that no record began', () => {
    const timeline = of([{ event_time_ms: 0 }, { event_time_ms: 10_000, seq: 4, stall_decoder_ms: 3_000 }])
    assert.deepEqual(timeline.states, [{ from: 0, to: 10_000, kind: UNKNOWN, label: '3 records lost' }])
    assert.deepEqual(timeline.stalls, [{ from: 7_000, to: 10_000, kind: 'decoder', label: 'decoder' }])
    assert.match(whats(timeline)[1]!, /^3 records lost before/)
  })

  it('counts from 0 in a new segment, and names the change of the appliance', () => {
    const timeline = of([
      { event_time_ms: 0, stall_ad_ms: 500 },
      { event_time_ms: 1_000, segment: 1, oca: 'oca-2', stall_ad_ms: 400 },
      { event_time_ms: 2_000, segment: 1, oca: 'oca-2', stall_ad_ms: 400 },
    ])
    assert.deepEqual(
      timeline.stalls.map(({ from, to }) => to - from),
      [400],
    )
    assert.deepEqual(
      timeline.ocas.map(({ from, label }) => [from, label]),
      [
        [0, 'oca-1'],
        [1_000, 'oca-2'],
      ],
    )
    assert.equal(whats(timeline)[1], 'OCA oca-1 → oca-2')
  })

  it('puts all tracks in order of time, and knows a trouble from a hit', () => {
    const timeline = of(
      [{ event_time_ms: 0 }, { event_time_ms: 9_000, error_code: 'HTTP_503', error_kind: 'technical' }],
      {
        requests: [
          { ...request, event_time_ms: 4_000 },
          { ...request, event_time_ms: 3_000, status: 503, cache: 'miss', miss_class: 'health', source: 'origin' },
        ],
      },
    )
    assert.deepEqual(
      timeline.marks.map(({ lane, weight }) => [lane, weight]),
      [
        ['telemetry', 0],
        ['requests', 2],
        ['requests', 0],
        ['errors', 2],
      ],
    )
    assert.deepEqual(whats(timeline).slice(1), [
      '503, miss (health) from origin',
      '200, hit',
      'technical error HTTP_503',
    ])
    assert.deepEqual(timeline.troubles, [3_000, 9_000])
  })

  it('keeps starts of the player apart, whatever the order in which records come', () => {
    const records = [
      { event_time_ms: 0, state: 's', instance: 1, seq: 0 },
      { event_time_ms: 1_000, state: 'q', instance: 1, seq: 1 },
      { event_time_ms: 60_000, state: 's', instance: 2, seq: 0 },
      { event_time_ms: 61_000, instance: 2, seq: 1 },
    ]
    assert.deepEqual(
      of(records).states.map(({ from, to }) => [from, to]),
      [
        [0, 1_000],
        [60_000, 61_000],
      ],
    )
    assert.deepEqual(
      of(records.toReversed()).states.toSorted((a, b) => a.from - b.from),
      of(records).states,
    )
  })

  it('of nothing is empty', () => {
    assert.deepEqual(of([]), {
      from: 0,
      to: 0,
      states: [],
      stalls: [],
      ocas: [],
      bitrate: [],
      buffer: [],
      marks: [],
      troubles: [],
    })
  })

  it('writes time as people do', () => {
    assert.deepEqual([0, 45_000, 59_700, 120_000, 150_000, 3_900_000].map(sinceText), [
      '0 s',
      '45 s',
      '1 min',
      '2 min',
      '2:30 min',
      '1:05 h',
    ])
  })
})
