import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Rollout } from '../../../schemas/experiments/experiment.ts'
import { experiment, STALLED, WATCHED } from '../scorecard/fixture.ts'
import type { ScoreCell } from '../scorecard/index.ts'
import { nextMove, standingOfRollout, type RolloutEvent, type RolloutView } from './rollout.ts'

const MIN = 60_000
const GUARD: Rollout = {
  rollback: { margin: 0.02 },
  ramp: [
    { coverage: 0.1, holdMs: 60 * MIN },
    { coverage: 0.5, holdMs: 60 * MIN },
    { coverage: 1, holdMs: 0 },
  ],
  noticeMs: 10 * MIN,
}
const RUNNING = experiment({
  metrics: { primary: [WATCHED], guardrail: [{ ...STALLED, name: 'Rebuffering', margin: 0.05 }], secondary: [] },
  bucketing: { hashAttribute: 'id', hashVersion: 2, seed: 'x', coverage: 0.1 },
})
const cell = (interval: readonly [number, number] | null): ScoreCell =>
  ({
    family: 'guardrail',
    metric: STALLED.id,
    version: 1,
    variation: 1,
    slice: null,
    gate: { open: interval !== null, reason: '', unitsNeeded: 0 },
    relative: interval === null ? null : { effect: 0, se: 0.01, interval },
  }) as ScoreCell
const view = (over: Partial<RolloutView> = {}): RolloutView => ({
  experiment: RUNNING,
  rollout: GUARD,
  since: 3,
  coverageAt: 0,
  cells: [cell([-0.01, 0.01])],
  health: { alert: false },
  ...over,
})
const HARMED = [cell([0.03, 0.09])]

/** A rollout over time: each look makes the next move, as the job does. */
function run(looks: readonly { readonly now: number; readonly seen: RolloutView; readonly undo?: boolean }[]) {
  const events: RolloutEvent[] = []
  const taken: { readonly at: number; readonly action: string; readonly looked: RolloutView }[] = []
  for (const { now, seen, undo } of looks) {
    const add = (event: object): void =>
      void events.push({ ...event, experiment: 'x', number: events.length + 1, at: now } as RolloutEvent)
    if (undo === true) add({ kind: 'undone', by: 'ada' })
    const move = nextMove(seen, standingOfRollout(events), now)
    if (move?.kind === 'announce') add({ kind: 'announced', step: move.step, due: move.due })
    if (move?.kind === 'withdraw') add({ kind: 'withdrawn', because: move.because })
    if (move?.kind === 'take') {
      taken.push({ at: now, action: move.step.action, looked: seen })
      add({ kind: 'done', decision: 1 })
    }
  }
  return { events, taken, standing: standingOfRollout(events) }
}

describe('a guarded rollout', () => {
  it('announces harm beyond the margin, and rolls back when the notice has passed', () => {
    const { events, taken } = run([
      { now: 0, seen: view({ cells: HARMED }) },
      { now: 9 * MIN, seen: view({ cells: HARMED }) },
      { now: 10 * MIN, seen: view({ cells: HARMED }) },
    ])
    assert.deepEqual(
      taken.map(({ at, action }) => [at, action]),
      [[10 * MIN, 'kill']],
    )
    const [announced] = events
    assert.ok(announced?.kind === 'announced')
    assert.equal(announced.step.because, '“Rebuffering” of “b” is harmed (+3.00 % to +9.00 %)')
  })

  it('does nothing on what is not harm beyond the margin for sure, or not enabled', () => {
    const quiet = { rollout: { ...GUARD, ramp: [] } }
    for (const seen of [
      view({ ...quiet, cells: [cell([0.01, 0.09])] }),
      view({ ...quiet, cells: [cell(null)] }),
      view({ ...quiet, cells: [{ ...HARMED[0]!, gate: { open: false, reason: '', unitsNeeded: 9 } }] }),
      view({ ...quiet, cells: [{ ...HARMED[0]!, family: 'primary' }] }),
      view({ rollout: { ...GUARD, rollback: null }, cells: HARMED }),
      // The metric's own margin, where the rollout has none.
      view({ rollout: { ...GUARD, ramp: [], rollback: { margin: null } }, cells: HARMED }),
      view({ experiment: { ...RUNNING, killed: true }, cells: HARMED }),
    ])
      assert.equal(nextMove(seen, standingOfRollout([]), 0), undefined)
  })

  it('pauses where units do not fall on the arms as the weights say, whatever the harm, and says why', () => {
    const broken = view({ cells: HARMED, health: { alert: true } })
    const { events, taken } = run([
      { now: 0, seen: view({ cells: HARMED }) },
      { now: 10 * MIN, seen: broken },
      { now: 11 * MIN, seen: broken },
      { now: 21 * MIN, seen: broken },
    ])
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['announced', 'withdrawn', 'announced', 'done'],
    )
    assert.deepEqual(
      taken.map(({ action }) => action),
      ['pause'],
    )
    assert.ok(events[2]?.kind === 'announced')
    assert.match(events[2].step.because, /do not fall on the arms/)
  })

  it('is undone before and after, and does it again only once it was set anew', () => {
    const before = [
      { now: 0, seen: view({ cells: HARMED }) },
      { now: 5 * MIN, seen: view({ cells: HARMED }), undo: true },
      { now: 30 * MIN, seen: view({ cells: HARMED }) },
    ]
    assert.deepEqual(run(before).taken, [])
    const after = [
      { now: 0, seen: view({ cells: HARMED }) },
      { now: 10 * MIN, seen: view({ cells: HARMED }) },
      { now: 30 * MIN, seen: view({ cells: HARMED }), undo: true },
      { now: 50 * MIN, seen: view({ cells: HARMED }) },
    ]
    assert.equal(run(after).taken.length, 1)
    assert.equal(run(after).standing.taken, null)
    assert.equal(
      run([...after, { now: 60 * MIN, seen: view({ cells: HARMED, since: 9 }) }]).standing.pending?.due,
      70 * MIN,
    )
  })

  it('ramps along its plan while nothing is harmed', () => {
    const at = (coverage: number, coverageAt: number, cells = [cell([-0.01, 0.01])]): RolloutView =>
      view({ experiment: { ...RUNNING, bucketing: { ...RUNNING.bucketing, coverage } }, coverageAt, cells })
    const { taken, events } = run([
      { now: 49 * MIN, seen: at(0.1, 0) },
      { now: 50 * MIN, seen: at(0.1, 0) },
      { now: 60 * MIN, seen: at(0.1, 0) },
      { now: 111 * MIN, seen: at(0.5, 60 * MIN) },
      { now: 112 * MIN, seen: at(0.5, 60 * MIN, HARMED) },
      { now: 121 * MIN, seen: at(0.5, 60 * MIN, HARMED) },
    ])
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['announced', 'done', 'announced', 'withdrawn', 'announced'],
    )
    assert.deepEqual(
      taken.map(({ action }) => action),
      ['ramp'],
    )
    assert.equal(nextMove(at(1, 0), standingOfRollout([]), 1e12), undefined)
  })

  const looks = fc.array(
    fc.record({
      wait: fc.integer({ min: 0, max: 20 }),
      harm: fc.boolean(),
      alert: fc.boolean(),
      undo: fc.boolean(),
      coverage: fc.constantFrom(0.1, 0.5, 1),
    }),
    { maxLength: 40 },
  )

  it('never acts without a notice, on a reason that does not hold, or on broken shares', () => {
    fc.assert(
      fc.property(looks, (all) => {
        let now = 0
        const { events, taken } = run(
          all.map(({ wait, harm, alert, undo, coverage }) => ({
            now: (now += wait * MIN),
            undo,
            seen: view({
              experiment: { ...RUNNING, bucketing: { ...RUNNING.bucketing, coverage } },
              cells: harm ? HARMED : [cell([-0.01, 0.01])],
              health: { alert },
            }),
          })),
        )
        for (const { action, looked } of taken) {
          const harmed = looked.cells === HARMED
          assert.equal(action, looked.health.alert ? 'pause' : harmed ? 'kill' : 'ramp')
        }
        for (const done of events.filter(({ kind }) => kind === 'done')) {
          const announced = events[done.number - 2]
          assert.ok(announced?.kind === 'announced' && done.at >= announced.due, 'done follows its announcement')
          assert.ok(announced.due - announced.at >= GUARD.noticeMs)
        }
      }),
    )
  })

  it('stands where the set of its events says, in any order and with copies', () => {
    fc.assert(
      fc.property(looks, fc.infiniteStream(fc.nat(1_000)), (all, order) => {
        let now = 0
        const { events, standing } = run(
          all.map(({ wait, harm, alert, undo }) => ({
            now: (now += wait * MIN),
            undo,
            seen: view({ cells: harm ? HARMED : [], health: { alert } }),
          })),
        )
        const mixed = [...events, ...events.filter(() => order.next().value! % 2 === 0)]
          .map((event) => ({ event, key: order.next().value! }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event)
        assert.deepEqual(standingOfRollout(mixed), standing)
      }),
    )
  })
})
