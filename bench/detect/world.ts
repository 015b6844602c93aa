/** The simulated world as minute cells: its telemetry by the live algebra of streams/qoe. */
import { MINUTE_MS, minuteOf } from '../../streams/qoe/index.ts'
import { createLiveClock, snapshotOf, type Minute } from '../../streams/qoe/live/index.ts'
import type { StateRow } from '../../streams/qoe/state.ts'
import type { PlaybackTelemetryInput } from '../../producers/player/index.ts'
import type { Scenario } from '../../producers/simulator/faults.ts'
import { readMovies } from '../../producers/simulator/movies.ts'
import type { WorldOptions } from '../../producers/simulator/scene.ts'
import { World } from '../../producers/simulator/world.ts'

const LIVE = {
  intervalMs: 10_000,
  pagePermille: 0,
  decisionPermille: 0,
  requestPermille: 0,
  progressMs: 0,
  reportMs: 3_600_000,
}
const WINDOW = 8
const movies = readMovies()

export interface Tick {
  /** The world's time, ms. */
  readonly at: number
  /** Minutes that changed since the tick before, whole. */
  readonly minutes: readonly Minute[]
}

export interface Planted {
  readonly seed: number
  readonly scenario: Scenario
  readonly sessionsPerDay: number
  /** When the world goes live: faults are planted relative to it, ms. */
  readonly liveFrom: number
  /** Told before and after it, ms. */
  readonly beforeMs: number
  readonly afterMs: number
  /** Between two ticks from shortly before `liveFrom` on, and until then, ms. */
  readonly everyMs: number
  readonly coarseMs?: number
  readonly intervalMs?: number
}

/**
 * Whose clock is off by more does not say what time it is: with few players a handful of them would move the watermark.
 */
const CLOCK_OFF_MS = 60_000

/** Runs a world and hands out what changed every `everyMs`, as one who reads the log would see it. */
export function* ticksOf({
  seed,
  scenario,
  sessionsPerDay,
  liveFrom,
  beforeMs,
  afterMs,
  everyMs,
  coarseMs = everyMs,
  intervalMs = 10_000,
}: Planted): Generator<Tick> {
  const from = liveFrom - beforeMs
  const clock = createLiveClock(from, WINDOW)
  const detail: WorldOptions['live'] = { ...LIVE, intervalMs }
  const ids = new Map<string, bigint>()
  let now = from
  const world = new World(
    {
      seed,
      movies,
      scenario,
      sessionsPerDay,
      liveFrom,
      backfillDays: beforeMs / 86_400_000,
      households: Math.ceil(sessionsPerDay / 2),
      live: detail,
      backfill: detail,
    },
    (topic, event) => {
      if (topic === 'playback.telemetry') clock.take(rowOf(event as PlaybackTelemetryInput, world.now, ids))
    },
  )
  for (now = from + coarseMs; now <= liveFrom + afterMs; now += now < liveFrom - MINUTE_MS ? coarseMs : everyMs) {
    world.runUntil(now)
    clock.roll()
    const kept = new Set(clock.minutes())
    const changed = [...clock.changes()].filter((minute) => minute <= now && kept.has(minute)).sort((a, b) => a - b)
    yield {
      at: now,
      minutes: changed.map((minute) => ({ minute, cells: snapshotOf(clock.cells(minute)) })),
    }
  }
}

function rowOf(record: PlaybackTelemetryInput, received: number, ids: Map<string, bigint>): StateRow {
  const { session_id, instance, segment, country = '', asn = 0, device = '', app_version = '', oca = '' } = record
  const name = `${session_id}/${instance}/${segment}`
  let key = ids.get(name)
  if (key === undefined) ids.set(name, (key = BigInt(ids.size)))
  const value = (field: keyof PlaybackTelemetryInput): number => Number(record[field] ?? 0)
  const stall = value('stall_connection_ms') + value('stall_decoder_ms') + value('stall_ad_ms')
  const watched = value('starting_ms') + value('playing_ms') + stall + value('seeking_ms')
  const wall = watched + value('paused_ms') + value('waiting_ms')
  return {
    clock: 'world',
    partition: -1,
    offset: -1,
    key,
    country,
    asn,
    device,
    app_version,
    oca,
    segment,
    session_start: record.session_start,
    segment_start: record.segment_start,
    startup_ms: record.startup_ms ?? -1,
    plain: [],
    sender: 0,
    received: Math.abs(record.event_time - received) > CLOCK_OFF_MS ? 0 : received,
    minute_state: [
      minuteOf(record.event_time),
      record.event_time,
      stall,
      watched,
      wall,
      value('media_ms'),
      value('bits_played'),
      value('errors_technical'),
      value('errors_business'),
      value('errors_fatal'),
      Number(['e', 'f', 'q'].includes(record.state)),
      0,
    ],
  }
}
