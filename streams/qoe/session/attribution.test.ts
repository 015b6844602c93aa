import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import { playAll, type PlaySetup, type SessionTotals } from '../../../producers/player/index.ts'
import { distinct, setup, START } from '../../../producers/player/testing.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { MINUTE_MS, minuteOf } from '../definitions.ts'
import { findMetric } from '../metrics.ts'
import { migrations } from '../migrations.ts'
import type { MinuteDimension } from '../definitions.ts'
import type { Minute } from '../live/rollups.ts'
import { readMinutes } from '../live/stored.ts'
import { readMetrics, type StoredRow } from './answer.ts'
import type { Dimension } from './ask.ts'
import { landRecords, settle } from './fixture.ts'
import { metricsQuery } from './queries.ts'
import type { TelemetryRecord } from './record.ts'

const OCAS = ['a', 'b', 'c']
const lots = fc.infiniteStream(fc.nat(99))
const next = (stream: Iterator<number>): number => stream.next().value as number

/**
 * A path that dies for a while, and an appliance that is changed one to five times, mostly meanwhile. The player waits.
 */
const stalled: fc.Arbitrary<PlaySetup> = fc
  .record({
    good: fc.integer({ min: 2_000, max: 40_000 }),
    dead: fc.integer({ min: 20_000, max: 200_000 }),
    kbps: fc.integer({ min: 2_000, max: 20_000 }),
    turns: fc.array(fc.record({ part: fc.integer({ min: 1, max: 999 }), roam: fc.nat(3).map((lot) => lot === 0) }), {
      minLength: 1,
      maxLength: 5,
    }),
    pause: fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: undefined }),
    offset: fc.integer({ min: -60_000, max: 60_000 }),
  })
  .map(({ good, dead, kbps, turns, pause, offset }) =>
    setup({
      trace: [
        { durationMs: good, kbps, latencyMs: 20 },
        { durationMs: dead, kbps: 0, latencyMs: 20 },
        { durationMs: 900_000, kbps, latencyMs: 20 },
      ],
      ranked: OCAS.map((oca) => ({ oca, pathway: oca.toUpperCase() })),
      clockOffsetMs: offset,
      config: { ...setup().config, firstByteTimeoutMs: 400_000, requestTimeoutMs: 400_000, bufferTargetMs: 10_000 },
      viewer: {
        startupPatienceMs: 400_000,
        stallPatienceMs: 400_000,
        ...(pause === undefined ? {} : { script: [{ kind: 'pause', atMs: pause, forMs: 15_000 }] }),
      },
      turns: turns
        .map(({ part, roam }) => ({ atMs: good + Math.floor((part * dead) / 1_000), roam }))
        .sort((a, b) => a.atMs - b.atMs)
        .map(({ atMs, roam }, i) =>
          roam ? { kind: 'roam', atMs, asn: 65_000 + i } : { kind: 'steer', atMs, rank: (i + 1) % OCAS.length },
        ),
    }),
  )

interface Played {
  readonly id: string
  readonly records: readonly TelemetryRecord[]
  readonly totals: SessionTotals
}

/** The device names the session: minutes can be asked by it. */
const played = (any: PlaySetup, i: number): Played => {
  const { beacons, totals } = playAll(any)
  const id = `s${i}`
  return {
    id,
    totals,
    records: distinct(beacons).map((record): TelemetryRecord => ({ ...record, session_id: id, device: id })),
  }
}

/**
 * Time stalled by appliance, from what was told of states alone: each lasts until the next record, and what is behind
 * the start of that record's segment was on its appliance.
 */
function stallsOf({ records }: Played): { byOca: Map<string, number>; switched: number } {
  const byOca = new Map(OCAS.map((oca) => [oca, 0]))
  let switched = 0
  for (const [i, { state, oca, event_time: at }] of records.entries()) {
    const later = records[i + 1]
    if (state !== 'r' || later === undefined) continue
    const cut = Math.min(Math.max(at, later.segment_start), later.event_time)
    byOca.set(oca!, byOca.get(oca!)! + cut - at)
    byOca.set(later.oca!, byOca.get(later.oca!)! + later.event_time - cut)
    if (later.oca !== oca) switched++
  }
  return { byOca, switched }
}

describe('time of sessions that change their appliance in a stall', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-attribution-'))
  let store: Store
  let [offset, clocks, switched] = [0, 0, 0]
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [
      ...landingMigrations('playback.telemetry'),
      ...landingMigrations('viewer.actions'),
      ...migrations,
    ])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /**
   * Lands records on a clock of their own: in any order, some twice, in up to three inserts with a step of the job
   * after each.
   */
  const landed = async (records: readonly TelemetryRecord[], stream: Iterator<number>): Promise<string> => {
    const clock = `replay:attribution-${clocks++}`
    const twisted = [...records, ...records.filter(() => next(stream) < 25)]
      .map((record) => ({ record: { ...record, clock }, lot: next(stream), batch: next(stream) % 3 }))
      .sort((a, b) => a.lot - b.lot)
    for (const [, batch] of Map.groupBy(twisted, (each) => each.batch)) {
      await landRecords(
        store,
        batch.map(({ record }) => record),
        { offset },
      )
      offset += batch.length
      await settle(store)
    }
    return clock
  }
  const minutes = async (
    clock: string,
    plays: readonly Played[],
    dimensions: readonly MinuteDimension[],
  ): Promise<(Minute['cells'][number] & { minute: number })[]> => {
    const times = plays.flatMap(({ records }) => records.map(({ event_time: at }) => at))
    const range = { clock, from: minuteOf(Math.min(...times)) - MINUTE_MS, to: minuteOf(Math.max(...times)) }
    const kept = await readMinutes(store, range, dimensions)
    return kept.flatMap(({ minute, cells }) => cells.map((cell) => ({ minute, ...cell })))
  }
  const sum = <T>(of: readonly T[], pick: (each: T) => number | string): number =>
    of.reduce((all, each) => all + Number(pick(each)), 0)

  it('is booked where it was, to the millisecond, by session and by minute, in any order, with copies, in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stalled, { minLength: 1, maxLength: 4 }), lots, async (setups, stream) => {
        const plays = setups.map(played)
        const clock = await landed(
          plays.flatMap(({ records }) => records),
          stream,
        )
        const byMinute = await minutes(clock, plays, ['device', 'oca'])
        const ask = {
          clock,
          from: START - 3_600_000,
          to: START + 3_600_000,
          now: START + 7_200_000,
          metrics: [findMetric('rebuffer_ratio:cta2066')!],
          groupBy: ['device', 'oca'] as const,
        }
        const cells = readMetrics(await store.rows<StoredRow>(metricsQuery(ask)), ask)
        for (const play of plays) {
          const truth = stallsOf(play)
          switched += truth.switched
          assert.equal(
            sum([...truth.byOca.values()], (ms) => ms),
            play.totals.stallConnectionMs,
            'the truth is whole',
          )
          for (const oca of OCAS) {
            const stall = truth.byOca.get(oca)!
            assert.equal(
              sum(
                cells.filter(({ dimensions: d }) => d.device === play.id && d.oca === oca),
                ({ values }) => values[0]!.numerator,
              ),
              stall,
              `${play.id} on ${oca}, of sessions`,
            )
            assert.equal(
              sum(
                byMinute.filter((cell) => cell.device === play.id && cell.oca === oca),
                (cell) => cell.stall_ms,
              ),
              stall,
              `${play.id} on ${oca}, of minutes`,
            )
          }
        }
      }),
      { numRuns: 10 },
    )
    assert.ok(switched > 10, 'appliances were changed within stalls')
  })

  it('fills no minute of a session beyond the time that it was there in it, and is the same summed over any dimension', () =>
    fc.assert(
      fc.asyncProperty(fc.array(stalled, { minLength: 1, maxLength: 4 }), lots, async (setups, stream) => {
        const plays = setups.map(played)
        const clock = await landed(
          plays.flatMap(({ records }) => records),
          stream,
        )
        for (const dimension of ['oca', 'asn', 'app_version', 'country', 'device'] as const) {
          const byMinute = await minutes(clock, plays, [...new Set<MinuteDimension>(['device', dimension])])
          for (const [key, cells] of Map.groupBy(byMinute, (cell) => `${cell.device} ${cell.minute}`)) {
            const [stall, watched, wall] = (['stall_ms', 'watched_ms', 'wall_ms'] as const).map((name) =>
              sum(cells, (cell) => cell[name]),
            ) as [number, number, number]
            const { records } = plays.find(({ id }) => id === cells[0]!.device)!
            const [begun, over] = [
              Math.max(Number(cells[0]!.minute), records[0]!.session_start),
              Math.min(Number(cells[0]!.minute) + MINUTE_MS, records.at(-1)!.event_time),
            ]
            assert.ok(
              stall <= watched && watched <= wall && wall <= over - begun,
              `${key}: ${stall} <= ${watched} <= ${wall} <= ${over - begun}`,
            )
          }
          const ask = {
            clock,
            from: START - 3_600_000,
            to: START + 3_600_000,
            now: START + 7_200_000,
            metrics: ['rebuffer_ratio:cta2066', 'paused_ratio:conviva'].map((id) => findMetric(id)!),
            groupBy: [...new Set<Dimension>(['device', dimension])],
          }
          const rows = readMetrics(await store.rows<StoredRow>(metricsQuery(ask)), ask)
          for (const { id, totals: t } of plays) {
            const own = byMinute.filter((cell) => cell.device === id)
            const told = rows.filter(({ dimensions }) => dimensions.device === id)
            const whole = [t.stallConnectionMs + t.stallDecoderMs + t.stallAdMs, t.watchedTimeMs]
            assert.deepEqual(
              [sum(own, (cell) => cell.stall_ms), sum(own, (cell) => cell.watched_ms)],
              whole,
              `${id} by ${dimension}, of minutes`,
            )
            assert.deepEqual(
              [sum(told, ({ values }) => values[0]!.numerator), sum(told, ({ values }) => values[0]!.denominator)],
              whole,
              `${id} by ${dimension}, of sessions`,
            )
            assert.equal(
              sum(own, (cell) => cell.wall_ms),
              sum(told, ({ values }) => values[1]!.denominator),
              `${id} by ${dimension}: all time`,
            )
          }
        }
      }),
      { numRuns: 4 },
    ))
})
