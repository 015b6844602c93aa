import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { auditAggregate } from '../audit/aggregates.ts'
import { domains as popularity } from '../popularity/index.ts'
import { settle as settleSessions } from '../qoe/session/fixture.ts'
import { idOf, setClock, type Action } from '../touched/fixture.ts'
import { recomputeStep, settle } from '../touched/index.ts'
import type { Exposure } from './fixture.ts'
import { domains, outcomeAudits, outcomeStep } from './index.ts'
import {
  T,
  DAY_MS,
  HOUR_MS,
  METRICS,
  experiment,
  store,
  offsets,
  useStore,
  register,
  expose,
  act,
  play,
  settleAll,
  rows,
} from './testing.ts'

describe('outcomes of units', () => {
  useStore()

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
      did(4, 'play', T + 2 * HOUR_MS),
      did(5, 'play', T + DAY_MS),
      did(6, 'play', T - HOUR_MS),
      did(7, 'play', T - 15 * DAY_MS),
    ])
    await play([
      { id: 's1', profile: 'p', at: T + HOUR_MS, startup: 2_000, stalled: 500 },
      { id: 's2', profile: 'p', at: T + 2 * HOUR_MS, startup: null, stalled: 0 },
      { id: 's3', profile: 'p', at: T - HOUR_MS, startup: 1_000, stalled: 0 },
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

  it('take in what lands after the clock of the engine was set back', async () => {
    const primary = METRICS.filter(({ id }) => id === 'plays' || id === 'startup')
    await register(experiment({ id: 'back', metrics: { primary, guardrail: [], secondary: [] } }))
    await setClock(store, HOUR_MS)
    await expose([{ id: idOf(9), clock: 'live', experiment: 'back', unit: 'u9', variation: 1, at: T }])
    await settleAll()
    await setClock(store, 0)
    await act([{ id: idOf(9, 1), clock: 'live', at: T + 3, profile: 'u9', action: 'play', title: 't' }])
    await play([{ id: 's9', profile: 'u9', at: T + HOUR_MS, startup: 2_000, stalled: 500 }])
    await settleAll()
    const counted = await rows('back', 'live', 'metric, value')
    for (const row of ['plays@1\t1', 'startup@1\t2000']) assert.ok(counted.includes(row), counted.join('; '))
  })

  it('move with an earlier exposure that comes late, and go with a profile that asks to be forgotten', async () => {
    await expose([{ id: idOf(3), clock: 'live', experiment: 'x', unit: 'p', variation: 1, at: T - 2 * HOUR_MS }])
    await settleAll()
    assert.deepEqual(
      (await rows('x')).filter((row) => row.startsWith('plays@1\tp')),
      ['plays@1\tp\t0\t1\t3\t1\t0\t1\t3600000\t[]\t[]\t0'],
    )
    await act([{ id: idOf(90, 1), clock: 'live', at: T + 10 * DAY_MS, profile: 'p', action: 'erasure' }])
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
              expose([
                { ...given, id: idOf(n, 1_000 + run), clock, experiment: `x${run}`, at: T + given.at * HOUR_MS },
              ]),
          ),
          ...actions.map(
            (given, n) => () =>
              act([{ ...given, id: idOf(n, 2_000 + run), clock, title: 't', at: T + given.at * HOUR_MS }]),
          ),
          ...sessions.map(
            (given, n) => () => play([{ ...given, id: `s${run}-${n}`, clock, at: T + given.at * HOUR_MS }]),
          ),
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
    const audit = (await outcomeAudits(store)).find(({ name }) => name === 'unit_outcome_v1 x0')
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
      "ALTER TABLE unit_outcome_v1 UPDATE value = value + 1 WHERE experiment_id = 'x0' AND unit_id = (SELECT min(unit_id) FROM unit_outcome_v1 WHERE experiment_id = 'x0') SETTINGS mutations_sync = 1",
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
