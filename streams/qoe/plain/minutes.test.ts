import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { auditAggregate } from '../../audit/aggregates.ts'
import { audits } from '../audits.ts'
import { MINUTE_MS, minuteOf } from '../definitions.ts'
import { createLiveClock, type LiveClock } from '../live/clock.ts'
import { inOrder, storedCells } from '../live/fixture.ts'
import { minuteRollups } from '../live/rollups.ts'
import { snapshotOf, type MinuteCell } from '../live/spread.ts'
import { storedMinutes, storedPlainMinutes, tail } from '../live/tail.ts'
import { migrations } from '../migrations.ts'
import { landRecords, settle as settleSessions } from '../session/fixture.ts'
import { segmentsOf, type TelemetryRecord } from '../session/record.ts'
import { reduceSession } from '../session/reduce.ts'
import { STATE_ROW, type StateRow } from '../state.ts'
import { MAX_MINUTE_RECORDS } from './record.ts'
import { anyTold, plainRecords, T, type Told } from './testing.ts'

describe('minutes of plain CMCD', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-plain-'))
  let store: Store
  let [clocks, offset] = [0, 0]
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [...landingMigrations('playback.telemetry'), ...migrations])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const freshClock = (): string => `replay:${++clocks}`
  const land = async (records: readonly TelemetryRecord[]): Promise<void> => {
    await landRecords(store, records, { offset })
    offset += records.length
  }
  const rowsOf = async (query: Parameters<Store['bytes']>[0]): Promise<StateRow[]> => [
    ...STATE_ROW.rows(await store.bytes(query, 'RowBinary')),
  ]
  const minutesOf = (records: readonly TelemetryRecord[]): number[] => {
    const times = records.map(({ event_time: at }) => minuteOf(at))
    const [first, last] = [Math.min(...times) - MINUTE_MS, Math.max(...times)]
    return Array.from({ length: (last - first) / MINUTE_MS + 1 }, (_, i) => first + i * MINUTE_MS)
  }
  const liveCells = (live: LiveClock, minutes: readonly number[]): MinuteCell[][] =>
    minutes.map((minute) => inOrder(snapshotOf(live.cells(minute))))
  /** Sums over all cells of a minute, of what is not 0. */
  const sumsIn = async (told: readonly Told[], minute: number): Promise<Record<string, unknown>> => {
    const clock = freshClock()
    await land(plainRecords(told, 's', clock))
    const [[cell]] = (await storedCells(store, clock, [T + minute * MINUTE_MS])) as [MinuteCell[]]
    return Object.fromEntries(Object.entries(cell ?? {}).filter(([, value]) => typeof value === 'number' && value > 0))
  }
  const PLAY: readonly Told[] = [
    { at: 0, sta: 's' },
    { at: 900, sta: 'p' },
    { at: 50_000, sta: 'r' },
    { at: 70_000, sta: 'p' },
    { at: 80_000, sta: 'a' },
    { at: 110_000, sta: 'a', e: 't' },
    { at: 130_000, sta: 'q' },
  ]

  it('count a play, its start-up and its stall where they were, to the ms', async () => {
    assert.deepEqual(await sumsIn(PLAY, 0), {
      attempts: 1,
      plays: 1,
      startup_ms: 900,
      concurrent_plays: 1,
      stall_ms: 10_000,
      watched_ms: 60_000,
      wall_ms: 60_000,
    })
    assert.deepEqual(await sumsIn(PLAY, 1), {
      concurrent_plays: 1,
      stall_ms: 10_000,
      watched_ms: 20_000,
      wall_ms: 60_000,
    })
    assert.deepEqual(await sumsIn(PLAY, 2), { wall_ms: 10_000 })
  })

  it('tell an exit before the first frame and a failure only of attempts whose beginning was heard', async () => {
    const quit: Told[] = [
      { at: 0, sta: 's' },
      { at: 4_000, sta: 'q' },
    ]
    assert.equal((await sumsIn(quit, 0))['ebvs'], 1)
    const failed = await sumsIn(
      [
        { at: 0, sta: 'r' },
        { at: 4_000, sta: 'f' },
      ],
      0,
    )
    assert.deepEqual([failed['vsf'], failed['vsf_technical'], failed['errors_fatal']], [1, 1, 1])
    const paused = Array.from({ length: 40 }, (_, i): Told => ({ at: i * 20_000, sta: i === 0 ? 'p' : 'a', sn: i + 5 }))
    const left = await sumsIn([...paused, { at: 800_000, sta: 'q', sn: 45 }], 13)
    assert.deepEqual([left['ebvs'], left['vsf'], left['clamped']], [undefined, undefined, undefined])
  })

  it('count a play without a known start-up, and leave it out of start-up times', async () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 9_000, sta: 'p', e: 't', sn: 2 },
      { at: 10_000, sta: 'q', sn: 3 },
    ]
    const sums = await sumsIn(told, 0)
    assert.deepEqual([sums['plays'], sums['startup_ms'], sums['unknown']], [1, undefined, 1])
  })

  it('are the same in memory, in any order, and after a restart', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyTold, { minLength: 10, maxLength: 20 }),
        fc.infiniteStream(fc.nat(99)),
        async (all, stream) => {
          const lot = (): number => stream.next().value as number
          const clock = freshClock()
          const records = all.flatMap((told, i) =>
            plainRecords(told, `s${i}`, clock).map((each) => ({ ...each, country: `c${i % 3}` })),
          )
          await land(records)
          const minutes = minutesOf(records)
          const stored = await storedCells(store, clock, minutes)
          const rows = (await rowsOf(tail([], clock))).filter((row) => row.clock === clock)
          assert.equal(rows.length, records.length)
          const live = createLiveClock(minutes.at(-1)!, minutes.length)
          for (const { row } of [...rows, ...rows.filter(() => lot() < 30)]
            .map((row) => ({ row, at: lot() }))
            .sort((a, b) => a.at - b.at))
            live.take(row)
          if (live.late === 0) assert.deepEqual(liveCells(live, minutes), stored)
          const again = createLiveClock(minutes.at(-1)!, minutes.length)
          const range = { clock, from: minutes[0]!, to: minutes.at(-1)! }
          assert.equal((await rowsOf(storedMinutes(range, true))).length, 0)
          for (const row of await rowsOf(storedPlainMinutes(range))) again.take(row)
          assert.equal(again.late, 0)
          assert.deepEqual(liveCells(again, minutes), stored)
        },
      ),
      { numRuns: 5, endOnFailure: true },
    ))

  it('count the first records of a crowded minute alone: stored, in memory, in sessions, and for the audit', async () => {
    const clock = freshClock()
    const records = plainRecords(
      Array.from({ length: 2 * MAX_MINUTE_RECORDS }, (_, sn) => ({ at: sn * 40, sta: sn === 0 ? 's' : 'p' })),
      'crowd',
      clock,
    )
    await land(records.toReversed())
    const live = createLiveClock(T, 1)
    for (const row of await rowsOf(tail([], clock))) live.take(row)
    const stored = await storedCells(store, clock, [T])
    assert.deepEqual(liveCells(live, [T]), stored)
    assert.deepEqual([stored[0]![0]!.plays, stored[0]![0]!.watched_ms], [1, (MAX_MINUTE_RECORDS - 1) * 40])
    await settleSessions(store)
    const session = reduceSession(segmentsOf(records), T + 3_600_000)!
    const [row] = await store.rows<{ playing_ms: number }>(
      `SELECT toFloat64(playing_ms) AS playing_ms FROM qoe_session_v1 FINAL WHERE clock = '${clock}'`,
    )
    assert.equal(row!.playing_ms, (MAX_MINUTE_RECORDS - 2) * 40)
    assert.equal(session.numbers.playing_ms, row!.playing_ms)
    const cut = [{ topic: 'playback.telemetry', partition: 0, start: 0, end: 1e9 }]
    for (const audit of audits) assert.deepEqual((await auditAggregate(store, audit, cut)).differences, [], audit.name)
  })

  it('do not depend on which minutes are asked for', async () => {
    const clock = freshClock()
    const records = fc
      .sample(anyTold, { numRuns: 30, seed: 5 })
      .flatMap((told, i) => plainRecords(told, `s${i}`, clock))
    await land(records)
    const minutes = minutesOf(records)
    const whole = await storedCells(store, clock, minutes)
    for (const i of [1, minutes.length >> 1])
      assert.deepEqual(await storedCells(store, clock, [minutes[i]!]), [whole[i]], String(i))
  })

  it('cost nothing where there are none', () => {
    const { sql } = minuteRollups({ clock: 'world', from: T, to: T })
    assert.ok(!sql.includes('qoe_plain_minute_v1'))
  })
})
