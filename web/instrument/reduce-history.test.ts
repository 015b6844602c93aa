import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isOver } from './state.ts'
import type { Action } from './types.ts'
import { TIMES, type Heard, play, spent } from './testing.ts'

const media = fc.constantFrom<Action['type']>('look', 'look', 'look', 'play', 'playing', 'pause', 'seeking')
const any = fc.oneof(
  { weight: 8, arbitrary: media },
  fc.constantFrom<Action>(
    { type: 'beat' },
    { type: 'update', dimensions: { oca: 'oca-2' } },
    { type: 'update', dimensions: { oca: 'oca-1' }, gauges: { bitrate_kbps: 900 } },
    { type: 'error', failure: { code: 'X', kind: 'technical', fatal: false } },
  ),
)
const moment = fc.record({
  ms: fc.nat(3_000),
  moved: fc.integer({ min: -2_000, max: 6_000 }),
  paused: fc.boolean(),
  seeking: fc.boolean(),
  ended: fc.nat(40).map((n) => n === 0),
  rate: fc.constantFrom(500, 1_000, 2_000),
  frames: fc.nat(90),
  buffer: fc.constantFrom(null, 0, 9_000),
})
const histories = fc.array(fc.tuple(moment, any), { minLength: 1, maxLength: 60 }).map((steps): Heard[] => {
  let [at, position, frames] = [0, 0, 0]
  return [
    [{ at: 0 }, 'play'],
    ...steps.map(([{ ms, moved, frames: more, ...flags }, action]): Heard => [
      { ...flags, at: (at += ms), position: (position = Math.max(0, position + moved)), frames: (frames += more) },
      action,
    ]),
  ]
})

describe('any history', () => {
  it('has times of states that sum to wall time, over all segments', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { state, finals } = play(history.concat([[{ at: history.at(-1)![0].at! + 500 }, 'leave']]))
        const own = finals.filter(({ instance }) => instance === state.instance)
        const wall = state.seen - state.instance
        assert.ok(isOver(state))
        assert.equal(
          own.reduce((sum, facts) => sum + spent(facts), spent(state.counters)),
          wall,
        )
      }),
      { numRuns: 500 },
    )
  })

  it('tells at any moment of no more time than has passed, and keeps back no more than a second', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { state, finals } = play(history)
        const told = finals
          .filter(({ instance }) => instance === state.instance)
          .reduce((sum, facts) => sum + spent(facts), spent(state.counters))
        assert.ok(told <= state.seen - state.instance && told > state.seen - state.instance - 1_000)
      }),
      { numRuns: 500 },
    )
  })

  it('is the same when each media event comes twice', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const told = (action: Heard[1]): boolean =>
          action === undefined || (typeof action === 'string' && action !== 'beat')
        const twice = play(history.flatMap((heard): Heard[] => (told(heard[1]) ? [heard, heard] : [heard])))
        assert.deepEqual(twice, play(history))
      }),
      { numRuns: 500 },
    )
  })

  it('has counters that only grow within a segment, and numbers without a gap within an instance', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { records } = play(history)
        for (const [, own] of Map.groupBy(records, ({ instance }) => instance)) {
          assert.deepEqual(
            own.map(({ seq }) => seq),
            own.map((_, i) => i),
          )
          for (const [, segment] of Map.groupBy(own, (facts) => facts['segment']))
            for (const name of [
              ...TIMES,
              'media_ms',
              'seek_count',
              'pause_count',
              'frames_rendered',
              'upscale_max_permille',
            ]) {
              segment.reduce(
                (before, facts) => (assert.ok(Number(facts[name] ?? 0) >= before, name), Number(facts[name] ?? 0)),
                0,
              )
            }
        }
      }),
      { numRuns: 300 },
    )
  })
})
