import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { playAll, type PlaybackTelemetryInput } from '../../../producers/player/index.ts'
import { anySetup, distinct, setup } from '../../../producers/player/testing.ts'
import { COUNTERS } from './columns.ts'
import { segmentsOf, type TelemetryRecord } from './record.ts'
import { reduceSession, type Session } from './reduce.ts'
import { HARD_CLOSE_MS, IDLE_MS, SETTLED_MS } from './rules.ts'

const lots = fc.infiniteStream(fc.nat(99))
const next = (stream: Iterator<number>): number => stream.next().value as number
const sessionOf = (records: readonly TelemetryRecord[], now: number): Session =>
  reduceSession(segmentsOf(records), now) ?? assert.fail('no session')
const text = (session: Session): string =>
  JSON.stringify(session, (_, value: unknown) => (value instanceof Map ? [...(value as Map<unknown, unknown>)] : value))
const end = (records: readonly PlaybackTelemetryInput[]): number => Math.max(...records.map(({ event_time: at }) => at))
const shuffled = <T>(items: readonly T[], stream: Iterator<number>): T[] =>
  items
    .map((item) => ({ item, lot: next(stream) }))
    .sort((a, b) => a.lot - b.lot)
    .map(({ item }) => item)

/** A record as plain data. */
const record = (parts: Partial<TelemetryRecord>): TelemetryRecord => ({
  clock: 'world',
  event_time: 1_000,
  session_id: 's',
  instance: 0,
  segment: 0,
  seq: 0,
  session_start: 0,
  segment_start: 0,
  event: 't',
  state: 's',
  ...parts,
})

describe('a session', () => {
  it('is a function of the set of records: order, copies and splits change nothing', () =>
    fc.assert(
      fc.property(anySetup, lots, fc.nat(4_000_000), (any, stream, later) => {
        const records = distinct(playAll(any).beacons)
        const now = end(records) + later
        const kept = records.filter((_, i) => i === 0 || next(stream) >= 5)
        const twisted = shuffled([...kept, ...kept.filter(() => next(stream) < 30)], stream)
        assert.equal(text(sessionOf(twisted, now)), text(sessionOf(kept, now)))
      }),
      { numRuns: 150 },
    ))

  it('is the same from two halves, taken in either order, as at once: a late record takes back what was said without it', () =>
    fc.assert(
      fc.property(anySetup, lots, (any, stream) => {
        const records = distinct(playAll(any).beacons)
        const [early, late] = [records.filter(() => next(stream) < 50), records.filter(() => next(stream) < 50)]
        const both = [...early, ...late]
        if (both.length === 0) return
        assert.equal(text(sessionOf([...late, ...early], end(both))), text(sessionOf(both, end(both))))
      }),
      { numRuns: 100 },
    ))

  it('is split into parts that sum to it: every counter and moment, and all time that is hidden', () =>
    fc.assert(
      fc.property(anySetup, lots, (any, stream) => {
        const kept = distinct(playAll(any).beacons).filter(() => next(stream) >= 10)
        if (kept.length === 0) return
        const { parts, numbers } = sessionOf(kept, end(kept) + 600_000)
        for (const name of COUNTERS)
          assert.equal(
            parts.reduce((sum, part) => sum + part.counters[name], 0),
            numbers[name],
            name,
          )
        assert.equal(
          parts.reduce((sum, part) => sum + part.hidden_ms, 0),
          numbers.hidden_ms,
        )
        for (const flag of ['is_first', 'is_last'] as const) assert.equal(parts.filter((part) => part[flag]).length, 1)
        assert.equal(parts.filter(({ is_frame }) => is_frame).length, numbers.play)
      }),
      { numRuns: 150 },
    ))

  it('hides nothing when all was told, and no more than the wall time between neighbours when it was not', () =>
    fc.assert(
      fc.property(anySetup, lots, (any, stream) => {
        const records = distinct(playAll(any).beacons)
        const whole = sessionOf(records, end(records))
        assert.deepEqual(
          [whole.numbers.hidden_ms, whole.numbers.records, whole.numbers.expected],
          [0, records.length, records.length],
        )
        const kept = records.filter(() => next(stream) >= 30)
        if (kept.length === 0) return
        const { numbers } = sessionOf(kept, end(records))
        for (const name of ['stall_ms', 'watched_ms', 'paused_ms', 'seeking_ms'] as const) {
          assert.ok(
            numbers[name] <= whole.numbers[name] && whole.numbers[name] <= numbers[name] + numbers.hidden_ms,
            `${name}: ${whole.numbers[name]} of ${numbers[name]} + ${numbers.hidden_ms}`,
          )
        }
      }),
      { numRuns: 200 },
    ))

  it('ends in exactly one way once it is over', () =>
    fc.assert(
      fc.property(anySetup, lots, (any, stream) => {
        const kept = distinct(playAll(any).beacons).filter(() => next(stream) >= 20)
        if (kept.length === 0) return
        const { numbers: n } = sessionOf(kept, end(kept) + IDLE_MS)
        assert.equal(
          n.ebvs + n.vsf_technical + n.vsf_business + n.vpf_technical + n.vpf_business + n.finished + n.quit,
          1,
        )
      }),
      { numRuns: 150 },
    ))

  it('is open until it is silent for 30 minutes, may come back for an hour, and is settled after a day', () => {
    const records = [
      record({}),
      record({ seq: 1, event_time: 11_000, starting_ms: 900, playing_ms: 10_100, startup_ms: 900, state: 'p' }),
    ]
    const at = (silent: number): string => sessionOf(records, 11_000 + silent).status
    assert.deepEqual([0, IDLE_MS - 1, IDLE_MS, HARD_CLOSE_MS - 1, HARD_CLOSE_MS, SETTLED_MS].map(at), [
      'open',
      'open',
      'idle',
      'idle',
      'over',
      'settled',
    ])
    const back = [...records, record({ seq: 2, event_time: 11_000 + IDLE_MS, state: 'p' })]
    assert.equal(sessionOf(back, 11_000 + IDLE_MS).status, 'open')
    assert.deepEqual(
      [sessionOf(records, 11_000 + IDLE_MS).numbers.quit, sessionOf(back, 11_000 + IDLE_MS).numbers.quit],
      [1, 0],
    )
  })

  it('fails its start after 60 seconds, told or not; a preroll is not waited for', () => {
    const waited = (ms: number, ad = 0): Session['numbers'] =>
      sessionOf([record({ starting_ms: ms, ad_playing_ms: ad, event_time: ms })], ms).numbers
    assert.deepEqual(
      [
        waited(59_999).vsf_timeout,
        waited(60_000).vsf_timeout,
        waited(60_000).vsf_technical,
        waited(70_000, 15_000).vsf_timeout,
      ],
      [0, 1, 1, 0],
    )
    const business = sessionOf(
      [
        record({
          state: 'f',
          error_kind: 'business',
          error_code: 'NO_LICENCE',
          errors_business: 1,
          errors_fatal: 1,
          end_reason: 'failed',
        }),
      ],
      1_000,
    )
    assert.deepEqual([business.numbers.vsf_business, business.numbers.vsf_technical, business.numbers.ebvs], [1, 0, 0])
    assert.deepEqual([...business.errors], [['business:NO_LICENCE', [1_000, 1_000]]])
  })

  it('counts no more than 300 s of one stall where a definition asks for it', () => {
    const { numbers } = sessionOf(
      [
        record({
          startup_ms: 500,
          starting_ms: 500,
          stall_connection_ms: 900_000,
          stall_connection_count: 2,
          event_time: 900_500,
          state: 'r',
        }),
      ],
      900_500,
    )
    assert.deepEqual([numbers.stall_ms, numbers.stall_capped_ms], [900_000, 600_000])
  })

  it('keeps an instance of its own for every start under one session id', () => {
    const states = segmentsOf([record({ playing_ms: 5_000 }), record({ instance: 60_000, playing_ms: 3_000 })])
    assert.deepEqual(
      states.map(({ instance, most }) => [instance, most.playing_ms]),
      [
        [0, 5_000],
        [60_000, 3_000],
      ],
    )
  })

  it('completes by the union of what was watched, however often it was watched', () => {
    const { numbers, watched } = sessionOf(
      [
        [0, 10_000],
        [0, 30_000],
        [20_000, 40_000],
        [60_000, 61_000],
      ].map(([from, to], seq) => record({ seq, watched_from_ms: from!, playhead_ms: to!, title_duration_ms: 100_000 })),
      1_000,
    )
    assert.deepEqual(watched, [
      [0, 40_000],
      [60_000, 61_000],
    ])
    assert.equal(numbers.unique_ms, 41_000)
  })

  it('books a stall that an OCA change cuts in two on both, to the millisecond', () => {
    const trace = [
      { durationMs: 6_000, kbps: 8_000, latencyMs: 20 },
      { durationMs: 120_000, kbps: 0, latencyMs: 20 },
      { durationMs: 900_000, kbps: 8_000, latencyMs: 20 },
    ]
    const { beacons, totals } = playAll(
      setup({
        trace,
        ranked: [
          { oca: 'a', pathway: 'A' },
          { oca: 'b', pathway: 'B' },
        ],
        config: { ...setup().config, firstByteTimeoutMs: 400_000, requestTimeoutMs: 400_000, bufferTargetMs: 10_000 },
        viewer: { startupPatienceMs: 400_000, stallPatienceMs: 400_000 },
        turns: [{ kind: 'steer', atMs: 60_000, rank: 1 }],
      }),
    )
    const records = distinct(beacons)
    const stall = records.find(({ state }) => state === 'r')!
    const turn = stall.session_start + 60_000
    assert.ok(stall.event_time < turn, 'the stall began before the change')
    const over = records.find(({ state, event_time: at }) => state === 'p' && at > turn)!
    const { parts } = sessionOf(records, end(records))
    assert.deepEqual(
      parts.map(({ oca, counters }) => [oca, counters.stall_connection_ms]),
      [
        ['a', turn - stall.event_time],
        ['b', over.event_time - turn],
      ],
    )
    assert.equal(totals.stallConnectionMs, over.event_time - stall.event_time)
  })
})
