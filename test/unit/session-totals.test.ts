import assert from 'node:assert/strict'
import path from 'node:path'
import { describe, it } from 'node:test'
import { seeded } from '../../platform/random.ts'
import { playAll, type PlaybackTelemetryInput, type SessionTotals } from '../../producers/player/index.ts'
import { distinct } from '../../producers/player/testing.ts'
import { delivered, recordedSetups } from '../../producers/replay/traces/testing.ts'
import { reduceSession, segmentsOf, type Session } from '../../streams/qoe/index.ts'
import { ROOT } from './architecture/sources.ts'

/** Recorded 3G and 4G networks, where somebody has put them; seeded ones otherwise. */
const ARCHIVE = path.join(
  process.env['PLAYLOOP_TEST_DATA'] ?? path.join(ROOT, '../shared/data'),
  'cdn/network-traces.tar.gz',
)

/** What the session says, and what the player counted apart from all records. */
const SAME = {
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
  watched_ms: 'watchedTimeMs',
  wall_ms: 'wallMs',
  unique_ms: 'uniqueMediaMs',
  expected: 'records',
} as const satisfies Partial<Record<keyof Session['numbers'], keyof SessionTotals>>
const names = Object.keys(SAME) as (keyof typeof SAME)[]
const TIMES = [
  'starting_ms',
  'playing_ms',
  'stall_connection_ms',
  'seeking_ms',
  'paused_ms',
  'watched_ms',
  'wall_ms',
] as const

const sessionOf = (records: readonly PlaybackTelemetryInput[], now: number): Session =>
  reduceSession(segmentsOf(records), now) ?? assert.fail('no session')

describe('sessions on recorded networks', () => {
  it("equal the player's own totals, every one of them", async () => {
    const all = await recordedSetups(ARCHIVE)
    assert.ok(all.length >= 60)
    for (const each of all) {
      const { beacons, totals } = playAll(each)
      const session = sessionOf(distinct(beacons), totals.wallMs + each.at)
      for (const name of names) assert.equal(session.numbers[name], totals[SAME[name]], `${each.sessionId}: ${name}`)
      assert.equal(session.numbers.startup_ms, totals.startupMs ?? -1)
      assert.equal(session.end_reason, totals.endReason)
      assert.equal(session.numbers.hidden_ms, 0)
    }
  })

  it('equal them when telemetry is shuffled, doubled and lost, but for a tail that was never heard, which is bounded', async () => {
    let [exact, cut] = [0, 0]
    for (const each of await recordedSetups(ARCHIVE)) {
      const { beacons, totals } = playAll(each)
      const records = distinct(beacons)
      const end = each.at + totals.wallMs
      const heard = delivered(records, seeded(`delivery of ${each.sessionId}`))
      const { numbers } = sessionOf(heard, end)
      if (numbers.ended === 1) {
        exact++
        for (const name of names) assert.equal(numbers[name], totals[SAME[name]], `${each.sessionId}: ${name}`)
        continue
      }
      cut++
      const lastHeard = Math.max(...heard.map(({ event_time: at }) => at))
      assert.equal(numbers.hidden_ms, end - lastHeard)
      for (const name of TIMES)
        assert.ok(
          numbers[name] <= totals[SAME[name]] && totals[SAME[name]] <= numbers[name] + numbers.hidden_ms,
          `${each.sessionId}: ${name}`,
        )
    }
    assert.ok(exact > 10 * cut && cut > 0, `${exact} exact, ${cut} without their end`)
  })
})
