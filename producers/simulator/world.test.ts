import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MINUTE_MS } from '../../platform/time.ts'
import type { PlaybackTelemetryInput } from '../player/index.ts'
import type { Emit, EventOf, Topic } from './events.ts'
import { loadFor } from './load.ts'
import { readMovies } from './movies.ts'
import type { WorldOptions } from './scene.ts'
import { World } from './world.ts'

const movies = readMovies()
const LIVE_FROM = Date.UTC(2026, 10, 20, 20)
const options = (more: Partial<WorldOptions> = {}): WorldOptions => ({
  seed: 7,
  movies,
  liveFrom: LIVE_FROM,
  backfillDays: 0.1,
  ...more,
})

/** Digest of the stream of events, as the lines that are sent. */
function digest(more: Partial<WorldOptions>, run: (world: World) => void): string {
  const hash = createHash('sha256')
  const world = new World(options(more), (topic, event) => void hash.update(`${topic}${JSON.stringify(event)}\n`))
  run(world)
  return hash.digest('hex')
}

function eventsOf(
  more: Partial<WorldOptions>,
  liveMinutes: number,
): { world: World; events: { [T in Topic]: EventOf<T>[] } } {
  const events = {} as Record<string, unknown[]>
  const emit: Emit = (topic, event) => void (events[topic] ??= []).push(event)
  const world = new World(options(more), emit)
  world.runUntil(LIVE_FROM + liveMinutes * MINUTE_MS)
  return { world, events: events as { [T in Topic]: EventOf<T>[] } }
}

describe('determinism', () => {
  it('gives the same bytes for the same seed, however the run is cut', () =>
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 5, max: 90 }), (seed, piece) => {
        const whole = digest({ seed }, (world) => world.runUntil(LIVE_FROM + 20 * MINUTE_MS))
        const pieces = digest({ seed }, (world) => {
          for (let at = world.scene.from; at < LIVE_FROM + 20 * MINUTE_MS; at += piece * MINUTE_MS)
            world.runUntil(Math.min(at, LIVE_FROM + 20 * MINUTE_MS))
          world.runUntil(LIVE_FROM + 20 * MINUTE_MS)
        })
        const steps = digest({ seed }, (world) => {
          while (world.nextAt <= LIVE_FROM + 20 * MINUTE_MS) world.step()
        })
        assert.equal(pieces, whole)
        assert.equal(steps, whole)
      }),
      { numRuns: 2 },
    ))

  it('gives other bytes for another seed', () =>
    assert.notEqual(
      digest({ seed: 1 }, (world) => world.runUntil(LIVE_FROM)),
      digest({ seed: 2 }, (world) => world.runUntil(LIVE_FROM)),
    ))

  it('holds under load too', () => {
    const load = { backfillDays: 0, liveSessionsPerSecond: 0.2, rushMs: MINUTE_MS }
    const run = (world: World): void => world.runUntil(LIVE_FROM + 4 * MINUTE_MS)
    assert.equal(digest(load, run), digest(load, run))
  })
})

/** Digest of the first 15,000 events of seed 7. One that changes the world on purpose writes down the new ones. */
describe('what happens', () => {
  for (const [name, more, expected] of [
    ['in the past', { backfillDays: 0.1 }, 'de36c1cad86e0fdd57243d9f9d237e104aeb906e1800fcad9853d0d916776a36'],
    [
      'under load',
      { backfillDays: 0, liveSessionsPerSecond: 0.5, rushMs: MINUTE_MS },
      'd51b25fed6b58c8e68a11a7287d130ca8c6a94888182e1d40d239c846c1f2727',
    ],
  ] as const)
    it(`${name} is what it was, to the byte`, () => {
      const hash = createHash('sha256')
      let left = 15_000
      const world = new World(
        options(more),
        (topic, event) => void (left-- > 0 && hash.update(`${topic}${JSON.stringify(event)}\n`)),
      )
      while (left > 0) world.step()
      assert.equal(hash.digest('hex'), expected)
    })
})

describe('the past', () => {
  const { world, events } = eventsOf({ backfillDays: 2, scenario: [] }, 0)

  it('comes to one to one and a half million events in 28 days', () => {
    const days28 = (world.counts.events - 3_201) * 14
    assert.ok(days28 > 1_000_000 && days28 < 1_500_000, String(days28))
  })

  it('is told in order of time, but for what devices keep back', () => {
    const times = events['delivery.decisions'].map(({ event_time }) => event_time)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.ok(times[0]! >= world.scene.from && times.at(-1)! <= LIVE_FROM)
  })

  it('tells the whole catalogue first, and every topic that the world knows of', () => {
    assert.equal(events['catalog.titles'].length, 3_201)
    for (const topic of [
      'playback.telemetry',
      'viewer.actions',
      'experiment.exposures',
      'delivery.decisions',
      'delivery.requests',
      'oca.reports',
    ] as const) {
      assert.ok(events[topic].length > 100, topic)
    }
  })

  it('follows the evening of each country', () => {
    const starts = events['playback.telemetry'].filter(({ seq, country }) => seq === 0 && country === 'US')
    const hour = (at: number): number => new Date(at - 5 * 3_600_000).getUTCHours()
    const between = (from: number, to: number): number =>
      starts.filter(({ session_start }) => hour(session_start) >= from && hour(session_start) < to).length / (to - from)
    assert.ok(between(19, 23) > 3 * between(2, 6))
  })

  it('has few ids twice, and those are the same record sent again', () => {
    const seen = new Map<string, EventOf<'playback.telemetry'>>()
    let again = 0
    for (const event of events['playback.telemetry']) {
      const before = seen.get(event.event_id!)
      if (before !== undefined) {
        assert.deepEqual(event, before)
        again++
      }
      seen.set(event.event_id!, event)
    }
    assert.ok(again > 0 && again < 0.05 * seen.size, `${again} of ${seen.size}`)
  })

  it('has clocks that are a little wrong, and a few that are absurd', () => {
    const offsets = world.scene.population
    const off = Array.from(
      { length: 3_000 },
      (_, i) => offsets.draw(i % 12, world.scene.random.fork(i)).devices[0]!.clockOffsetMs,
    )
    assert.ok(off.filter((ms) => Math.abs(ms) < 2_000).length > 0.95 * off.length)
    assert.ok(off.some((ms) => Math.abs(ms) > 60_000))
  })

  it('never tells more time in states than has passed', () => {
    for (const e of events['playback.telemetry']) {
      const spent =
        (e.starting_ms ?? 0) +
        (e.playing_ms ?? 0) +
        (e.stall_connection_ms ?? 0) +
        (e.stall_decoder_ms ?? 0) +
        (e.stall_ad_ms ?? 0) +
        (e.seeking_ms ?? 0) +
        (e.paused_ms ?? 0) +
        (e.waiting_ms ?? 0)
      assert.equal(spent, e.event_time - e.segment_start)
    }
  })

  it('shows pages whose clicks and propensities can be evaluated', () => {
    const impressions = events['viewer.actions'].filter(
      ({ action, row }) => action === 'impression' && row !== 'continue',
    )
    for (const { propensity, position, row_index, model_version, page_id } of impressions) {
      assert.ok(
        propensity! > 0 &&
          propensity! <= 1 &&
          position! < 4 &&
          row_index! < 3 &&
          model_version !== '' &&
          page_id !== '',
      )
    }
    assert.equal(new Set(impressions.map(({ row }) => row)).size, 3)
  })
})

describe('a load', () => {
  it('comes to the rate asked for, within a quarter, soon after its viewers have come', () => {
    const [rate, speed] = [400, 10]
    const world = new World(options({ backfillDays: 0, ...loadFor({ rate, speed }) }), () => {})
    world.runUntil(LIVE_FROM + 5 * MINUTE_MS)
    const before = world.counts.events
    world.runUntil(LIVE_FROM + 35 * MINUTE_MS)
    const realSeconds = (30 * 60) / speed
    const measured = (world.counts.events - before) / realSeconds
    assert.ok(Math.abs(measured / rate - 1) < 0.25, `${measured} events a second`)
  })
})

describe('the end', () => {
  it('closes every session under way with a final beacon', () => {
    const last = new Map<string, PlaybackTelemetryInput>()
    const world = new World(options(), (topic, event) => {
      if (topic !== 'playback.telemetry') return
      const record = event as PlaybackTelemetryInput
      if (record.seq >= (last.get(record.session_id)?.seq ?? 0)) last.set(record.session_id, record)
    })
    world.runUntil(LIVE_FROM + 10 * MINUTE_MS)
    const playing = world.counts.playing
    assert.ok(playing > 10)
    const open = (): number => [...last.values()].filter(({ end_reason }) => end_reason === undefined).length
    const lost = open() - playing
    for (const _ of world.closing());
    assert.equal(world.counts.playing, 0)
    assert.equal(open(), lost, 'only the finals that were lost on their way are missing')
  })
})
