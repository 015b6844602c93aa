import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, distinct, START } from '../../../producers/player/testing.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { METRICS, type Metric } from '../metrics.ts'
import { migrations } from '../migrations.ts'
import { readMetrics, type MetricsRow, type StoredRow, type Value } from './answer.ts'
import { landRecords, settle } from './fixture.ts'
import { metricsQuery, type MetricsAsk } from './queries.ts'
import { segmentsOf, type TelemetryRecord } from './record.ts'
import { reduceSession, type Session } from './reduce.ts'

export const CLOCK = 'replay:questions'
export const OVER = START + 4_000_000
export const SCOPE = { clock: CLOCK, from: START - 10_000, to: START + 10_000, now: OVER }
const COUNTRIES = ['DE', 'FR', 'NL']
export const metric = (id: string): Metric => METRICS.find((each) => each.id === id) ?? assert.fail(id)

export let store: Store
export let sessions: Session[]
export let records: TelemetryRecord[]

/** Provides a store with a hundred sessions and more, some with lost telemetry, while the tests of one file run. */
export function useSessions(): void {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-questions-'))
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [
      ...(['playback.telemetry', 'delivery.decisions', 'delivery.requests', 'viewer.actions'] as const).flatMap(
        (topic) => landingMigrations(topic),
      ),
      ...migrations,
    ])
    records = fc.sample(anySetup, { numRuns: 120, seed: 7 }).flatMap((any, i): TelemetryRecord[] =>
      distinct(playAll(any).beacons)
        .filter(({ seq }) => (seq + i) % 13 !== 12 || i % 3 > 0)
        .map((record) => ({
          ...record,
          session_id: `s${String(i).padStart(3, '0')}`,
          clock: CLOCK,
          country: COUNTRIES[i % 3]!,
          profile_id: `profile-${i % 10}`,
          source: i % 20 === 19 ? 'cmcd' : '',
        })),
    )
    await landRecords(store, records, { offset: 0 })
    await settle(store)
    sessions = [...Map.groupBy(segmentsOf(records), ({ session_id: id }) => id).values()].map((own) =>
      reduceSession(own, OVER)!,
    )
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
}

export const ask = async (more: Partial<MetricsAsk> & Pick<MetricsAsk, 'metrics'>): Promise<MetricsRow[]> => {
  const whole = { ...SCOPE, ...(more.metrics[0]!.time === 'end' ? { to: OVER } : {}), ...more }
  return readMetrics(await store.rows<StoredRow>(metricsQuery(whole)), whole)
}
export const only = ([row]: readonly MetricsRow[]): Value => row?.values[0] ?? assert.fail('no row')
export const sum = (of: readonly number[]): number => of.reduce((total, each) => total + each, 0)
