import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate } from '../../platform/clickhouse/index.ts'
import { REVISIONS } from '../../schemas/experiments/tables.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { migrations as popularityTables } from '../popularity/index.ts'
import { migrations as qoe } from '../qoe/index.ts'
import { landRecords, settle as settleSessions } from '../qoe/session/fixture.ts'
import { idOf, land } from '../touched/fixture.ts'
import { migrations as touched, settle } from '../touched/index.ts'
import { domains, migrations, settleOutcomes } from './index.ts'
import { T } from './testing.ts'

describe('a store that was there before experiments were counted', () => {
  it('counts what it holds', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'playloop-outcomes-old-'))
    const store = await openEmbedded({ dataDir, database: 'playloop' })
    try {
      await migrate(store, [
        ...landingMigrations('viewer.actions'),
        ...landingMigrations('experiment.exposures'),
        ...landingMigrations('playback.telemetry'),
        ...touched,
        ...popularityTables,
        ...qoe,
      ])
      await land(store, [{ id: idOf(1), clock: 'live', at: T, profile: 'p', action: 'play', title: 't' }], {
        offset: 0,
      })
      await landRecords(
        store,
        [
          {
            clock: 'live',
            event_time: T,
            session_id: 's',
            instance: T,
            segment: 0,
            seq: 1,
            session_start: T,
            segment_start: T,
            state: 'e',
            profile_id: 'p',
            startup_ms: 5,
            playing_ms: 9,
          } as never,
        ],
        { offset: 0 },
      )
      await settleSessions(store)
      await migrate(store, migrations)
      for (const domain of domains) await settle(store, domain)
      await store.exec(
        `CREATE TABLE ${REVISIONS} (id String, revision UInt32, body String) ENGINE = MergeTree ORDER BY (id, revision)`,
      )
      await settleOutcomes(store)
      assert.deepEqual(await store.rows('SELECT profile, length(acts) AS acts FROM profile_day_v1 FINAL'), [
        { profile: 'p', acts: '1' },
      ])
      assert.deepEqual(await store.rows('SELECT profile_id, toUInt8(plays) AS plays FROM unit_session_v1 FINAL'), [
        { profile_id: 'p', plays: 1 },
      ])
    } finally {
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
})
