import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { apart, runs, ticksOf, timeTicks, topOf } from './scale.ts'

const MINUTE_MS = 60_000

describe('an axis', () => {
  it('ends at a round number that holds the data, and is not much longer', () => {
    assert.deepEqual([0, 0.013, 1, 3, 117, 1_000, 4_001].map(topOf), [1, 0.02, 1, 4, 200, 1_000, 5_000])
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (most) => {
        assert.ok(topOf(most) >= most * (1 - 1e-9) && topOf(most) <= most * 2.0001)
      }),
    )
  })

  it('is labelled at nothing, half and all; what is counted has no halves', () => {
    assert.deepEqual(
      [ticksOf(4, false), ticksOf(1, true), ticksOf(2, true), ticksOf(1, false)],
      [
        [0, 2, 4],
        [0, 1],
        [0, 1, 2],
        [0, 0.5, 1],
      ],
    )
  })

  it('names round times, as many as fit', () => {
    const times = Array.from({ length: 15 }, (_, i) => (3 + i) * MINUTE_MS)
    assert.deepEqual(
      timeTicks(times, 200).map((i) => times[i]! / MINUTE_MS),
      [5, 10, 15],
    )
    assert.deepEqual(
      timeTicks(times, 900).map((i) => times[i]! / MINUTE_MS),
      times.map((time) => time / MINUTE_MS),
    )
    assert.deepEqual(timeTicks([], 200), [])
  })
})

describe('runs', () => {
  it('are all that holds, together as long as they can be', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (holds) => {
        const found = runs(holds.length, (i) => holds[i]!)
        assert.deepEqual(
          holds,
          holds.map((_, i) => found.some(({ from, to }) => from <= i && i <= to)),
        )
        found.slice(1).forEach(({ from }, i) => assert.ok(from > found[i]!.to + 1))
      }),
    )
  })
})

describe('labels', () => {
  it('stand apart, in the order of their places, as near as that allows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 140 }), { maxLength: 6 }), (places) => {
        const moved = apart(places, 14, 140)
        const sorted = moved.toSorted((a, b) => a - b)
        sorted.slice(1).forEach((place, i) => assert.ok(place - sorted[i]! >= 14))
        assert.ok(moved.every((place) => place >= 0 && place <= 140))
        for (let i = 0; i < places.length; i++)
          for (let j = 0; j < places.length; j++) if (places[i]! < places[j]!) assert.ok(moved[i]! < moved[j]!)
      }),
    )
    assert.deepEqual(apart([20, 100], 14, 140), [20, 100])
  })
})
