import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { playAll, unionLength, type PlaybackTelemetryInput, type SessionTotals } from './index.ts'
import { anySetup, distinct, setup, START } from './testing.ts'

const TIMES = [
  'starting_ms',
  'playing_ms',
  'stall_connection_ms',
  'stall_decoder_ms',
  'stall_ad_ms',
  'seeking_ms',
  'paused_ms',
  'waiting_ms',
] as const

/** Counters in telemetry, and the total each must add up to over the segments. */
const COUNTERS = {
  starting_ms: 'startingMs',
  playing_ms: 'playingMs',
  stall_connection_ms: 'stallConnectionMs',
  stall_decoder_ms: 'stallDecoderMs',
  stall_ad_ms: 'stallAdMs',
  seeking_ms: 'seekingMs',
  paused_ms: 'pausedMs',
  waiting_ms: 'waitingMs',
  stall_connection_count: 'stallConnectionCount',
  stall_decoder_count: 'stallDecoderCount',
  stall_ad_count: 'stallAdCount',
  seek_count: 'seekCount',
  pause_count: 'pauseCount',
  media_ms: 'mediaMs',
  bits_played: 'bitsPlayed',
  vmaf_centi_ms: 'vmafCentiMs',
  upscale_permille_ms: 'upscalePermilleMs',
  downscale_permille_ms: 'downscalePermilleMs',
  switches_up: 'switchesUp',
  switches_down: 'switchesDown',
  frames_rendered: 'framesRendered',
  frames_dropped: 'framesDropped',
  bytes_loaded: 'bytesLoaded',
  requests: 'requests',
  requests_failed: 'requestsFailed',
  errors_technical: 'errorsTechnical',
  errors_business: 'errorsBusiness',
  errors_fatal: 'errorsFatal',
  ad_count: 'adCount',
  ad_playing_ms: 'adPlayingMs',
  ad_errors: 'adErrors',
} as const satisfies Partial<Record<keyof PlaybackTelemetryInput, keyof SessionTotals>>
type Counter = keyof typeof COUNTERS
const counters = Object.keys(COUNTERS) as Counter[]

/** The state of the session as the stream will compute it: the maximum per segment, summed. */
function fromRecords(records: readonly PlaybackTelemetryInput[], counter: Counter): number {
  const bySegment = Map.groupBy(records, ({ segment }) => segment)
  return [...bySegment.values()].reduce((sum, own) => sum + Math.max(...own.map((record) => record[counter] ?? 0)), 0)
}

const check = (
  property: (played: {
    beacons: ReturnType<typeof playAll>['beacons']
    totals: SessionTotals
    records: PlaybackTelemetryInput[]
  }) => void,
): void =>
  fc.assert(
    fc.property(anySetup, (any) => {
      const { beacons, totals } = playAll(any)
      property({ beacons, totals, records: distinct(beacons) })
    }),
    { numRuns: 400 },
  )

describe('any session', () => {
  it('sums over its segments to the totals that were counted apart', () =>
    check(({ records, totals }) => {
      for (const counter of counters) assert.equal(fromRecords(records, counter), totals[COUNTERS[counter]], counter)
      assert.equal(new Set(records.map(({ segment }) => segment)).size <= totals.segments, true)
      assert.equal(records.length, totals.records)
      assert.equal(records.at(-1)?.end_reason, totals.endReason)
    }))

  it('spends every millisecond in exactly one state', () =>
    check(({ records, totals }) => {
      for (const record of records) {
        const inStates = TIMES.reduce((sum, time) => sum + (record[time] ?? 0), 0)
        assert.equal(inStates, record.event_time - record.segment_start)
      }
      assert.equal(totals.wallMs, records.at(-1)!.event_time - records[0]!.event_time)
    }))

  it('has counters that only grow within a segment, and dimensions that stay', () =>
    check(({ records }) => {
      for (const own of Map.groupBy(records, ({ segment }) => segment).values()) {
        for (let i = 1; i < own.length; i++) {
          for (const counter of counters) assert.ok((own[i]![counter] ?? 0) >= (own[i - 1]![counter] ?? 0), counter)
          for (const dimension of ['oca', 'pathway', 'asn', 'app_version'] as const)
            assert.equal(own[i]![dimension], own[0]![dimension])
        }
      }
    }))

  it('plays no more media than time and rate allow, and watches no more than it plays', () =>
    fc.assert(
      fc.property(anySetup, (any) => {
        const { totals } = playAll(any)
        assert.ok(totals.mediaMs * 1000 <= totals.playingMs * (any.viewer.ratePermille ?? 1000))
        assert.ok(totals.uniqueMediaMs <= totals.mediaMs && totals.uniqueMediaMs <= any.title.durationMs)
      }),
      { numRuns: 200 },
    ))

  it('tells start-up once, and in every later record', () =>
    check(({ records, totals }) => {
      const first = records.findIndex(({ state }) => state === 'p')
      for (const [i, { startup_ms }] of records.entries())
        assert.equal(startup_ms ?? null, first === -1 || i < first ? null : totals.startupMs)
    }))

  it('watches the stretches that its records tell', () =>
    check(({ records, totals }) => {
      const stretches = records.map(({ watched_from_ms: from, playhead_ms: to }) => ({ from: from ?? 0, to: to ?? 0 }))
      assert.equal(unionLength(stretches), totals.uniqueMediaMs)
    }))

  it('numbers its records without a gap and sends the finals of earlier segments, unchanged, with every later beacon', () =>
    check(({ beacons, records }) => {
      records.forEach(({ seq }, i) => assert.equal(seq, i))
      const last = records.at(-1)!.segment
      for (let segment = 0; segment < last; segment++) {
        const final = records.findLast((record) => record.segment === segment)!
        const since = beacons.findIndex((beacon) => beacon.records.includes(final))
        for (const beacon of beacons.slice(since)) assert.ok(beacon.records.includes(final))
      }
    }))

  it('gives at most sixty seconds to a minute', () =>
    check(({ records }) => {
      for (let i = 1; i < records.length; i++) {
        const [before, after] = [records[i - 1]!, records[i]!]
        if (before.segment !== after.segment) continue
        const spent = TIMES.reduce((sum, time) => sum + (after[time] ?? 0) - (before[time] ?? 0), 0)
        assert.equal(spent, after.event_time - before.event_time)
      }
    }))
})

describe('bandwidth and buffer', () => {
  const steady = (kbps: number) => playAll(setup({ trace: [{ durationMs: 60_000, kbps, latencyMs: 20 }] }))

  it('plays through on a network that carries the top of the ladder', () => {
    const { totals } = steady(20_000)
    assert.equal(totals.endReason, 'finished')
    assert.deepEqual([totals.stallConnectionCount, totals.mediaMs, totals.switchesDown], [0, 120_000, 0])
    assert.ok(totals.bitsPlayed / totals.mediaMs > 4_000)
  })

  it('starts later and plays lower on a slower network', () => {
    const [slow, fast] = [steady(700).totals, steady(9_000).totals]
    assert.ok(slow.startupMs! > fast.startupMs! + 200)
    assert.ok(slow.bitsPlayed < fast.bitsPlayed / 2)
  })

  it('stalls on an outage longer than its buffer, by what the buffer does not cover', () => {
    const { totals } = playAll(
      setup({
        trace: [
          { durationMs: 60_000, kbps: 6_000, latencyMs: 20 },
          { durationMs: 50_000, kbps: 0, latencyMs: 20 },
        ],
        config: { ...setup().config, requestTimeoutMs: 90_000, firstByteTimeoutMs: 90_000 },
      }),
    )
    assert.equal(totals.stallConnectionCount, 1)
    assert.ok(totals.stallConnectionMs > 15_000 && totals.stallConnectionMs < 30_000, String(totals.stallConnectionMs))
  })

  it('loses a viewer whose patience the start exceeds, without an error', () => {
    const { totals, beacons } = playAll(
      setup({
        trace: [{ durationMs: 1_000, kbps: 20, latencyMs: 20 }],
        viewer: { startupPatienceMs: 6_000, stallPatienceMs: 6_000 },
      }),
    )
    assert.deepEqual([totals.endReason, totals.startupMs, totals.wallMs, totals.errorsFatal], ['quit', null, 6_000, 0])
    assert.equal(beacons.at(-1)!.records[0]!.state, 'q')
  })

  it('goes to the next OCA when one is dead: a new segment, counters from 0', () => {
    const alive = setup().network
    const dying = setup({
      network: {
        request: (oca, at, bytes) =>
          oca === 'a' && at > START + 20_000
            ? { status: 503, firstByteAt: at + 20, doneAt: at + 20 }
            : alive.request(oca, at, bytes),
      },
      ranked: [
        { oca: 'a', pathway: 'A' },
        { oca: 'b', pathway: 'B' },
      ],
    })
    const { totals, beacons } = playAll(dying)
    assert.deepEqual(
      [totals.endReason, totals.segments, totals.requestsFailed, totals.errorsTechnical, totals.errorsFatal],
      ['finished', 2, 3, 1, 0],
    )
    const records = distinct(beacons)
    assert.deepEqual([...new Set(records.map(({ segment, oca }) => `${segment}${oca}`))], ['0a', '1b'])
    assert.equal(records.find(({ event }) => event === 'e')?.error_code, 'HTTP_503')
  })

  it('fails when the last OCA is dead', () => {
    const { totals } = playAll(
      setup({ network: { request: (_, at) => ({ status: 0, firstByteAt: at + 5, doneAt: at + 5 }) } }),
    )
    assert.deepEqual(
      [totals.endReason, totals.startupMs, totals.errorsFatal, totals.requestsFailed],
      ['failed', null, 1, 3],
    )
  })
})
