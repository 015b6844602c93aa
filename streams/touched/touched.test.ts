import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Query, type Store } from '../../platform/clickhouse/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { silentLogger } from '../../platform/logger.ts'
import { actOf, idOf, land, profileSum } from './fixture.ts'
import { idReuse, recomputeStep, settle, startTouched, type IdReuse } from './index.ts'
import { openSumStage, type SumStage } from './testing.ts'

describe('touched keys, recomputed', () => {
  let stage: SumStage
  let store: Store
  before(async () => {
    stage = await openSumStage()
    store = stage.store
  })
  after(() => stage.close())
  const put: SumStage['put'] = (actions) => stage.put(actions)
  const state: SumStage['state'] = (clock) => stage.state(clock)

  it('counts distinct events: a resend changes nothing, a late event mends', async () => {
    await put([actOf(1, 'a', 'p', 10), actOf(2, 'a', 'q', 5)])
    await settle(store, profileSum)
    assert.deepEqual(await state('a'), [
      ['p', 1, 10],
      ['q', 1, 5],
    ])
    await put([actOf(1, 'a', 'p', 10, { received: 1_795_000_900_000, skew: 77 }), actOf(3, 'a', 'p', 7, { at: 5 })])
    await settle(store, profileSum)
    assert.deepEqual(await state('a'), [
      ['p', 2, 17],
      ['q', 1, 5],
    ])
    assert.deepEqual(await recomputeStep(store, profileSum).then(({ marks }) => marks), 0)
  })

  it('works in bounded batches of whole inserts', async () => {
    for (let i = 0; i < 5; i++) await put([actOf(10 + i, 'b', `p${i}`), actOf(20 + i, 'b', `p${i}`)])
    const steps = []
    for (let marks = 1; marks > 0;) steps.push((marks = (await recomputeStep(store, profileSum, 5)).marks))
    assert.deepEqual(steps, [4, 4, 2, 0])
    assert.deepEqual(
      (await state('b')).map(([, events]) => events),
      [2, 2, 2, 2, 2],
    )
  })

  it('killed between state and progress, recomputes the same rows again', async () => {
    await put([actOf(30, 'c', 'p', 3)])
    const dying: Store = {
      ...store,
      exec: (query) =>
        (query as Query).sql.includes('block_progress') ? Promise.reject(new Error('killed')) : store.exec(query),
    }
    const rowsOfState = async (): Promise<number> =>
      Number((await store.rows<{ n: string }>('SELECT count() AS n FROM profile_sum_v1 FINAL'))[0]?.n)
    await settle(store, profileSum)
    const earlier = await rowsOfState()
    await put([actOf(31, 'c', 'p', 4)])
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
    const events = [actOf(40, 'd', 'p', 1), actOf(41, 'd', 'p', 2, { at: 90_000 }), actOf(42, 'd', 'q', 3)]
    await put(events)
    await settle(store, profileSum)
    await put([{ id: idOf(43), clock: 'd', at: 50_000, profile: 'p', action: 'erasure' }])
    await settle(store, profileSum)
    assert.deepEqual(await state('d'), [
      ['p', 1, 2],
      ['q', 1, 3],
    ])
    for (const event of [...events, actOf(44, 'd', 'p', 100, { at: 49_999 })]) {
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
    await put([actOf(50, 'e', 'p'), actOf(51, 'e', 'q')])
    await put([
      { id: idOf(52), clock: 'e', at: 50_000, profile: 'p', action: 'erasure' },
      { id: idOf(53), clock: 'other', at: 50_000, profile: 'q', action: 'erasure' },
    ])
    await settle(store, profileSum)
    assert.deepEqual(await state('e'), [['q', 1, 1]])
  })

  it('keeps the first copy of an id and reports another payload under it', async () => {
    const start = stage.offset
    await put([actOf(60, 'f', 'p', 5), actOf(60, 'f', 'p', 6), actOf(60, 'f', 'p', 5)])
    await settle(store, profileSum)
    assert.deepEqual(await state('f'), [['p', 1, 5]])
    assert.deepEqual(await store.rows<IdReuse>(idReuse(profileSum, { after: 0, upTo: 4_000_000_000_000 })), [
      { event_id: idOf(60), partition: 0, offset: start + 1, first_partition: 0, first_offset: start },
    ])
  })

  it('drops a batch that is landed again with its token, in the index too', async () => {
    await land(store, [actOf(70, 'g', 'p')], { offset: 9_000, token: 'same' })
    await settle(store, profileSum)
    await land(store, [actOf(70, 'g', 'p')], { offset: 9_000, token: 'same' })
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
    await put([actOf(80, 'h', 'fast')])
    await settle(store, profileSum)
    const profiles = async (): Promise<string[]> => (await state('h')).map(([profile]) => profile)
    assert.deepEqual(await profiles(), ['fast'])
    await slow
    await settle(store, profileSum)
    assert.deepEqual(await profiles(), ['fast', 'slow'])
  })

  it('runs by itself, and goes on after the store failed', async () => {
    let failures = 2
    const moody: Store = {
      ...store,
      rows: <T>(query: Query | string) => (failures-- > 0 ? Promise.reject(new Error('down')) : store.rows<T>(query)),
    }
    const reported: IdReuse[] = []
    // Before it starts: ids are compared once a minute.
    await put([actOf(90, 'i', 'p', 1), actOf(90, 'i', 'p', 2)])
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
