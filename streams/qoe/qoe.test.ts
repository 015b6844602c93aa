import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Query, type Store } from '../../platform/clickhouse/index.ts'
import type { AuditQuery } from '../../platform/audit.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { audits } from './audits.ts'
import { recordsOf } from './answer.ts'
import { MINUTE_MS, minuteOf, SUMS, type MinuteDimension } from './definitions.ts'
import { beaconsOf, land, type Beacon, type Phase, type Playback } from './fixture.ts'
import { createLiveClock, type LiveClock } from './live.ts'
import { migrations } from './migrations.ts'
import { minuteCubes, type CubeRow } from './queries.ts'
import { clocks, decodeTail, tail, type ClockSeen, type TailRow } from './tail.ts'

const T0 = Date.UTC(2026, 10, 23, 20)
const phase = fc.record({
  state: fc.constantFrom<Phase['state']>('p', 'p', 'p', 'r', 'k', 'a'),
  ms: fc.integer({ min: 1, max: 90_000 }),
})
const playback = (index: number): fc.Arbitrary<Playback> =>
  fc.record({
    session: fc.constant(`s${index}`),
    country: fc.constant(`c${index}`),
    start: fc.integer({ min: T0, max: T0 + 120_000 }),
    startup: fc.integer({ min: 1, max: 70_000 }),
    phases: fc.array(phase, { maxLength: 6 }),
    cuts: fc.array(fc.nat(300_000), { maxLength: 2 }),
    end: fc.constantFrom<'f' | 'q'>('f', 'q'),
    device: fc.constantFrom('tv', 'phone'),
    asn: fc.integer({ min: 0, max: 2 }),
    business: fc.boolean(),
  })
/** Beacons of some playbacks; a tenth of them are lost. */
const history = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => playback(i)))),
    fc.infiniteStream(fc.nat(9)),
  )
  .map(([playbacks, lots]) => ({
    playbacks,
    lost: (beacons: Beacon[]): Beacon[] => beacons.filter(() => (lots.next().value as number) > 0),
  }))

const PLACE: readonly MinuteDimension[] = ['country', 'asn', 'oca', 'device', 'app_version']
const placeOf = (row: Readonly<Record<MinuteDimension, string | number>>): string =>
  PLACE.map((name) => String(row[name]).padStart(9)).join('\n')

describe('quality of experience by minute', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-qoe-'))
  let store: Store
  let clockNumber = 0
  let offset = 0
  const freshClock = (): string => `replay:${++clockNumber}`
  const put = async (beacons: readonly Beacon[], partition = 0): Promise<void> => {
    await land(store, beacons, { partition, offset })
    offset += beacons.length
  }
  const minutesOf = (beacons: readonly Beacon[]): number[] => {
    const first = minuteOf(Math.min(...beacons.map(({ sessionStart }) => sessionStart)))
    const last = minuteOf(Math.max(...beacons.map(({ at }) => at)))
    return Array.from({ length: (last - first) / MINUTE_MS + 1 }, (_, i) => first + i * MINUTE_MS)
  }
  const answersOf = async (clock: string, minutes: readonly number[]): Promise<CubeRow<MinuteDimension>[][]> => {
    const rows = await store.rows<CubeRow<MinuteDimension>>(
      minuteCubes({ clock, from: minutes[0]!, to: minutes.at(-1)! }, PLACE),
    )
    return minutes.map((each) => rows.filter(({ minute }) => Number(minute) === each))
  }

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
      [first![0]!.attempts, first![0]!.plays, first![0]!.startups, first![0]!.watched_ms],
      ['1', '1', ['1984'], '60000'],
    )
    assert.equal(Number(first![0]!.stall_ms) + Number(second![0]!.stall_ms), 20_000)
    assert.equal(Number(second![0]!.bits_played) / Number(second![0]!.media_ms), 4_000)
    assert.deepEqual([second![0]!.attempts, second![0]!.concurrent_plays, second![0]!.watched_ms], ['0', '1', '30000'])
  })

  it('tells an exit before video start from a failure', async () => {
    const clock = freshClock()
    const base = { country: 'DE', start: T0, startup: 9_000, phases: [], cuts: [] }
    await put([
      ...beaconsOf({ ...base, session: 'left', end: 'q' }, clock),
      ...beaconsOf({ ...base, session: 'failed', end: 'f' }, clock),
    ])
    const [[row]] = (await answersOf(clock, [T0])) as [CubeRow<MinuteDimension>[]]
    assert.deepEqual(
      [row!.attempts, row!.plays, row!.ebvs, row!.vsf, row!.errors_fatal, row!.concurrent_plays],
      ['2', '0', '1', '1', '1', '0'],
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
    const watched = rows.map(([row]) => Number(row?.watched_ms ?? 0))
    assert.deepEqual(
      watched.slice(0, 4).map((ms) => ms > 49_000),
      [true, true, true, true],
    )
    assert.deepEqual(watched.slice(4, 11), [0, 0, 0, 0, 0, 0, 0])
    assert.equal(rows[11]![0]!.unknown, '1')
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
            const wall = own.reduce((sum, row) => sum + Number(row.wall_ms), 0)
            assert.ok(wall <= MINUTE_MS, `${session} spent ${wall} ms in one minute`)
            for (const row of own)
              assert.ok(
                Number(row.stall_ms) >= 0 &&
                  Number(row.stall_ms) <= Number(row.watched_ms) &&
                  Number(row.watched_ms) <= Number(row.wall_ms),
              )
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

  const stateOf = (clock: string): Promise<unknown[]> =>
    store.rows({
      sql: 'SELECT * EXCEPT clock FROM qoe_minute_v1 FINAL WHERE clock = {clock:String} ORDER BY ALL',
      params: { clock },
    })

  it('is a function of the set of records: shuffled, doubled, cut elsewhere and replayed, state and answers are the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async ({ playbacks, lost }, lots) => {
        const [plain, twisted] = [freshClock(), freshClock()]
        const beacons = lost(playbacks.flatMap((each) => beaconsOf(each, plain)))
        if (beacons.length === 0) return
        await put(beacons)
        const doubled = [...beacons, ...beacons.filter(() => (lots.next().value as number) % 2 === 0)]
          .map((each) => ({ each: { ...each, clock: twisted }, lot: lots.next().value as number }))
          .sort((a, b) => a.lot - b.lot)
          .map(({ each }) => each)
        const cut = (lots.next().value as number) % (doubled.length + 1)
        const at = offset
        await put(doubled.slice(0, cut), 1)
        await put(doubled.slice(cut), 1)
        await land(store, doubled.slice(0, cut), { partition: 1, offset: at })
        const minutes = minutesOf(beacons)
        assert.equal(JSON.stringify(await stateOf(twisted)), JSON.stringify(await stateOf(plain)))
        assert.equal(JSON.stringify(await answersOf(twisted, minutes)), JSON.stringify(await answersOf(plain, minutes)))
      }),
      { numRuns: 8 },
    )
  })

  const tailOf = async (clock: string): Promise<TailRow[]> =>
    [...decodeTail(await store.bytes(tail([]), 'RowBinary'))].filter((row) => row.clock === clock)
  /** What `live` says of a minute, in the form of the stored answer. */
  const liveRows = (live: LiveClock, minute: number): unknown[] =>
    recordsOf(live.cells(minute))
      .map(({ country, asn, oca, device, app_version, startups, ...sums }) => ({
        minute: String(minute),
        country,
        asn,
        oca,
        device,
        app_version,
        ...Object.fromEntries(SUMS.map((name) => [name, String(sums[name])])),
        startups: startups.flatMap(([bucket, n]) => new Array<string>(n).fill(String(bucket))),
      }))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))

  it('keeps the open minutes by the same algebra as the stored ones, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async ({ playbacks, lost }, lots) => {
        const clock = freshClock()
        const beacons = lost(playbacks.flatMap((each) => beaconsOf(each, clock)))
        if (beacons.length === 0) return
        await put(beacons)
        const rows = await tailOf(clock)
        assert.equal(rows.length, beacons.length)
        const minutes = minutesOf(beacons)
        const live = createLiveClock(minutes.at(-1)!, minutes.length)
        for (const { row } of [...rows, ...rows]
          .map((row) => ({ row, lot: lots.next().value as number }))
          .sort((a, b) => a.lot - b.lot))
          live.take(row)
        // Where more minutes came in an order too wild to be kept, the view says so and loads anew.
        if (live.late > 0) return
        for (const [i, stored] of (await answersOf(clock, minutes)).entries())
          assert.deepEqual(liveRows(live, minutes[i]!), stored)
      }),
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
      assert.deepEqual(liveRows(live, minutes[i]!), stored)
  })

  it('clamps live times to their receipt and flags them; other clocks are taken as told', async () => {
    const [odd] = beaconsOf(
      { session: 'odd', country: 'DE', start: Date.UTC(1811, 0), startup: 1, phases: [], cuts: [], end: 'q' },
      'live',
    )
    const received = Date.UTC(2026, 10, 23, 12)
    await put([
      { ...odd!, received },
      { ...odd!, clock: 'replay:odd' },
    ])
    assert.deepEqual(
      await store.rows(
        `SELECT clock, minute, clamped FROM qoe_minute_v1 FINAL WHERE session_id = 'odd' ORDER BY clock`,
      ),
      [
        { clock: 'live', minute: String(received - 86_400_000), clamped: 1 },
        { clock: 'replay:odd', minute: String(Date.UTC(1811, 0)), clamped: 0 },
      ],
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
      live.cells(T0).reduce((sum, { sums }) => sum + sums[SUMS.indexOf('plays')]!, 0),
      10,
    )
  })

  it('is proved by the audit: equal to its recomputation, and not once a wrong row is planted', async () => {
    const [audit] = audits
    const cut = [
      { topic: 'playback.telemetry', partition: 0, start: 0, end: offset },
      { topic: 'playback.telemetry', partition: 1, start: 0, end: offset },
    ]
    const at = (query: AuditQuery): Query => (typeof query === 'function' ? query(cut, '1') : query)
    const sides = async (): Promise<string[]> =>
      Promise.all([audit!.stored, audit!.recomputed].map(async (side) => JSON.stringify(await store.rows(at(side)))))
    const [stored, recomputed] = await sides()
    assert.ok(stored!.length > 1_000)
    assert.equal(stored, recomputed)
    await store.exec(
      `INSERT INTO qoe_minute_v1 (clock, minute, session_id, instance, segment, stall_ms) SETTINGS async_insert = 0 SELECT clock, minute, session_id, instance, segment, stall_ms + 1 FROM qoe_minute_v1 LIMIT 1`,
    )
    const [wrong] = await sides()
    assert.notEqual(wrong, recomputed)
  })
})
