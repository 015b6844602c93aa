import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import { openMetrics } from '../../../platform/metrics.ts'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, distinct } from '../../../producers/player/testing.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { migrations } from '../migrations.ts'
import { landedEnds, landRecords, LOGGED, settle } from './fixture.ts'
import { newestQuery } from './job-queries.ts'
import { reduceStep, type LandedEnds } from './job.ts'
import { lagOf, watchSessionsLag, type SessionsLag } from './lag.ts'

const RECORDS = fc
  .sample(anySetup, { numRuns: 4, seed: 7 })
  .flatMap((any, i) =>
    distinct(playAll(any).beacons).map((record) => ({ ...record, clock: 'world', session_id: `s${i}` })),
  )
  .slice(0, 20)

describe('how far sessions are behind', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-lag-'))
  let store: Store
  let offset = 0
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [...landingMigrations('playback.telemetry'), ...migrations])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  /** Lands `count` records, received at that time. */
  const land = async (count: number, received: number, partition = 0): Promise<void> => {
    await landRecords(
      store,
      RECORDS.slice(0, count).map((record) => ({ ...record, received_time: received })),
      { partition, offset },
    )
    offset += count
  }

  /** Ended by nothing but the test: a look when it asks for one, at a time it sets. */
  const watch = (
    ends: LandedEnds,
  ): { look(now: number): Promise<SessionsLag | undefined>; text(): Promise<string>; stop(): Promise<void> } => {
    const metrics = openMetrics()
    let [now, wake, slept] = [0, (): void => undefined, Promise.withResolvers<void>()]
    const clock: Clock = {
      now: () => now,
      sleep: (_, signal) =>
        new Promise((resolve) => {
          wake = resolve
          signal?.addEventListener('abort', () => resolve())
          slept.resolve()
        }),
    }
    const role = watchSessionsLag({ store, clock, metrics, ends })
    return {
      async look(at) {
        await slept.promise
        now = at
        slept = Promise.withResolvers<void>()
        wake()
        await slept.promise
        return role.lag()
      },
      text: () => metrics.text(),
      stop: () => role.stop(),
    }
  }

  it('is the time and the places between the newest row landed and the newest made into sessions', async () => {
    let brokers = true
    const watched = watch(() => (brokers ? landedEnds(store)() : Promise.reject(new Error('no broker'))))
    const at = (ms: number): Promise<SessionsLag | undefined> => watched.look(LOGGED + ms)
    assert.deepEqual(await at(0), { places: 0, seconds: 0 }, 'nothing landed')
    await land(3, LOGGED)
    assert.deepEqual(await at(100), { places: 3, seconds: null }, 'none was ever made')
    await settle(store)
    assert.deepEqual(await at(200), { places: 0, seconds: 0 })
    await land(4, LOGGED + 500)
    await land(5, LOGGED + 7_500)
    assert.deepEqual(await at(9_000), { places: 9, seconds: 7.5 })
    assert.match(await watched.text(), /^playloop_sessions_lag_seconds 7\.5$/m)
    assert.match(await watched.text(), /^playloop_sessions_lag_places 9$/m)
    await reduceStep(store, landedEnds(store), 4)
    assert.deepEqual(await at(9_100), { places: 5, seconds: 7 }, 'a step nearer')
    brokers = false
    assert.equal(await at(9_200), undefined, 'not known')
    assert.match(await watched.text(), /^playloop_sessions_lag_seconds nan$/im)
    assert.match(await watched.text(), /^playloop_sessions_lag_places nan$/im)
    brokers = true
    await settle(store)
    assert.deepEqual(await at(9_300), { places: 0, seconds: 0 })
    await land(2, LOGGED + 3_600_000)
    assert.deepEqual(await at(3_602_000), { places: 2, seconds: 3_592.5 }, 'nobody looked meanwhile')
    await settle(store)
    assert.deepEqual(await at(7_200_000), { places: 0, seconds: 0 })
    await land(2, LOGGED + 7_201_000)
    assert.deepEqual(await at(7_202_000), { places: 2, seconds: 2 }, 'after a silence of an hour: even two seconds ago')
    await watched.stop()
  })

  it('grows with what lands, shrinks with what is made, and is never below zero', () => {
    const some = fc.record({ partition: fc.nat(2), offset: fc.nat(1_000), received: fc.nat(1_000_000) })
    const unique = { selector: ({ partition }: { partition: number }) => partition }
    fc.assert(
      fc.property(
        fc.uniqueArray(some, unique),
        fc.uniqueArray(some, unique),
        fc.nat(1_000_000),
        fc.nat(1_000_000),
        (landed, cursors, newest, most) => {
          const lag = lagOf({ landed, cursors, newest, most })
          assert.ok(lag.places >= 0 && (lag.seconds === null || (lag.seconds >= 0 && lag.seconds <= most / 1_000)))
          const more = lagOf({
            landed: landed.map((each) => ({ ...each, offset: each.offset + 1 })),
            cursors,
            newest: newest + 1_000,
            most,
          })
          assert.ok(more.places >= lag.places && (more.seconds ?? Infinity) >= (lag.seconds ?? -Infinity))
          assert.deepEqual(
            lagOf({ landed, cursors: landed.map((each) => ({ ...each, received: newest })), newest, most }),
            { places: 0, seconds: 0 },
          )
        },
      ),
    )
  })

  it('is asked without reading a row', async () => {
    const plan = await store.rows<{ explain: string }>(`EXPLAIN ${newestQuery}`)
    assert.match(plan.map(({ explain }) => explain).join('\n'), /_minmax_count_projection/)
  })
})
