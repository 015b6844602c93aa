import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
export { HOUR_MS, DAY_MS } from '../../platform/time.ts'
import { DAY_MS, HOUR_MS } from '../../platform/time.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'
import { REVISIONS } from '../../schemas/experiments/tables.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { domains as popularity, migrations as popularityTables } from '../popularity/index.ts'
import { migrations as qoe } from '../qoe/index.ts'
import { landRecords, LOGGED, settle as settleSessions } from '../qoe/session/fixture.ts'
import { land, type Action } from '../touched/fixture.ts'
import { migrations as touched, settle } from '../touched/index.ts'
import { landExposures, type Exposure } from './fixture.ts'
import { domains, migrations, settleOutcomes } from './index.ts'

export const T = Date.UTC(2026, 0, 20)
const base = {
  version: 1,
  name: '',
  description: '',
  window: { fromMs: 0, toMs: DAY_MS },
  better: 'up',
  unit: '',
} as const
export const METRICS: readonly MetricDefinition[] = [
  { ...base, id: 'plays', kind: 'count', value: { from: 'action', column: 'acts', actions: ['play'] } },
  {
    ...base,
    id: 'returned',
    kind: 'retention',
    value: { from: 'action', column: 'acts', actions: ['play'] },
    window: { fromMs: HOUR_MS, toMs: DAY_MS },
  },
  {
    ...base,
    id: 'clicks_per_impression',
    kind: 'ratio',
    value: { from: 'action', column: 'acts', actions: ['click'] },
    per: { from: 'action', column: 'acts', actions: ['impression'] },
  },
  {
    ...base,
    id: 'path',
    kind: 'funnel',
    steps: [
      { from: 'action', column: 'acts', actions: ['impression'] },
      { from: 'action', column: 'acts', actions: ['click'] },
      { from: 'action', column: 'acts', actions: ['play'] },
    ],
  },
  {
    ...base,
    id: 'rebuffer_ratio',
    kind: 'ratio',
    value: { from: 'session', column: 'stall_ms' },
    per: { from: 'session', column: 'watched_ms' },
  },
  { ...base, id: 'startup', kind: 'quantile', value: { from: 'session', column: 'startup_ms' }, levels: [0.5] },
]
export const experiment = (over: Partial<RegisteredExperiment> = {}): RegisteredExperiment => ({
  id: 'x',
  name: 'x',
  hypothesis: '',
  clock: 'live',
  unit: 'profile',
  state: 'running',
  killed: false,
  variations: [
    { key: 'a', name: 'a', weight: 0.5 },
    { key: 'b', name: 'b', weight: 0.5 },
  ],
  bucketing: { hashAttribute: 'id', hashVersion: 2, seed: 'x', coverage: 1 },
  phases: [{ phase: 0, from: 0, weights: [0.5, 0.5] }],
  metrics: { primary: METRICS, guardrail: [], secondary: [] },
  slices: [],
  plannedUnits: 1_000,
  alpha: 0.05,
  endsAt: null,
  caps: {},
  startedAt: 0,
  stoppedAt: null,
  revision: 1,
  action: 'start',
  by: 'test',
  at: 0,
  ...over,
})

interface Session {
  readonly id: string
  readonly profile: string
  readonly at: number
  readonly startup: number | null
  readonly stalled: number
  readonly clock?: string
  readonly household?: string
  readonly oca?: string
}

export let store: Store
/** How far each topic has landed. */
export const offsets = { exposures: 0, actions: 0, telemetry: 0 }

/** Provides a store with all tables that outcomes are computed from, while the tests of one file run. */
export function useStore(): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-outcomes-'))

  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
    await migrate(store, [
      ...landingMigrations('viewer.actions'),
      ...landingMigrations('experiment.exposures'),
      ...landingMigrations('playback.telemetry'),
      ...touched,
      ...popularityTables,
      ...qoe,
      ...migrations,
      {
        id: 'test/revisions',
        statements: [
          `CREATE TABLE ${REVISIONS} (id String, revision UInt32, body String) ENGINE = MergeTree ORDER BY (id, revision)`,
        ],
      },
    ])
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
}

export const register = (it: RegisteredExperiment): Promise<void> =>
  store.exec({
    sql: `INSERT INTO ${REVISIONS} SELECT {id:String}, {revision:UInt32}, {body:String}`,
    params: { id: it.id, revision: it.revision, body: JSON.stringify(it) },
  })
export const expose = async (exposures: readonly Exposure[]): Promise<void> => {
  if (exposures.length > 0) await landExposures(store, exposures, offsets.exposures)
  offsets.exposures += exposures.length
}
export const act = async (actions: readonly Action[]): Promise<void> => {
  if (actions.length > 0) await land(store, actions, { offset: offsets.actions })
  offsets.actions += actions.length
}
export const play = async (sessions: readonly Session[]): Promise<void> => {
  await landRecords(
    store,
    sessions.map(
      ({ id, profile, at, startup, stalled, clock = 'live', household = '', oca = 'oca-1' }) =>
        ({
          clock,
          event_time: at + 60_000,
          received_time: LOGGED,
          session_id: id,
          instance: at,
          segment: 0,
          seq: 1,
          session_start: at,
          segment_start: at,
          state: startup === null ? 'q' : 'e',
          profile_id: profile,
          household_id: household,
          oca,
          startup_ms: startup,
          starting_ms: startup ?? 500,
          playing_ms: startup === null ? 0 : 10_000,
          stall_connection_ms: stalled,
          stall_connection_count: Number(stalled > 0),
          media_ms: 10_000,
          bits_played: 40_000_000,
        }) as never,
    ),
    { offset: offsets.telemetry },
  )
  offsets.telemetry += sessions.length
}
export const settleAll = async (): Promise<void> => {
  for (const domain of [...popularity, ...domains]) await settle(store, domain)
  await settleSessions(store)
  await settleOutcomes(store)
}
export const rows = async (
  id: string,
  clock = 'live',
  columns = 'metric, unit_id, excluded, variation, value, per, before_value, before_per, first_rel, bins, counts, seen_before',
): Promise<string[]> =>
  Buffer.from(
    await store.bytes(
      {
        sql: `SELECT ${columns} FROM unit_outcome_v1 FINAL WHERE clock = {clock:String} AND experiment_id = {id:String} ORDER BY metric, unit_id`,
        params: { id, clock },
      },
      'TSV',
    ),
  )
    .toString()
    .trim()
    .split('\n')
