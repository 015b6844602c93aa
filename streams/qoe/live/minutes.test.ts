import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { MINUTE_MS, minuteOf } from '../definitions.ts'
import { beaconsOf, land, type Beacon, type Playback } from '../fixture.ts'
import { migrations } from '../migrations.ts'
import { STATE_ROW, type StateRow } from '../state.ts'
import { createLiveClock, type LiveClock } from './clock.ts'
import { history, inOrder, minutesOf, storedCells, T0 } from './fixture.ts'
import { snapshotOf, type MinuteCell } from './spread.ts'
import { clocks, tail, type ClockSeen } from './tail.ts'

describe('the minutes of a clock, stored and open', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-minutes-'))
  let store: Store
  let clockNumber = 0
  let offset = 0
  const freshClock = (): string => `replay:${++clockNumber}`
  const put = async (beacons: readonly Beacon[], partition = 0): Promise<void> => {
    await land(store, beacons, { partition, offset })
    offset += beacons.length
  }
  const answersOf = (clock: string, minutes: readonly number[]): Promise<(readonly MinuteCell[])[]> =>
    storedCells(store, clock, minutes)

  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [...landingMigrations('playback.telemetry'), ...migrations])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('gives a play its start-up, its stalls and its bitrate, in the minutes they happened in', async () => {
    const clock = freshClock()
    await put(
      beaconsOf(
        {
          session: 'one',
          country: 'DE',
          start: T0,
          startup: 2_000,
          phases: [
            { state: 'p', ms: 48_000 },
            { state: 'r', ms: 20_000 },
            { state: 'p', ms: 20_000 },
          ],
          cuts: [],
          end: 'q',
        },
        clock,
      ),
    )
    const [first, second] = await answersOf(clock, [T0, T0 + MINUTE_MS])
    assert.equal(first!.length, 1)
    assert.deepEqual(
      [first![0]!.attempts, first![0]!.plays, [...first![0]!.startups], first![0]!.watched_ms],
      [1, 1, [[1_984, 1]], 60_000],
    )
    assert.equal(first![0]!.stall_ms + second![0]!.stall_ms, 20_000)
    assert.equal(second![0]!.bits_played / second![0]!.media_ms, 4_000)
    assert.deepEqual([second![0]!.attempts, second![0]!.concurrent_plays, second![0]!.watched_ms], [0, 1, 30_000])
  })

  it('tells an exit before video start from a failure', async () => {
    const clock = freshClock()
    const base = { country: 'DE', start: T0, startup: 9_000, phases: [], cuts: [] }
    await put([
      ...beaconsOf({ ...base, session: 'left', end: 'q' }, clock),
      ...beaconsOf({ ...base, session: 'failed', end: 'f' }, clock),
    ])
    const [[row]] = (await answersOf(clock, [T0])) as [MinuteCell[]]
    assert.deepEqual(
      [row!.attempts, row!.plays, row!.ebvs, row!.vsf, row!.errors_fatal, row!.concurrent_plays],
      [2, 0, 1, 1, 1, 0],
    )
  })

  it('repairs a lost beacon by the next, and calls a long silence unknown, never 0', async () => {
    const clock = freshClock()
    const beacons = beaconsOf(
      {
        session: 'gap',
        country: 'DE',
        start: T0,
        startup: 1_000,
        phases: [{ state: 'p', ms: 900_000 }],
        cuts: [],
        end: 'q',
      },
      clock,
    )
    await put(
      beacons.filter(({ at }) => at <= T0 + 50_000 || (at > T0 + 170_000 && at <= T0 + 230_000) || at > T0 + 700_000),
    )
    const rows = await answersOf(clock, minutesOf(beacons))
    const watched = rows.map(([row]) => row?.watched_ms ?? 0)
    assert.deepEqual(
      watched.slice(0, 4).map((ms) => ms > 49_000),
      [true, true, true, true],
    )
    assert.deepEqual(watched.slice(4, 11), [0, 0, 0, 0, 0, 0, 0])
    assert.equal(rows[11]![0]!.unknown, 1)
    assert.equal(watched[12], 60_000)
  })

  it('holds every minute to 60 s a session, and its minutes to the session', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ playbacks }) => {
        const clock = freshClock()
        const beacons = playbacks.flatMap((each) => beaconsOf(each, clock))
        await put(beacons)
        const total = new Map<string, number>()
        for (const rows of await answersOf(clock, minutesOf(beacons))) {
          const minute = Map.groupBy(rows, ({ country }) => country)
          for (const [session, own] of minute) {
            const wall = own.reduce((sum, row) => sum + row.wall_ms, 0)
            assert.ok(wall <= MINUTE_MS, `${session} spent ${wall} ms in one minute`)
            for (const row of own)
              assert.ok(row.stall_ms >= 0 && row.stall_ms <= row.watched_ms && row.watched_ms <= row.wall_ms)
            total.set(session, (total.get(session) ?? 0) + wall)
          }
        }
        for (const { country, startup, phases } of playbacks) {
          assert.equal(total.get(country), startup + phases.reduce((sum, { ms }) => sum + ms, 0))
        }
      }),
      { numRuns: 8 },
    )
  })

  const tailOf = async (clock: string): Promise<StateRow[]> =>
    [...STATE_ROW.rows(await store.bytes(tail([]), 'RowBinary'))].filter((row) => row.clock === clock)
  const liveCells = (live: LiveClock, minute: number): MinuteCell[] => inOrder(snapshotOf(live.cells(minute)))

  it('keeps the open minutes by the same algebra as the stored ones, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.infiniteStream(fc.nat()),
        fc.constantFrom(0, 50, 90),
        async ({ playbacks, lost }, lots, silent) => {
          const clock = freshClock()
          const sent = lost(playbacks.flatMap((each) => beaconsOf(each, clock)))
          if (sent.length === 0) return
          // Not every player repeats its start in each record.
          const beacons = sent.map((each) =>
            (lots.next().value as number) % 100 < silent ? { ...each, sessionStart: 0, segmentStart: 0 } : each,
          )
          await put(beacons)
          const rows = await tailOf(clock)
          assert.equal(rows.length, beacons.length)
          const minutes = minutesOf(sent)
          const live = createLiveClock(minutes.at(-1)!, minutes.length)
          for (const { row } of [...rows, ...rows]
            .map((row) => ({ row, lot: lots.next().value as number }))
            .sort((a, b) => a.lot - b.lot))
            live.take(row)
          // Where more minutes came in an order too wild to be kept, the view says so and loads anew.
          if (live.late > 0) return
          for (const [i, stored] of (await answersOf(clock, minutes)).entries())
            assert.deepEqual(liveCells(live, minutes[i]!), stored)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('moves its window with the players, minute by minute, to the same answers', async () => {
    const clock = freshClock()
    const playbacks = Array.from({ length: 12 }, (_, i): Playback => ({
      session: `m${i}`,
      country: `c${i % 3}`,
      start: T0 + i * 7_000,
      startup: 900 + i * 100,
      phases: [
        { state: 'p', ms: 200_000 + i * 9_000 },
        { state: 'r', ms: 15_000 },
        { state: 'p', ms: 300_000 },
      ],
      cuts: [i * 20_000],
      end: 'q',
    }))
    const beacons = playbacks.flatMap((each) => beaconsOf(each, clock)).sort((a, b) => a.at - b.at)
    await put(beacons)
    const rows = (await tailOf(clock)).sort((a, b) => a.received - b.received)
    const live = createLiveClock(T0, 30)
    rows.forEach((row, i) => {
      live.take(row)
      if (i % 20 === 0) assert.equal(live.roll(), true)
    })
    live.roll()
    const minutes = minutesOf(beacons).filter((each) => each <= minuteOf(live.watermark))
    for (const [i, stored] of (await answersOf(clock, minutes)).entries())
      assert.deepEqual(liveCells(live, minutes[i]!), stored)
  })

  it('has one watermark, in SQL and in memory, whoever sends what', async () => {
    const player = fc.record({ sender: fc.nat(4), offset: fc.integer({ min: -30, max: 300 }), ended: fc.boolean() })
    let present = T0
    const players = fc.array(player, { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(players, fc.boolean(), async (all, isLive) => {
        const clock = isLive ? 'live' : freshClock()
        const received = (present += 3_600_000)
        const beacons = all.map(({ sender, offset, ended }, i): Beacon => {
          const base = {
            session: `w${received}-${i}`,
            country: 'DE',
            start: received,
            startup: 1,
            phases: [],
            cuts: [],
          }
          const [beacon] = beaconsOf({ ...base, end: 'q' }, clock)
          return { ...beacon!, at: received + offset * 1_000, received, state: ended ? 'q' : 'p', sender }
        })
        await put(beacons)
        const seen = (await store.rows<ClockSeen>(clocks())).find((each) => each.clock === clock)!
        const live = createLiveClock(seen.watermark, 30, { clock })
        for (const row of await tailOf(clock)) if (row.received === received) live.take(row)
        live.roll()
        assert.equal(live.watermark, seen.watermark)
      }),
      { numRuns: 12 },
    )
  })

  it('judges now by many players: one whose clock is a year ahead moves nothing', async () => {
    const clock = freshClock()
    const good = Array.from({ length: 10 }, (_, i) =>
      beaconsOf(
        {
          session: `g${i}`,
          country: 'DE',
          start: T0,
          startup: 500,
          phases: [{ state: 'p', ms: 20_000 }],
          cuts: [],
          end: 'q',
        },
        clock,
      ),
    ).flat()
    const bad = { ...good[0]!, session: 'bad', at: T0 + 365 * 86_400_000, received: T0 + 20_000 }
    await put([...good, bad])
    const seen = (await store.rows<ClockSeen>(clocks())).find((each) => each.clock === clock)
    assert.equal(seen!.players, 11)
    assert.equal(minuteOf(seen!.watermark), T0)
    const live = createLiveClock(seen!.watermark, 5)
    for (const row of await tailOf(clock)) live.take(row)
    assert.equal(live.roll(), true)
    assert.equal(minuteOf(live.watermark), T0)
    assert.equal(
      live.cells(T0).reduce((sum, { plays }) => sum + plays, 0),
      10,
    )
  })
})
