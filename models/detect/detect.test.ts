import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { advance, DEFAULTS, describeCause, emptyMonitor, type Incident, type MonitorState } from './index.ts'
import { sampleMinutes, type SampleFault, type SampleOptions } from './samples.ts'

const T0 = Date.UTC(2026, 10, 20, 18)
const MINUTE = 60_000
const FAULT = T0 + 30 * MINUTE

function run(options: SampleOptions, through: (state: MonitorState) => MonitorState = (state) => state): MonitorState {
  let state = emptyMonitor('live')
  for (const { minute, at, cells } of sampleMinutes(options))
    state = through(advance(state, { at, minutes: [{ minute, cells }] }, DEFAULTS).state)
  return state
}

const faulty = (seed: number, fault: Omit<SampleFault, 'from' | 'to'>, minutes = 33): SampleOptions => ({
  seed,
  from: T0,
  minutes,
  attempts: 400,
  slots: 6,
  faults: [{ ...fault, from: FAULT, to: FAULT + 4 * MINUTE }],
})
const delayOf = ({ found }: Incident): number => found - FAULT

const FAULTS: readonly Omit<SampleFault, 'from' | 'to'>[] = [
  { cause: { asn: '64513' }, slowStarts: 10, stalls: 15 },
  { cause: { oca: 'c001.us' }, errors: 40, startFailures: 20 },
  { cause: { app_version: '9.5.0' }, slowStarts: 8 },
  { cause: { app_version: '9.5.0', device: 'tv' }, slowStarts: 15 },
]

describe('planted faults', () => {
  for (const fault of FAULTS) {
    it(`are found within a minute, under their name: ${describeCause(fault.cause)}`, () => {
      for (const seed of [1, 2]) {
        const { incidents } = run(faulty(seed, fault))
        assert.deepEqual(
          incidents.all.map(({ cause }) => describeCause(cause)),
          [describeCause(fault.cause)],
        )
        assert.ok(
          delayOf(incidents.all[0]!) > 0 && delayOf(incidents.all[0]!) <= MINUTE,
          `found after ${delayOf(incidents.all[0]!)} ms`,
        )
        assert.ok(Math.abs(incidents.all[0]!.start - FAULT) <= 2 * MINUTE)
        assert.ok(incidents.all[0]!.affectedSessions > 20)
      }
    })
  }

  it('end when they are over, once', () => {
    const { incidents } = run(faulty(3, FAULTS[1]!, 45))
    assert.equal(incidents.all.length, 1)
    assert.ok(Math.abs(incidents.all[0]!.end! - (FAULT + 4 * MINUTE)) <= 2 * MINUTE)
  })

  it('need no more than a state that was written down and read back', () => {
    const plain = run(faulty(1, FAULTS[0]!))
    const stored = run(faulty(1, FAULTS[0]!), (state) => JSON.parse(JSON.stringify(state)) as MonitorState)
    assert.deepEqual(stored, JSON.parse(JSON.stringify(plain)))
  })
})

describe('nothing wrong', () => {
  it('stays silent through an evening in which a version is rolled out, weak devices first', () => {
    const state = run({
      seed: 4,
      from: Date.UTC(2026, 10, 20, 16),
      minutes: 300,
      attempts: 1_000,
      evening: true,
      rollout: { version: '9.6.0', from: Date.UTC(2026, 10, 20, 17), minutes: 180 },
    })
    assert.deepEqual(state.incidents.all, [])
    assert.ok(state.detector.learned > 290 && state.detector.versions['app_version=9.6.0'] !== undefined)
  })

  it('is broken by a roll-out that is worse from its first minute', () => {
    const from = T0 + 30 * MINUTE
    const state = run({
      seed: 4,
      from: T0,
      minutes: 90,
      attempts: 1_000,
      rollout: { version: '9.6.0', from, minutes: 120 },
      faults: [{ cause: { app_version: '9.6.0' }, from, to: from + 120 * MINUTE, slowStarts: 8 }],
    })
    assert.equal(describeCause(state.incidents.all[0]!.cause), 'app_version 9.6.0')
  })
})

describe('minutes', () => {
  it('that begin after the watermark, or were settled, change nothing', () => {
    const [first, ...rest] = [...sampleMinutes({ seed: 1, from: T0, minutes: 8, attempts: 100 })]
    let state = emptyMonitor('live')
    for (const { minute, at, cells } of [first!, ...rest])
      state = advance(state, { at, minutes: [{ minute, cells }] }, DEFAULTS).state
    const again = advance(
      state,
      {
        at: T0 + 8 * MINUTE - 1,
        minutes: [
          { minute: T0, cells: rest[0]!.cells },
          { minute: T0 + 99 * MINUTE, cells: first!.cells },
        ],
      },
      DEFAULTS,
    ).state
    assert.deepEqual(again, state)
  })

  it('keep the state within its bounds, whatever names arrive', () => {
    const options = { ...DEFAULTS, mostLeaves: 40, mostSeasons: 10 }
    let state = emptyMonitor('live')
    for (const { minute, at, cells } of sampleMinutes({ seed: 1, from: T0, minutes: 80, attempts: 300 })) {
      const renamed = cells.map((cell) => ({ ...cell, oca: `${cell.oca}-${minute}` }))
      state = advance(state, { at, minutes: [{ minute, cells: renamed }] }, options).state
    }
    assert.ok(Object.keys(state.detector.history).length <= 80 && Object.keys(state.detector.season).length <= 10)
    const tracked = Object.values(state.detector.tracks)
    assert.ok(tracked.length > 0 && tracked.every(({ seen }) => seen > T0 + 40 * MINUTE))
    assert.ok(state.detector.open.every(({ leaves }) => Object.keys(leaves).length <= 40))
  })
})

describe('thresholds', () => {
  const rule = { name: 'starts', metric: 'startup.minute.mean:cta2066', limit: 2_500, leastSamples: 25, minutes: 2 }
  const held = (limit: number): readonly Incident[] => {
    let state = emptyMonitor('live')
    const options = { ...DEFAULTS, rules: [{ ...rule, limit }] }
    for (const { minute, at, cells } of sampleMinutes({
      seed: 1,
      from: T0,
      minutes: 5,
      attempts: 400,
      faults: [{ cause: { device: 'stick' }, from: T0 + 2 * MINUTE, to: T0 + 9 * MINUTE, slowStarts: 8 }],
    })) {
      state = advance(state, { at, minutes: [{ minute, cells }] }, options).state
    }
    return state.incidents.all
  }

  it('hold a mean to its limit, from the first minute of a service on, in as many minutes as asked', () => {
    const [incident] = held(2_500)
    assert.equal(incident!.kind, 'threshold')
    assert.equal(describeCause(incident!.cause), 'device stick')
    assert.equal(incident!.found, T0 + 4 * MINUTE - 1)
    assert.ok(incident!.peak.rate > 2_500)
  })

  it('are silent below it', () => assert.deepEqual(held(9_000), []))
})
