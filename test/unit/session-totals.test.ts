import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { seeded, type Random } from '../../platform/random.ts'
import { playAll, traceNetwork, type PlaybackTelemetryInput, type PlaySetup, type SessionTotals } from '../../producers/player/index.ts'
import { distinct, setup, START } from '../../producers/player/testing.ts'
import { readArchive } from '../../producers/replay/traces/archive.ts'
import { sessionSetup } from '../../producers/replay/traces/sessions.ts'
import { reduceSession, segmentsOf, type Session } from '../../streams/qoe/index.ts'
import { ROOT } from './architecture/sources.ts'

/** Recorded 3G and 4G networks, where somebody has put them; seeded ones otherwise. */
const ARCHIVE = path.join(process.env['PLAYLOOP_TEST_DATA'] ?? path.join(ROOT, '../shared/data'), 'cdn/network-traces.tar.gz')

/** What the session says, and what the player counted apart from all records. */
const SAME = {
  starting_ms: 'startingMs', playing_ms: 'playingMs', stall_connection_ms: 'stallConnectionMs', stall_decoder_ms: 'stallDecoderMs', stall_ad_ms: 'stallAdMs',
  seeking_ms: 'seekingMs', paused_ms: 'pausedMs', waiting_ms: 'waitingMs', stall_connection_count: 'stallConnectionCount', stall_decoder_count: 'stallDecoderCount',
  stall_ad_count: 'stallAdCount', seek_count: 'seekCount', pause_count: 'pauseCount', media_ms: 'mediaMs', bits_played: 'bitsPlayed', vmaf_centi_ms: 'vmafCentiMs',
  upscale_permille_ms: 'upscalePermilleMs', downscale_permille_ms: 'downscalePermilleMs', switches_up: 'switchesUp', switches_down: 'switchesDown',
  frames_rendered: 'framesRendered', frames_dropped: 'framesDropped', bytes_loaded: 'bytesLoaded', requests: 'requests', requests_failed: 'requestsFailed',
  errors_technical: 'errorsTechnical', errors_business: 'errorsBusiness', errors_fatal: 'errorsFatal', ad_count: 'adCount', ad_playing_ms: 'adPlayingMs',
  ad_errors: 'adErrors', watched_ms: 'watchedTimeMs', wall_ms: 'wallMs', unique_ms: 'uniqueMediaMs', expected: 'records',
} as const satisfies Partial<Record<keyof Session['numbers'], keyof SessionTotals>>
const names = Object.keys(SAME) as (keyof typeof SAME)[]
const TIMES = ['starting_ms', 'playing_ms', 'stall_connection_ms', 'seeking_ms', 'paused_ms', 'watched_ms', 'wall_ms'] as const

async function setups(): Promise<PlaySetup[]> {
  if (existsSync(ARCHIVE)) {
    const { traces, title } = await readArchive(ARCHIVE, false)
    return traces.map((trace, i) => sessionSetup(trace, i, title))
  }
  return Array.from({ length: 60 }, (_, i) => setup({ sessionId: `seeded-${i}`, network: traceNetwork(seededTrace(seeded(`trace ${i}`)), START) }))
}

const seededTrace = (random: Random): { durationMs: number; kbps: number; latencyMs: number }[] =>
  Array.from({ length: 40 }, () => ({ durationMs: 1_000 + random.below(9_000), kbps: random.below(10) === 0 ? 0 : 200 + random.below(8_000), latencyMs: random.below(200) }))

const sessionOf = (records: readonly PlaybackTelemetryInput[], now: number): Session => reduceSession(segmentsOf(records), now) ?? assert.fail('no session')

/** Deliveries as a bad network makes them: of each hundred records 5 are lost, 10 come twice, 30 at another time. */
function delivered(records: readonly PlaybackTelemetryInput[], random: Random): PlaybackTelemetryInput[] {
  return records.filter(() => random.below(100) >= 5)
    .flatMap((record, i) => Array.from({ length: random.below(100) < 10 ? 2 : 1 }, () => ({ record, at: random.below(100) < 30 ? random.below(records.length) : i })))
    .sort((a, b) => a.at - b.at).map(({ record }) => record)
}

describe('sessions on recorded networks', () => {
  it('equal the player\'s own totals, every one of them', async () => {
    const all = await setups()
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
    for (const each of await setups()) {
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
      for (const name of TIMES) assert.ok(numbers[name] <= totals[SAME[name]] && totals[SAME[name]] <= numbers[name] + numbers.hidden_ms, `${each.sessionId}: ${name}`)
    }
    assert.ok(exact > 10 * cut && cut > 0, `${exact} exact, ${cut} without their end`)
  })
})
