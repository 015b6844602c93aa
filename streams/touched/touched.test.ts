import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Query, type Store } from '../../platform/clickhouse/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { silentLogger } from '../../platform/logger.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { idOf, land, setClock, type Action } from './fixture.ts'
import {
  domainBlocks,
  domainMigration,
  idReuse,
  migrations,
  recomputeStep,
  settle,
  startTouched,
  type IdReuse,
  type TouchedDomain,
} from './index.ts'

/** Events and watched time of a profile: small enough to check by eye. */
const profileSum: TouchedDomain = {
  name: 'profile_sum',
  version: 1,
  topic: 'viewer.actions',
  touches: "e.action != 'erasure'",
  keys: [
    { name: 'clock', type: 'LowCardinality(String)', from: 'e.clock' },
    { name: 'profile', type: 'String', from: 'e.profile_id' },
  ],
  orderReason: 'one profile is asked for',
  facts: [{ name: 'watched', type: 'Int64', from: 'ifNull(e.watched_ms, 0)' }],
  values: [
    { name: 'events', type: 'UInt64' },
    { name: 'watched_sum', type: 'Int64' },
  ],
  recompute:
    'SELECT clock, profile, countIf(live) AS events, sumIf(watched, live) AS watched_sum, sum(e.weight) AS version FROM {events} AS e GROUP BY clock, profile',
  shown: 'events > 0',
  feedsErasures: true,
}

describe('touched keys, recomputed', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-touched-'))
  let store: Store
  let offset = 0
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
    await migrate(store, [
      ...landingMigrations('viewer.actions'),
      ...migrations,
      domainMigration(profileSum),
      domainBlocks(profileSum),
    ])
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const act = (n: number, clock: string, profile: string, watched = 1, more: Partial<Action> = {}): Action => ({
    id: idOf(n),
    clock,
    at: 1_000 + n,
    profile,
    action: 'play',
    title: 't',
    watched,
    ...more,
  })
  const put = async (actions: readonly Action[]): Promise<void> => {
    await land(store, actions, { offset })
    offset += actions.length
  }
  const state = (clock: string): Promise<[string, number, number][]> =>
    store
      .rows<{ profile: string; e: number; w: number }>({
        sql: 'SELECT profile, toUInt32(events) AS e, toUInt32(watched_sum) AS w FROM profile_sum_v1 FINAL WHERE clock = {clock:String} AND events > 0 ORDER BY profile',
        params: { clock },
      })
      .then((rows) => rows.map(({ profile, e, w }) => [profile, e, w]))

  it('counts distinct events: a resend changes nothing, a late event mends', async () => {
    await put([act(1, 'a', 'p', 10), act(2, 'a', 'q', 5)])
    await settle(store, profileSum)
    assert.deepEqual(await state('a'), [
      ['p', 1, 10],
      ['q', 1, 5],
    ])
    await put([act(1, 'a', 'p', 10, { received: 1_795_000_900_000, skew: 77 }), act(3, 'a', 'p', 7, { at: 5 })])
    await settle(store, profileSum)
    assert.deepEqual(await state('a'), [
      ['p', 2, 17],
      ['q', 1, 5],
    ])
    assert.deepEqual(await recomputeStep(store, profileSum).then(({ marks }) => marks), 0)
  })

  it('works in bounded batches of whole inserts', async () => {
    for (let i = 0; i < 5; i++) await put([act(10 + i, 'b', `p${i}`), act(20 + i, 'b', `p${i}`)])
    const steps = []
    for (let marks = 1; marks > 0;) steps.push((marks = (await recomputeStep(store, profileSum, 5)).marks))
    assert.deepEqual(steps, [4, 4, 2, 0])
    assert.deepEqual(
      (await state('b')).map(([, events]) => events),
      [2, 2, 2, 2, 2],
    )
  })

  it('killed between state and progress, recomputes the same rows again', async () => {
    await put([act(30, 'c', 'p', 3)])
    const dying: Store = {
      ...store,
      exec: (query) =>
        (query as Query).sql.includes('block_progress') ? Promise.reject(new Error('killed')) : store.exec(query),
    }
    const rowsOfState = async (): Promise<number> =>
      Number((await store.rows<{ n: string }>('SELECT count() AS n FROM profile_sum_v1 FINAL'))[0]?.n)
    await settle(store, profileSum)
    const earlier = await rowsOfState()
    await put([act(31, 'c', 'p', 4)])
    await assert.rejects(recomputeStep(dying, profileSum), /killed/)
    await assert.rejects(recomputeStep(dying, profileSum), /killed/)
    await settle(store, profileSum)
    assert.deepEqual(await state('c'), [['p', 2, 7]])
    assert.equal(await rowsOfState(), earlier)
    assert.deepEqual(
      await store.rows("SELECT version FROM profile_sum_v1 WHERE clock = 'c' ORDER BY version DESC LIMIT 1"),
      [{ version: '2' }],
    )
  })

  it('erases a profile up to its tombstone, and no replay brings it back, not even for a moment', async () => {
    const events = [act(40, 'd', 'p', 1), act(41, 'd', 'p', 2, { at: 90_000 }), act(42, 'd', 'q', 3)]
    await put(events)
    await settle(store, profileSum)
    await put([{ id: idOf(43), clock: 'd', at: 50_000, profile: 'p', action: 'erasure' }])
    await settle(store, profileSum)
    assert.deepEqual(await state('d'), [
      ['p', 1, 2],
      ['q', 1, 3],
    ])
    for (const event of [...events, act(44, 'd', 'p', 100, { at: 49_999 })]) {
      await put([event])
      await settle(store, profileSum)
      assert.deepEqual(await state('d'), [
        ['p', 1, 2],
        ['q', 1, 3],
      ])
    }
    // The state rebuilt from nothing, the tombstones being there: the same.
    await store.exec('TRUNCATE TABLE profile_sum_v1')
    await store.exec('TRUNCATE TABLE block_progress_v1')
    for (let marks = 1; marks > 0;) {
      marks = (await recomputeStep(store, profileSum, 1)).marks
      assert.ok((await state('d')).every(([profile, , watched]) => profile !== 'p' || watched <= 2))
    }
    assert.deepEqual(await state('d'), [
      ['p', 1, 2],
      ['q', 1, 3],
    ])
  })

  it('forgets a profile wholly when nothing of it came later', async () => {
    await put([act(50, 'e', 'p'), act(51, 'e', 'q')])
    await put([
      { id: idOf(52), clock: 'e', at: 50_000, profile: 'p', action: 'erasure' },
      { id: idOf(53), clock: 'other', at: 50_000, profile: 'q', action: 'erasure' },
    ])
    await settle(store, profileSum)
    assert.deepEqual(await state('e'), [['q', 1, 1]])
  })

  it('keeps the first copy of an id and reports another payload under it', async () => {
    const start = offset
    await put([act(60, 'f', 'p', 5), act(60, 'f', 'p', 6), act(60, 'f', 'p', 5)])
    await settle(store, profileSum)
    assert.deepEqual(await state('f'), [['p', 1, 5]])
    assert.deepEqual(await store.rows<IdReuse>(idReuse(profileSum, { after: 0, upTo: 4_000_000_000_000 })), [
      { event_id: idOf(60), partition: 0, offset: start + 1, first_partition: 0, first_offset: start },
    ])
  })

  it('drops a batch that is landed again with its token, in the index too', async () => {
    await land(store, [act(70, 'g', 'p')], { offset: 9_000, token: 'same' })
    await settle(store, profileSum)
    await land(store, [act(70, 'g', 'p')], { offset: 9_000, token: 'same' })
    assert.equal((await recomputeStep(store, profileSum)).marks, 0)
  })

  it('does not step over an insert that is still under way, nor wait for it', async () => {
    const slow = store.insertAvro({
      queryId: 'slow',
      structure: 'x Int64',
      body: [],
      sql: `INSERT INTO viewer_actions (event_id, clock, event_time, received_time, profile_id, action, title_id, _partition, _offset) SETTINGS insert_deduplication_token = 'slow', max_block_size = 1, function_sleep_max_microseconds_per_block = 3000000
        SELECT toFixedString('0123456789abcdef', 16), 'h', now64(3), now64(3), 'slow', 'play', 't', 0, 9500 + number FROM numbers(1) WHERE NOT ignore(sleep(1.5))`,
    })
    await new Promise((resolve) => setTimeout(resolve, 400))
    await put([act(80, 'h', 'fast')])
    await settle(store, profileSum)
    const profiles = async (): Promise<string[]> => (await state('h')).map(([profile]) => profile)
    assert.deepEqual(await profiles(), ['fast'])
    await slow
    await settle(store, profileSum)
    assert.deepEqual(await profiles(), ['fast', 'slow'])
  })

  it('says the same whatever the clock of the engine does, and however parts merge', async () => {
    const HOUR = 3_600_000
    const clockAt = fc.integer({ min: -2 * HOUR, max: 2 * HOUR }).map((ms) => ({ do: 'land' as const, ms }))
    const doing = fc.oneof(clockAt, clockAt, fc.constantFrom({ do: 'step' as const }, { do: 'merge' as const }))
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { minLength: 4, maxLength: 12 }), async (story) => {
        const clock = `clock-${run++}`
        for (const [n, act_] of story.entries()) {
          if (act_.do === 'step') await recomputeStep(store, profileSum, 3)
          else if (act_.do === 'merge') await store.exec('OPTIMIZE TABLE profile_sum_events_v1 FINAL')
          else {
            await setClock(store, act_.ms)
            await put([act(1_000 * run + n, clock, `p${n % 3}`, n), act(1_000 * run + n + 500, clock, 'all', 1)])
          }
        }
        await settle(store, profileSum)
        assert.deepEqual(
          await state(clock),
          (
            await store.rows<{ p: string; e: number; w: number }>({
              sql: 'SELECT profile_id AS p, toUInt32(uniqExact(event_id)) AS e, toUInt32(sum(watched_ms)) AS w FROM viewer_actions WHERE clock = {clock:String} GROUP BY p ORDER BY p',
              params: { clock },
            })
          ).map(({ p, e, w }) => [p, e, w]),
        )
      }),
      { numRuns: 6 },
    )
    await setClock(store, 0)
  })

  it('begins anew where the numbers of blocks did: a table that was emptied, or came back as another', async () => {
    await put([act(95, 'j', 'p', 1)])
    await settle(store, profileSum)
    await store.exec('TRUNCATE TABLE profile_sum_events_v1')
    assert.equal((await recomputeStep(store, profileSum)).marks, 0)
    // A restart of the engine on the empty table would number the next block 1.
    await store.exec('DETACH TABLE profile_sum_events_v1 SYNC')
    await store.exec('ATTACH TABLE profile_sum_events_v1')
    await put([act(96, 'j', 'q', 2)])
    assert.deepEqual(await store.rows('SELECT toFloat64(_block_number) AS block FROM profile_sum_events_v1'), [
      { block: 1 },
    ])
    await settle(store, profileSum)
    assert.deepEqual(await state('j'), [
      ['p', 1, 1],
      ['q', 1, 2],
    ])
  })

  it('goes on where a store was that followed landing times: nothing again, nothing left out', async () => {
    const older: TouchedDomain = { ...profileSum, name: 'older_sum', feedsErasures: false }
    await migrate(store, [domainMigration(older)])
    for (let n = 0; n < 3; n++) await put([act(97 + n, 'k', `before-${n}`)])
    await store.exec('OPTIMIZE TABLE older_sum_events_v1 FINAL')
    await store.exec(
      "INSERT INTO touched_progress_v1 SELECT 'older_sum_v1', toUnixTimestamp64Milli(max(landed_at)) FROM older_sum_events_v1",
    )
    await new Promise((resolve) => setTimeout(resolve, 5))
    await put([act(101, 'k', 'after')])
    await migrate(store, [domainBlocks(older)])
    await put([act(102, 'k', 'later')])
    await store.exec('OPTIMIZE TABLE older_sum_events_v1 FINAL')
    await settle(store, older)
    assert.deepEqual(await store.rows("SELECT profile FROM older_sum_v1 FINAL WHERE clock = 'k' ORDER BY profile"), [
      { profile: 'after' },
      { profile: 'later' },
    ])
  })

  it('runs by itself, and goes on after the store failed', async () => {
    let failures = 2
    const moody: Store = {
      ...store,
      rows: <T>(query: Query | string) => (failures-- > 0 ? Promise.reject(new Error('down')) : store.rows<T>(query)),
    }
    const reported: IdReuse[] = []
    // Before it starts: ids are compared once a minute.
    await put([act(90, 'i', 'p', 1), act(90, 'i', 'p', 2)])
    const running = startTouched(
      {
        store: moody,
        clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal) },
        logger: silentLogger,
        onIdReuse: async (_, reuses) => void reported.push(...reuses),
      },
      [profileSum],
    )
    running.wake('viewer.actions')
    for (let tries = 0; tries < 100 && (await state('i')).length === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    await running.stop()
    assert.deepEqual(await state('i'), [['p', 1, 1]])
    assert.ok(reported.some(({ event_id }) => event_id === idOf(90)))
  })
})
