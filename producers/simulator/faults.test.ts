import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR_MS } from '../../platform/time.ts'
import type { PlaybackTelemetryInput } from '../player/index.ts'
import type { EventOf } from './events.ts'
import { assign, EXPERIMENTS } from './experiments.ts'
import type { Scenario } from './faults.ts'
import { readMovies } from './movies.ts'
import { World } from './world.ts'

const LIVE_FROM = Date.UTC(2026, 10, 20, 6)
const scenario: Scenario = [
  {
    id: 'isp',
    kind: 'isp-degrades',
    asn: 64_513,
    startMs: -10 * HOUR_MS,
    endMs: -4 * HOUR_MS,
    throughputPermille: 40,
    extraLatencyMs: 100,
  },
  {
    id: 'oca',
    kind: 'oca-dies',
    ocas: ['lhr001.ix'],
    startMs: -14 * HOUR_MS,
    endMs: -6 * HOUR_MS,
    how: '503',
    noticedAfterMs: 8 * HOUR_MS,
  },
  {
    id: 'app',
    kind: 'app-regresses',
    appVersion: '9.5.0',
    devices: ['tv'],
    startMs: -24 * HOUR_MS,
    endMs: 0,
    extraStartupMs: 2_500,
    fatalPermille: 60,
  },
  {
    id: 'arm',
    kind: 'arm-improves-startup',
    experiment: 'startup-prefetch',
    variation: 1,
    startMs: -24 * HOUR_MS,
    endMs: 0,
    startupPermille: 400,
  },
]
const telemetry: PlaybackTelemetryInput[] = []
const decisions: EventOf<'delivery.decisions'>[] = []
const requests: EventOf<'delivery.requests'>[] = []
const world = new World(
  {
    seed: 3,
    movies: readMovies(),
    liveFrom: LIVE_FROM,
    backfillDays: 1,
    sessionsPerDay: 6_000,
    households: 6_000,
    scenario,
    backfill: { requestPermille: 30 },
  },
  (topic, event) => {
    if (topic === 'playback.telemetry') telemetry.push(event as PlaybackTelemetryInput)
    if (topic === 'delivery.decisions') decisions.push(event as EventOf<'delivery.decisions'>)
    if (topic === 'delivery.requests') requests.push(event as EventOf<'delivery.requests'>)
  },
)
world.runUntil(LIVE_FROM)

const startups = (of: (record: PlaybackTelemetryInput) => boolean): number => {
  const values = new Map(
    telemetry
      .filter((record) => typeof record.startup_ms === 'number' && of(record))
      .map(({ session_id, startup_ms }) => [session_id, startup_ms!]),
  )
  const sorted = [...values.values()].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? NaN
}
const during =
  (from: number, to: number) =>
  ({ event_time }: { event_time: number }): boolean =>
    event_time >= LIVE_FROM + from * HOUR_MS && event_time < LIVE_FROM + to * HOUR_MS
const truth = new Map(world.truth().faults.map((fault) => [fault.id, fault]))

describe('planted faults show in the events', () => {
  it('an operator that degrades: lower bitrates and more stalls there and then, nowhere else', () => {
    const kbps = (of: (record: PlaybackTelemetryInput) => boolean): number => {
      const shown = telemetry
        .filter((record) => record.state === 'p' && of(record))
        .map(({ bitrate_kbps }) => bitrate_kbps!)
      return shown.reduce((a, b) => a + b, 0) / shown.length
    }
    const [then, before] = [during(-9, -4), during(-24, -11)]
    assert.ok(kbps((r) => r.asn === 64_513 && then(r)) < 0.8 * kbps((r) => r.asn === 64_513 && before(r)))
    assert.ok(kbps((r) => r.asn === 64_512 && then(r)) > 0.9 * kbps((r) => r.asn === 64_512 && before(r)))
    assert.ok(truth.get('isp')!.sessions > 50)
  })

  it('a site that dies: its clients fail over, and steering is not told of it before it is noticed', () => {
    const failed = telemetry.filter(({ error_code, oca }) => error_code === 'HTTP_503' && oca!.endsWith('lhr001.ix'))
    assert.ok(failed.length > 10 && failed.every(during(-14, -5)))
    assert.ok(
      telemetry.filter(({ error_code }) => error_code === 'HTTP_503').every(({ oca }) => oca!.endsWith('lhr001.ix')),
    )
    assert.ok(truth.get('oca')!.sessions >= new Set(failed.map(({ session_id }) => session_id)).size)
  })

  it('a release that regresses: slower starts and more failures on its devices', () => {
    const bad = (r: PlaybackTelemetryInput): boolean => r.device === 'tv' && r.app_version === '9.5.0'
    assert.ok(startups(bad) > startups((r) => r.device === 'tv' && r.app_version !== '9.5.0') + 1_500)
    const failures = (of: (r: PlaybackTelemetryInput) => boolean): number =>
      telemetry.filter((r) => r.end_reason === 'failed' && of(r)).length /
      telemetry.filter((r) => r.end_reason !== undefined && of(r)).length
    assert.ok(failures(bad) > 0.02 && failures((r) => !bad(r)) < 0.02)
  })

  it('an arm that improves start-up: its profiles start earlier', () => {
    const experiment = EXPERIMENTS.find(({ id }) => id === 'startup-prefetch')!
    const inArm =
      (arm: number) =>
      (r: PlaybackTelemetryInput): boolean =>
        r.device !== 'tv' && assign(experiment, r.profile_id!).variation === arm
    assert.ok(startups(inArm(1)) < startups(inArm(0)) - 100)
  })
})

describe('delivery', () => {
  it('ranks OCAs with a reason each, the own operator first when it holds the film', () => {
    for (const { ocas, reasons, scores, best_oca } of decisions) {
      assert.ok(ocas!.length >= 1 && ocas!.length === reasons!.length && ocas!.length === scores!.length)
      assert.equal(reasons![0] === 'route', ocas![0] === best_oca)
    }
    assert.ok(decisions.some(({ reasons }) => reasons![0] === 'content'))
  })

  it('logs hits at the best OCA and classifies the rest', () => {
    assert.ok(requests.length > 1_000)
    for (const { cache, miss_class } of requests) assert.equal(cache === 'hit', miss_class === '')
    const hits = requests.filter(({ cache }) => cache === 'hit').length / requests.length
    assert.ok(hits > 0.6 && hits < 0.98, String(hits))
  })
})
