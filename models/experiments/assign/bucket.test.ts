import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { chooseVariation, rangesOf } from './bucket.ts'
import { hashOf } from './hash.ts'
import { compileNamespace } from './namespace.ts'

const share = fc.integer({ min: 0, max: 1_000 }).map((part) => part / 1_000)
const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 8 }).map((parts) => {
  const sum = parts.reduce((total, part) => total + part, 0)
  return parts.map((part) => part / sum)
})
const version = fc.constantFrom(1, 2)

describe('buckets', () => {
  it('move nobody to another variation when coverage rises', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        version,
        weights,
        share,
        share,
        (seed, unit, hashVersion, split, one, other) => {
          const bucket = hashOf(seed, hashVersion)!(unit)
          const [before, after] = [Math.min(one, other), Math.max(one, other)].map((coverage) =>
            chooseVariation(bucket, rangesOf(split.length, coverage, split)),
          )
          assert.ok(before === -1 || before === after, `${before} → ${after} of bucket ${bucket}`)
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('are all given away at full coverage', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), version, weights, (seed, unit, hashVersion, split) => {
        assert.notEqual(
          chooseVariation(Math.min(hashOf(seed, hashVersion)!(unit), 0.999), rangesOf(split.length, 1, split)),
          -1,
        )
      }),
    )
  })

  it('are in one part of a layer at most, and in one of parts that cover it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(share, { maxLength: 6 }), (layer, unit, cuts) => {
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), 1]
        const inside = bounds.slice(1).filter((to, i) => compileNamespace([layer, bounds[i]!, to])(unit))
        assert.equal(inside.length, 1)
      }),
      { numRuns: 5_000 },
    )
  })

  it('spread units as the weights say', () => {
    const [hash, ranges] = [hashOf('spread', 2)!, rangesOf(3, 0.8, [0.2, 0.3, 0.5])]
    const counts = new Map<number, number>()
    for (let unit = 0; unit < 50_000; unit++) {
      const variation = chooseVariation(hash(`unit-${unit}`), ranges)
      counts.set(variation, (counts.get(variation) ?? 0) + 1)
    }
    for (const [variation, expected] of [
      [-1, 0.2],
      [0, 0.16],
      [1, 0.24],
      [2, 0.4],
    ] as const)
      assert.ok(Math.abs(counts.get(variation)! / 50_000 - expected) < 0.01, `${variation}: ${counts.get(variation)}`)
  })
})
