import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { actOf, profileSum, setClock } from './fixture.ts'
import { domainBlocks, domainMigration, recomputeStep, settle, type TouchedDomain } from './index.ts'
import { openSumStage, type SumStage } from './testing.ts'

describe('a cursor', () => {
  let stage: SumStage
  let store: Store
  before(async () => {
    stage = await openSumStage()
    store = stage.store
  })
  after(() => stage.close())
  const put: SumStage['put'] = (actions) => stage.put(actions)
  const state: SumStage['state'] = (clock) => stage.state(clock)

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
            await put([actOf(1_000 * run + n, clock, `p${n % 3}`, n), actOf(1_000 * run + n + 500, clock, 'all', 1)])
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
    await put([actOf(95, 'j', 'p', 1)])
    await settle(store, profileSum)
    await store.exec('TRUNCATE TABLE profile_sum_events_v1')
    assert.equal((await recomputeStep(store, profileSum)).marks, 0)
    // A restart of the engine on the empty table would number the next block 1.
    await store.exec('DETACH TABLE profile_sum_events_v1 SYNC')
    await store.exec('ATTACH TABLE profile_sum_events_v1')
    await put([actOf(96, 'j', 'q', 2)])
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
    for (let n = 0; n < 3; n++) await put([actOf(97 + n, 'k', `before-${n}`)])
    await store.exec('OPTIMIZE TABLE older_sum_events_v1 FINAL')
    await store.exec(
      "INSERT INTO touched_progress_v1 SELECT 'older_sum_v1', toUnixTimestamp64Milli(max(landed_at)) FROM older_sum_events_v1",
    )
    await new Promise((resolve) => setTimeout(resolve, 5))
    await put([actOf(101, 'k', 'after')])
    await migrate(store, [domainBlocks(older)])
    await put([actOf(102, 'k', 'later')])
    await store.exec('OPTIMIZE TABLE older_sum_events_v1 FINAL')
    await settle(store, older)
    assert.deepEqual(await store.rows("SELECT profile FROM older_sum_v1 FINAL WHERE clock = 'k' ORDER BY profile"), [
      { profile: 'after' },
      { profile: 'later' },
    ])
  })
})
