import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'
import { REVISIONS } from '../../schemas/experiments/tables.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { auditAggregate } from '../audit/aggregates.ts'
import { domains as popularity, migrations as popularityTables } from '../popularity/index.ts'
import { migrations as qoe } from '../qoe/index.ts'
import { landRecords, LOGGED, settle as settleSessions } from '../qoe/session/fixture.ts'
import { idOf, land, type Action } from '../touched/fixture.ts'
import { migrations as touched, recomputeStep, settle } from '../touched/index.ts'
import { landExposures, type Exposure } from './fixture.ts'
import { domains, migrations, outcomeAudits, outcomeStep, settleOutcomes } from './index.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const T = Date.UTC(2026, 0, 20)
const base = {
  version: 1,
  name: '',
  description: '',
  window: { fromMs: 0, toMs: DAY },
  better: 'up',
  unit: '',
} as const
const METRICS: readonly MetricDefinition[] = [
  { ...base, id: 'plays', kind: 'count', value: { from: 'action', column: 'acts', actions: ['play'] } },
  {
    ...base,
    id: 'returned',
    kind: 'retention',
    value: { from: 'action', column: 'acts', actions: ['play'] },
    window: { fromMs: HOUR, toMs: DAY },
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
const experiment = (over: Partial<RegisteredExperiment> = {}): RegisteredExperiment => ({
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

describe('outcomes of units', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-outcomes-'))
  let store: Store
  const offsets = { exposures: 0, actions: 0, telemetry: 0 }
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

  const register = (it: RegisteredExperiment): Promise<void> =>
    store.exec({
      sql: `INSERT INTO ${REVISIONS} SELECT {id:String}, {revision:UInt32}, {body:String}`,
      params: { id: it.id, revision: it.revision, body: JSON.stringify(it) },
    })
  const expose = async (exposures: readonly Exposure[]): Promise<void> => {
    if (exposures.length > 0) await landExposures(store, exposures, offsets.exposures)
    offsets.exposures += exposures.length
  }
  const act = async (actions: readonly Action[]): Promise<void> => {
    if (actions.length > 0) await land(store, actions, { offset: offsets.actions })
    offsets.actions += actions.length
  }
  const play = async (sessions: readonly Session[]): Promise<void> => {
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
  const settleAll = async (): Promise<void> => {
    for (const domain of [...popularity, ...domains]) await settle(store, domain)
    await settleSessions(store)
    await settleOutcomes(store)
  }
  const rows = async (
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

  it('are counted from the first exposure on, by metric', async () => {
    await register(experiment())
    await expose([
      { id: idOf(1), clock: 'live', experiment: 'x', unit: 'p', variation: 1, at: T },
      { id: idOf(2), clock: 'live', experiment: 'x', unit: 'q', variation: 0, at: T },
    ])
    const did = (n: number, action: string, at: number): Action => ({
      id: idOf(n, 1),
      clock: 'live',
      at,
      profile: 'p',
      action,
      title: 't',
    })
    await act([
      did(1, 'impression', T + 1),
      did(2, 'click', T + 2),
      did(3, 'play', T + 3),
      did(4, 'play', T + 2 * HOUR),
      did(5, 'play', T + DAY),
      did(6, 'play', T - HOUR),
      did(7, 'play', T - 15 * DAY),
    ])
    await play([
      { id: 's1', profile: 'p', at: T + HOUR, startup: 2_000, stalled: 500 },
      { id: 's2', profile: 'p', at: T + 2 * HOUR, startup: null, stalled: 0 },
      { id: 's3', profile: 'p', at: T - HOUR, startup: 1_000, stalled: 0 },
    ])
    await settleAll()
    assert.deepEqual(await rows('x'), [
      'clicks_per_impression@1\tp\t0\t1\t1\t1\t0\t0\t2\t[]\t[]\t1',
      'clicks_per_impression@1\tq\t0\t0\t0\t0\t0\t0\t-1\t[]\t[]\t0',
      'path@1\tp\t0\t1\t1\t1\t0\t0\t-1\t[3]\t[1]\t1',
      'path@1\tq\t0\t0\t0\t1\t0\t0\t-1\t[0]\t[1]\t0',
      'plays@1\tp\t0\t1\t2\t1\t1\t1\t3\t[]\t[]\t1',
      'plays@1\tq\t0\t0\t0\t1\t0\t1\t-1\t[]\t[]\t0',
      'rebuffer_ratio@1\tp\t0\t1\t500\t13000\t0\t11000\t3600000\t[]\t[]\t1',
      'rebuffer_ratio@1\tq\t0\t0\t0\t0\t0\t0\t-1\t[]\t[]\t0',
      'returned@1\tp\t0\t1\t1\t1\t1\t1\t7200000\t[]\t[]\t1',
      'returned@1\tq\t0\t0\t0\t1\t0\t1\t-1\t[]\t[]\t0',
      'startup@1\tp\t0\t1\t2000\t1\t1000\t1\t3600000\t[2000,9007199254740991]\t[1,1]\t1',
      'startup@1\tq\t0\t0\t0\t1\t0\t1\t-1\t[]\t[]\t0',
    ])
  })

  it('move with an earlier exposure that comes late, and go with a profile that asks to be forgotten', async () => {
    await expose([{ id: idOf(3), clock: 'live', experiment: 'x', unit: 'p', variation: 1, at: T - 2 * HOUR }])
    await settleAll()
    assert.deepEqual(
      (await rows('x')).filter((row) => row.startsWith('plays@1\tp')),
      ['plays@1\tp\t0\t1\t3\t1\t0\t1\t3600000\t[]\t[]\t0'],
    )
    await act([{ id: idOf(90, 1), clock: 'live', at: T + 10 * DAY, profile: 'p', action: 'erasure' }])
    for (const domain of popularity) await settle(store, domain)
    await expose([{ id: idOf(4), clock: 'live', experiment: 'x', unit: 'r', variation: 1, at: T }])
    await settleAll()
    assert.deepEqual(
      (await rows('x')).filter((row) => row.includes('\tp\t')).map((row) => row.split('\t').slice(0, 6).join(' ')),
      [
        'clicks_per_impression@1 p 1 0 0 0',
        'path@1 p 1 0 0 1',
        'plays@1 p 1 0 0 1',
        'rebuffer_ratio@1 p 1 0 0 0',
        'returned@1 p 1 0 0 1',
        'startup@1 p 1 0 0 1',
      ],
    )
  })

  it('know whose facts are a household, a session and an appliance in an hour', async () => {
    const metrics = { primary: METRICS.filter(({ id }) => id === 'rebuffer_ratio'), guardrail: [], secondary: [] }
    for (const unit of ['household', 'session', 'oca_hour'] as const)
      await register(experiment({ id: `of-${unit}`, unit, metrics }))
    const of = (n: number, type: string, unit: string): Exposure => ({
      id: idOf(n, 2),
      clock: 'live',
      experiment: `of-${type}`,
      unit,
      variation: 1,
      at: T,
      type,
    })
    await play([
      { id: 'h1', profile: 'a', household: 'h', at: T + 1, startup: 1_000, stalled: 10 },
      { id: 'h2', profile: 'b', household: 'h', at: T + 2, startup: 1_000, stalled: 20, oca: 'oca-2' },
    ])
    await expose([of(1, 'household', 'h'), of(2, 'session', 'h2'), of(3, 'oca_hour', `oca-2@${T}`)])
    await settleAll()
    const told = await Promise.all(
      ['household', 'session', 'oca_hour'].map((unit) => rows(`of-${unit}`, 'live', 'unit_id, value')),
    )
    assert.deepEqual(told, [['h\t30'], ['h2\t20'], [`oca-2@${T}\t20`]])
  })

  it('stay with the household in which they were when a profile moves to another', async () => {
    const metrics = {
      primary: METRICS.filter(({ id }) => id === 'rebuffer_ratio' || id === 'plays'),
      guardrail: [],
      secondary: [],
    }
    await register(experiment({ id: 'moved', unit: 'household', metrics }))
    await expose(
      ['old', 'new'].map((unit, n) => ({
        id: idOf(n, 5),
        clock: 'live',
        experiment: 'moved',
        unit,
        variation: n,
        at: T,
        type: 'household',
      })),
    )
    await play([
      { id: 'm1', profile: 'mover', household: 'old', at: T + 1, startup: 1_000, stalled: 10 },
      { id: 'm2', profile: 'mover', household: 'new', at: T + 2, startup: 1_000, stalled: 20 },
      { id: 'm3', profile: 'stayer', household: 'old', at: T + 3, startup: 1_000, stalled: 40 },
    ])
    await act([
      { id: idOf(1, 6), clock: 'live', at: T + 5, profile: 'stayer', action: 'play', household: 'old' },
      { id: idOf(2, 6), clock: 'live', at: T + 6, profile: 'mover', action: 'play', household: 'new' },
    ])
    await settleAll()
    assert.deepEqual(await rows('moved', 'live', 'metric, unit_id, value'), [
      'plays@1\tnew\t1',
      'plays@1\told\t1',
      'rebuffer_ratio@1\tnew\t20',
      'rebuffer_ratio@1\told\t50',
    ])
  })

  const kind = fc.constantFrom('impression', 'click', 'play')
  const sets = fc.record({
    exposures: fc.array(fc.record({ at: fc.nat(3), unit: fc.constantFrom('a', 'b', 'c'), variation: fc.nat(1) }), {
      minLength: 1,
      maxLength: 6,
    }),
    actions: fc.array(
      fc.record({ at: fc.integer({ min: -30, max: 30 }), profile: fc.constantFrom('a', 'b', 'c'), action: kind }),
      { maxLength: 20 },
    ),
    sessions: fc.array(
      fc.record({
        at: fc.integer({ min: -30, max: 30 }),
        profile: fc.constantFrom('a', 'b', 'c'),
        startup: fc.option(fc.integer({ min: 1, max: 9_000 })),
        stalled: fc.nat(900),
      }),
      { maxLength: 8 },
    ),
    order: fc.infiniteStream(fc.nat(1_000)).map((stream) => () => stream.next().value as number),
  })
  let runs = 0

  it('depend on the set of events alone: shuffled, doubled, cut otherwise, recomputed in between', async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ exposures, actions, sessions, order }) => {
        const run = runs++
        const events = (clock: string) => [
          ...exposures.map(
            (given, n) => () =>
              expose([{ ...given, id: idOf(n, 1_000 + run), clock, experiment: `x${run}`, at: T + given.at * HOUR }]),
          ),
          ...actions.map(
            (given, n) => () =>
              act([{ ...given, id: idOf(n, 2_000 + run), clock, title: 't', at: T + given.at * HOUR }]),
          ),
          ...sessions.map((given, n) => () => play([{ ...given, id: `s${run}-${n}`, clock, at: T + given.at * HOUR }])),
        ]
        const [plain, wild] = [`plain-${run}`, `wild-${run}`]
        await register(experiment({ id: `x${run}`, clock: plain }))
        for (const event of events(plain)) await event()
        await settleAll()
        const expected = await rows(
          `x${run}`,
          plain,
          'metric, unit_id, excluded, phase, variation, first_ms, closes_ms, seen_before, bitrate_before, value, per, before_value, before_per, first_rel, bins, counts, pick',
        )
        await register(experiment({ id: `x${run}`, clock: wild, revision: 2 }))
        const shuffled = events(wild)
          .flatMap((event) => (order() % 3 === 0 ? [event, event] : [event]))
          .map((event) => ({ event, key: order() }))
          .sort((a, b) => a.key - b.key)
        for (const { event } of shuffled) {
          await event()
          if (order() % 4 === 0) for (const domain of domains) await recomputeStep(store, domain, 3)
          if (order() % 6 === 0) await settleSessions(store)
          if (order() % 4 === 0) await outcomeStep(store)
        }
        await settleAll()
        assert.deepEqual(
          await rows(
            `x${run}`,
            wild,
            'metric, unit_id, excluded, phase, variation, first_ms, closes_ms, seen_before, bitrate_before, value, per, before_value, before_per, first_rel, bins, counts, pick',
          ),
          expected,
        )
      }),
      { numRuns: 4 },
    )
  })

  it('equal their recomputation, at any cut', async () => {
    const [audit] = await outcomeAudits(store)
    assert.ok(audit !== undefined)
    for (const part of [0, 0.5, 1]) {
      const cut = [
        ['viewer.actions', offsets.actions],
        ['playback.telemetry', offsets.telemetry],
        ['experiment.exposures', offsets.exposures],
      ].map(([topic, end]) => ({
        topic: topic as string,
        partition: 0,
        start: 0,
        end: Math.floor(part * (end as number)),
      }))
      const { equal, rows, differences } = await auditAggregate(store, audit, cut)
      assert.deepEqual([equal, differences, rows > 0], [true, [], part > 0])
    }
    await store.exec(
      "ALTER TABLE unit_outcome_v1 UPDATE value = value + 1 WHERE unit_id = 'a' SETTINGS mutations_sync = 1",
    )
    assert.equal((await auditAggregate(store, audit, [])).equal, true)
    const all = ['viewer.actions', 'playback.telemetry', 'experiment.exposures'].map((topic) => ({
      topic,
      partition: 0,
      start: 0,
      end: 1e9,
    }))
    assert.equal((await auditAggregate(store, audit, all)).equal, false)
  })
})

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
