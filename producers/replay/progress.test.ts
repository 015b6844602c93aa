import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manualClock } from '../../platform/clock.ts'
import { resumeAt } from './checkpoint.ts'
import { pacer } from './pace.ts'
import { openProgress, progressLine } from './progress.ts'

describe('progress', () => {
  it('tells how far, how fast and how long still; what earlier runs did is no speed', () => {
    const state = { name: 'replay x', events: 1_000, resumed: 4_000, fraction: 0.5, elapsedMs: 10_000 }
    assert.equal(progressLine(state, false), 'replay x  50 %  5,000 events  100/s  ETA 0:50')
    assert.equal(progressLine(state, true), 'replay x [############............]  50 %  5,000 events  100/s  ETA 0:50')
    assert.equal(
      progressLine({ ...state, events: 0, fraction: 0, elapsedMs: 0 }, false),
      'replay x   0 %  4,000 events  0/s  ETA -',
    )
  })

  it('draws ten times a second on a terminal, a line every 5 s elsewhere', () => {
    for (const [terminal, expected] of [
      [true, 101],
      [false, 3],
    ] as const) {
      const clock = manualClock()
      let shown = 0
      const progress = openProgress('x', { clock, terminal, print: () => shown++ })
      for (; clock.now() <= 10_000; clock.advance(10)) progress.show({ events: 1, resumed: 0, fraction: 0.1 })
      assert.equal(shown, expected)
    }
  })
})

describe('pace', () => {
  it('spreads events as the data do, so many times as fast', () => {
    const clock = manualClock(5_000)
    const wait = pacer(clock, 10)
    assert.equal(wait(1_000_000), 0)
    assert.equal(wait(1_002_000), 200)
    clock.advance(300)
    assert.equal(wait(1_002_000), 0, 'late events go at once')
    assert.equal(pacer(clock, Infinity)(9e15), 0)
  })
})

describe('checkpoint', () => {
  it('counts only for the same data, and not once the run was done', () => {
    assert.equal(resumeAt(undefined, 'a'), 0)
    assert.equal(resumeAt({ fingerprint: 'a', position: 7, done: false }, 'a'), 7)
    assert.equal(resumeAt({ fingerprint: 'a', position: 7, done: true }, 'a'), 0)
    assert.equal(resumeAt({ fingerprint: 'b', position: 7, done: false }, 'a'), 0)
  })
})
