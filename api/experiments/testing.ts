/** For tests: the API over a real store, with one experiment that can be exposed. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allMigrations } from '../../bin/composition.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { domains, settleOutcomes } from '../../streams/experiments/index.ts'
import { landExposures } from '../../streams/experiments/fixture.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import { settle } from '../../streams/touched/index.ts'
import { startTestApi } from '../../test/api-harness.ts'

export const T = Date.UTC(2026, 0, 20)
export const HOUR = 3_600_000
export interface Problem {
  code: string
  faults?: { at: string }[]
}

export const hourly = {
  id: 'plays',
  version: 1,
  name: 'Plays',
  description: '',
  kind: 'count',
  value: { from: 'action', column: 'acts', actions: ['play'] },
  window: { fromMs: 0, toMs: HOUR },
  better: 'up',
  unit: 'events',
}
export const draft = {
  id: 'x',
  name: 'X',
  clock: 'live',
  unit: 'profile',
  variations: [{ key: 'a' }, { key: 'b' }],
  metrics: { primary: ['plays'], secondary: ['startup.unit.quantiles:cta2066'] },
  slices: ['country'],
  plannedUnits: 1_000,
}

export interface ExperimentsApi {
  readonly store: Store
  readonly url: string
  get<T>(path: string, status?: number): Promise<T>
  post<T>(path: string, body: object, status?: number): Promise<T>
  put<T>(path: string, body: object, status?: number): Promise<T>
  /** Exposes units of the experiment `x`, half of them to each arm; each plays once. */
  expose(from: number, count: number): Promise<void>
  /** Stops the API with its jobs; the store stays. */
  stopServing(): Promise<void>
  close(): Promise<void>
}

export async function openExperimentsApi(env: Readonly<Record<string, string>> = {}): Promise<ExperimentsApi> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-api-experiments-'))
  const store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
  await migrate(store, allMigrations)
  const api = await startTestApi(
    {
      config: { ...readConfig(env), host: '127.0.0.1', port: 0, dataDir: dir },
      clock: systemClock,
      logger: silentLogger,
      metrics: openMetrics(),
    },
    { store },
  )
  const call = async <T>(method: 'GET' | 'POST' | 'PUT', path: string, status: number, body?: object): Promise<T> => {
    const response = await fetch(`${api.url}/v1/experiments${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    assert.equal(response.status, status, `${path} ${text}`)
    return JSON.parse(text) as T
  }
  let stopped: Promise<void> | undefined
  const stopServing = (): Promise<void> => (stopped ??= api.stop())
  let offset = 0
  const expose = async (from: number, count: number): Promise<void> => {
    await landExposures(
      store,
      Array.from({ length: count }, (_, i) => ({
        id: idOf(from + i),
        clock: 'live',
        experiment: 'x',
        unit: `u${from + i}`,
        variation: i % 2,
        at: T + i,
        country: i % 3 === 0 ? 'DE' : 'FR',
      })),
      offset,
    )
    await land(
      store,
      Array.from({ length: count }, (_, i) => ({
        id: idOf(from + i, 1),
        clock: 'live',
        at: T + i + 1_000,
        profile: `u${from + i}`,
        action: 'play',
        title: 't',
      })),
      { offset },
    )
    offset += count
    for (const domain of domains) await settle(store, domain)
    await settleOutcomes(store)
  }
  return {
    store,
    url: api.url,
    get: (path, status = 200) => call('GET', path, status),
    post: (path, body, status = 200) => call('POST', path, status, { by: 'ada', ...body }),
    put: (path, body, status = 200) => call('PUT', path, status, { by: 'ada', ...body }),
    expose,
    stopServing,
    async close() {
      await stopServing()
      await store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
