import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { HOUR_MS } from '../../platform/time.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { idOf, land, type Action } from '../touched/fixture.ts'
import { migrations as touchedMigrations, recomputeStep, settle } from '../touched/index.ts'
import { actionsPerMinute, audits, migrations, titleHour, topTitles } from './index.ts'

describe('popularity of titles by the hour', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-popularity-'))
  let store: Store
  let offset = 0
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
    await migrate(store, [...landingMigrations('viewer.actions'), ...touchedMigrations, ...migrations])
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const put = async (actions: readonly Action[], partition = 0): Promise<void> => {
    if (actions.length === 0) return
    await land(store, actions, { offset, partition })
    offset += actions.length
  }
  const finalised = async (clock: string): Promise<string> =>
    Buffer.from(
      await store.bytes(
        {
          sql: `SELECT * EXCEPT (clock, version) FROM title_hour_v1 FINAL WHERE clock = {clock:String} AND profiles > 0 ORDER BY hour, title_id, country`,
          params: { clock },
        },
        'TSV',
      ),
    ).toString()

  it('counts what was done, watched and by how many', async () => {
    const base = { clock: 'live', at: 5 * HOUR_MS + 1, title: 'brazil', country: 'NL', session: 's1' }
    await put([
      { ...base, id: idOf(1), profile: 'p', action: 'impression' },
      { ...base, id: idOf(2), profile: 'p', action: 'click' },
      { ...base, id: idOf(3), profile: 'p', action: 'play' },
      { ...base, id: idOf(4), profile: 'p', action: 'progress', watched: 60_000 },
      { ...base, id: idOf(5), profile: 'p', action: 'progress', watched: 30_000 },
      { ...base, id: idOf(6), profile: 'q', session: 's2', action: 'finish', watched: 100_000 },
      { ...base, id: idOf(7), profile: 'q', session: 's3', action: 'progress', watched: 5_000 },
      { ...base, id: idOf(8), profile: 'q', action: 'rating', rating: 450 },
      { ...base, id: idOf(9), profile: 'q', action: 'list_add' },
      { ...base, id: idOf(12), profile: 'q', action: 'rating' },
      { ...base, id: idOf(10), profile: 'r', action: 'search', title: '' },
      { ...base, id: idOf(11), profile: 'r', action: 'rating', rating: 100, at: 6 * HOUR_MS },
    ])
    await settle(store, titleHour)
    assert.deepEqual((await finalised('live')).split('\n'), [
      `${5 * HOUR_MS}\tbrazil\tNL\t1\t1\t1\t1\t2\t1\t450\t165000\t2`,
      `${6 * HOUR_MS}\tbrazil\tNL\t0\t0\t0\t0\t1\t1\t100\t0\t1`,
      '',
    ])
  })

  it('answers the top titles of whole hours and the actions of each minute', async () => {
    const rate = (n: number, title: string, at: number): Action => ({
      id: idOf(n, 2),
      clock: 'top',
      at,
      profile: `p${n}`,
      action: 'rating',
      title,
      rating: 400,
    })
    await put([
      rate(1, 'b', HOUR_MS),
      rate(2, 'b', HOUR_MS),
      rate(3, 'a', 2 * HOUR_MS - 1),
      rate(4, 'c', 2 * HOUR_MS),
      rate(5, 'z', HOUR_MS - 1),
      rate(1, 'b', HOUR_MS),
    ])
    await settle(store, titleHour)
    const top = await store.rows<{ title_id: string; ratings: number; rating_centi: number }>(
      topTitles({ clock: 'top', from: HOUR_MS + 5, to: 2 * HOUR_MS, limit: 2 }),
    )
    assert.deepEqual(
      top.map(({ title_id, ratings, rating_centi }) => [title_id, ratings, rating_centi]),
      [
        ['b', 2, 400],
        ['a', 1, 400],
      ],
    )
    assert.deepEqual(await store.rows(actionsPerMinute({ clock: 'top', from: HOUR_MS, to: 2 * HOUR_MS + 1 })), [
      { minute: HOUR_MS, action: 'rating', events: 2 },
      { minute: 2 * HOUR_MS - 60_000, action: 'rating', events: 1 },
      { minute: 2 * HOUR_MS, action: 'rating', events: 1 },
    ])
  })

  it('takes times of broken clocks as they are', async () => {
    for (const [n, at] of [-2_000_000_000_000, -1, 9_000_000_000_000].entries())
      await put([{ id: idOf(n, 3), clock: 'broken', at, profile: 'p', action: 'play', title: 't' }])
    await settle(store, titleHour)
    const hours = (await finalised('broken'))
      .trim()
      .split('\n')
      .map((line) => Number(line.split('\t')[0]))
    assert.deepEqual(hours, [-2_000_001_600_000, -HOUR_MS, 9_000_000_000_000])
  })

  const action = fc.record({
    at: fc.nat(3 * HOUR_MS),
    profile: fc.constantFrom('p', 'q', 'r'),
    title: fc.constantFrom('a', 'b'),
    country: fc.constantFrom('', 'NL'),
    session: fc.constantFrom('s', 't'),
    action: fc.constantFrom('impression', 'click', 'play', 'progress', 'finish', 'rating', 'list_add', 'erasure'),
    watched: fc.option(fc.nat(100_000)),
    rating: fc.option(fc.integer({ min: 50, max: 500 })),
  })
  const sequences = fc.record({
    actions: fc.array(action, { minLength: 1, maxLength: 25 }),
    seed: fc.infiniteStream(fc.nat(1_000)).map((stream) => () => stream.next().value as number),
  })
  let runs = 0

  it('depends on the set of events alone: shuffled, doubled, cut otherwise, recomputed in between, replayed', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, async ({ actions, seed }) => {
        const run = runs++
        const events = (clock: string): Action[] =>
          actions.map((given, n) => ({ ...given, id: idOf(n, 100 + run), clock }))
        const [plain, wild] = [`plain-${run}`, `wild-${run}`]
        await put(events(plain))
        await settle(store, titleHour)
        const resent = events(wild).flatMap((event) =>
          seed() % 2 === 0 ? [event] : [event, { ...event, received: 1_795_000_000_000 + seed(), skew: seed() }],
        )
        const shuffled = resent
          .map((event) => ({ event, key: seed() }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event)
        for (let i = 0; i < shuffled.length;) {
          const size = 1 + (seed() % 12)
          await put(shuffled.slice(i, i + size))
          if (seed() % 2 === 0) await recomputeStep(store, titleHour, 3)
          i += size
        }
        if (seed() % 2 === 0) await put(events(wild))
        await settle(store, titleHour)
        assert.equal(await finalised(wild), await finalised(plain))
      }),
      { numRuns: 12 },
    )
  })

  it('equals its recomputation from the landing table, at any cut', async () => {
    const [audit] = audits
    assert.ok(audit !== undefined && typeof audit.stored === 'function' && typeof audit.recomputed === 'function')
    for (const end of [0, Math.floor(offset / 2), offset]) {
      const cut = [{ topic: 'viewer.actions', partition: 0, start: 0, end }]
      const stored: Uint8Array = await store.bytes(audit.stored(cut, '1'), 'TSV')
      const recomputed: Uint8Array = await store.bytes(audit.recomputed(cut, '1'), 'TSV')
      assert.equal(Buffer.from(stored).toString(), Buffer.from(recomputed).toString())
      assert.equal(stored.length > 0, end > 0)
    }
  })
})
