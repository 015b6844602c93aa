import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
export { HOUR_MS } from '../../../platform/time.ts'
import { HOUR_MS } from '../../../platform/time.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { CONCURRENCY, type Rule } from '../metrics/concurrency.ts'
import { migrations } from '../migrations.ts'
import type { MetricsRow, StoredRow } from './answer.ts'
import { concurrencyQuery, readConcurrency, type ConcurrencyAsk } from './concurrency.ts'
import { landRecords, settle } from './fixture.ts'
import type { TelemetryRecord } from './record.ts'

/** The start of a minute. */
export const T0 = 1_700_000_040_000
export const own = (rule: Rule): ConcurrencyAsk['metrics'] => CONCURRENCY.filter((each) => each.rule === rule)

let store: Store
let [offset, clocks] = [0, 0]

/** Provides a store with the tables of sessions while the tests of one file run. */
export function useStore(): void {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-concurrency-'))
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [
      ...(['playback.telemetry', 'delivery.decisions', 'delivery.requests', 'viewer.actions'] as const).flatMap(
        (topic) => landingMigrations(topic),
      ),
      ...migrations,
    ])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
}

/** Inserts records on the given clock and reduces their sessions. */
export async function landOn(clock: string, records: readonly TelemetryRecord[]): Promise<void> {
  await landRecords(
    store,
    records.map((record) => ({ ...record, clock })),
    { offset },
  )
  offset += records.length
  await settle(store)
}
/** Inserts records on a clock of their own. */
export const landed = async (records: readonly TelemetryRecord[]): Promise<string> => {
  const clock = `replay:concurrency-${clocks++}`
  await landOn(clock, records)
  return clock
}
export const ask = async (question: Omit<ConcurrencyAsk, 'now'> & { now?: number }): Promise<MetricsRow[]> => {
  const whole = { now: question.to + HOUR_MS, ...question }
  return readConcurrency(await store.rows<StoredRow>(concurrencyQuery(whole)), whole)
}
