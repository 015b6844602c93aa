/** For tests: a store with the domain `profileSum` over viewers' actions. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { land, profileSum, type Action } from './fixture.ts'
import { domainBlocks, domainMigration, migrations } from './index.ts'

export interface SumStage {
  readonly store: Store
  /** Offset of the next action. */
  readonly offset: number
  /** Lands actions behind those before. */
  put(actions: readonly Action[]): Promise<void>
  /** Each profile of a clock with its number of events and the time watched. */
  state(clock: string): Promise<[profile: string, events: number, watched: number][]>
  close(): Promise<void>
}

export async function openSumStage(): Promise<SumStage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-touched-'))
  const store = await openEmbedded({ dataDir, database: 'playloop' })
  await migrate(store, [
    ...landingMigrations('viewer.actions'),
    ...migrations,
    domainMigration(profileSum),
    domainBlocks(profileSum),
  ])
  let offset = 0
  return {
    store,
    get offset() {
      return offset
    },
    async put(actions) {
      await land(store, actions, { offset })
      offset += actions.length
    },
    async state(clock) {
      const rows = await store.rows<{ profile: string; e: number; w: number }>({
        sql: 'SELECT profile, toUInt32(events) AS e, toUInt32(watched_sum) AS w FROM profile_sum_v1 FINAL WHERE clock = {clock:String} AND events > 0 ORDER BY profile',
        params: { clock },
      })
      return rows.map(({ profile, e, w }) => [profile, e, w])
    },
    async close() {
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
