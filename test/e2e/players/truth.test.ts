import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { truthOf, type Seen } from './truth.ts'

const at = (...events: (readonly [number, string])[]): Seen[] =>
  events.map(([time, type]) => ({ at: time, type, position: 0 }))
const START = [
  [700, 'frame'],
  [710, 'playing'],
  [720, 'moves'],
] as const

describe('the truth of a playback', () => {
  it('starts when the element plays, not with a still picture', () => {
    assert.equal(truthOf(100, at(...START)).startup_ms, 610)
    assert.equal(truthOf(100, at([700, 'frame'])).startup_ms, null)
  })

  it('stalls where the playhead stands and nobody asked it to', () =>
    assert.deepEqual(
      truthOf(0, at(...START, [2_000, 'stands'], [2_005, 'waiting'], [4_500, 'moves'], [9_000, 'stands'])).stalls,
      [[2_000, 4_500]],
    ))

  it('does not stall in a pause, a seek, at the end, or for a late frame', () => {
    const pause = at([2_000, 'stands'], [2_004, 'pause'], [3_000, 'play'], [3_500, 'moves'])
    const seek = at([5_000, 'seeking'], [5_003, 'stands'], [5_900, 'seeked'], [6_400, 'moves'])
    const late = at([7_000, 'stands'], [7_100, 'moves'])
    const end = at([9_000, 'stands'], [9_010, 'pause'], [9_010, 'ended'])
    const { stalls, seeks, pauses } = truthOf(0, [...at(...START), ...pause, ...seek, ...late, ...end])
    assert.deepEqual({ stalls, seeks, pauses }, { stalls: [], seeks: 1, pauses: 1 })
  })

  it('ends a stall where somebody seeks out of it', () =>
    assert.deepEqual(truthOf(0, at(...START, [2_000, 'stands'], [3_000, 'seeking'], [3_400, 'moves'])).stalls, [
      [2_000, 3_000],
    ]))

  it('takes a stand by the time it began, whenever it was noticed', () =>
    assert.deepEqual(truthOf(0, at(...START, [2_060, 'waiting'], [2_000, 'stands'], [3_000, 'moves'])).stalls, [
      [2_000, 3_000],
    ]))
})
