import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { beta, chiSquared, fisher, logBeta, logGamma, normal, student } from './index.ts'

/** Relative error; both zero, or both the same infinity, is none. */
const apart = (seen: number, wanted: number): number => (seen === wanted ? 0 : Math.abs(seen / wanted - 1))
const near = (seen: number, wanted: number, error: number, what: string): void =>
  assert.ok(apart(seen, wanted) <= error, `${what}: ${seen}, wanted ${wanted}`)

/** Evenly in the exponent: 0.5 is as likely near as 1e9 is. */
const magnitude = (from: number, to: number) =>
  fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true }).map(Math.exp)
const tail = magnitude(1e-100, 0.5)

interface Tails {
  readonly cdf: (x: number) => number
  readonly sf: (x: number) => number
  readonly quantile: (p: number) => number
  readonly isf: (q: number) => number
}
const SHAPES: Readonly<Record<string, fc.Arbitrary<Tails>>> = {
  normal: fc.constant(normal),
  student: magnitude(1, 1e12).map((df) => ({
    cdf: (x) => student.cdf(x, df),
    sf: (x) => student.sf(x, df),
    quantile: (p) => student.quantile(p, df),
    isf: (q) => student.isf(q, df),
  })),
  chiSquared: magnitude(0.1, 1e7).map((df) => ({
    cdf: (x) => chiSquared.cdf(x, df),
    sf: (x) => chiSquared.sf(x, df),
    quantile: (p) => chiSquared.quantile(p, df),
    isf: (q) => chiSquared.isf(q, df),
  })),
  fisher: fc.tuple(magnitude(0.5, 1e7), magnitude(0.5, 1e7)).map(([a, b]) => ({
    cdf: (x) => fisher.cdf(x, a, b),
    sf: (x) => fisher.sf(x, a, b),
    quantile: (p) => fisher.quantile(p, a, b),
    isf: (q) => fisher.isf(q, a, b),
  })),
  beta: fc.tuple(magnitude(0.1, 1e7), magnitude(0.1, 1e7)).map(([a, b]) => ({
    cdf: (x) => beta.cdf(x, a, b),
    sf: (x) => beta.sf(x, a, b),
    quantile: (p) => beta.quantile(p, a, b),
    isf: (q) => beta.isf(q, a, b),
  })),
}
/**
 * A quantile that a double cannot hold, or can hold only next to its edge (a beta variable next to 1), has no way back.
 */
const isHeld = (x: number): boolean => Math.abs(x) > 1e-290 && Math.abs(x) < 1e290 && Math.abs(x - 1) > 1e-3

describe('distributions', () => {
  for (const [name, shapes] of Object.entries(SHAPES)) {
    it(`${name}: each quantile leads back to its tail, at both ends`, () =>
      fc.assert(
        fc.property(shapes, tail, (shape, q) => {
          const [low, high] = [shape.quantile(q), shape.isf(q)]
          if (isHeld(low)) near(shape.cdf(low), q, 1e-9, 'cdf(quantile)')
          if (isHeld(high)) near(shape.sf(high), q, 1e-9, 'sf(isf)')
          if (q < 0.49) assert.ok(low < high)
        }),
        { numRuns: 300 },
      ))

    it(`${name}: the tails add up to one, and the ends are the ends`, () =>
      fc.assert(
        fc.property(shapes, fc.double({ min: -3, max: 3, noNaN: true }), (shape, x) => {
          near(shape.cdf(x) + shape.sf(x), 1, 1e-12, 'cdf + sf')
          for (const end of [0, 1])
            assert.ok(shape.quantile(end) === shape.isf(1 - end) && !Number.isNaN(shape.isf(end)))
        }),
        { numRuns: 200 },
      ))
  }

  it('t² of Student is F of one degree of freedom, F of a large denominator is chi-squared', () =>
    fc.assert(
      fc.property(magnitude(1, 1e9), magnitude(1e-3, 10), magnitude(1, 50), (df, t, k) => {
        near(2 * student.sf(t, df), fisher.sf(t * t, 1, df), 1e-9, 'both tails')
        near(fisher.sf((t * t) / k, k, 1e12), chiSquared.sf(t * t, k), 1e-7, 'F')
      }),
    ))

  it('two degrees of freedom are the exponential, and a uniform is a beta', () => {
    for (const x of [1e-9, 0.1, 1, 20, 1_400]) near(chiSquared.sf(x, 2), Math.exp(-x / 2), 1e-13, 'exponential')
    for (const x of [1e-9, 0.25, 0.999]) near(beta.cdf(x, 1, 1), x, 1e-13, 'uniform')
  })

  it('gamma and beta functions keep their recurrences over all magnitudes', () =>
    fc.assert(
      fc.property(magnitude(1e-3, 1e8), magnitude(1e-3, 1e8), (a, b) => {
        const step = logGamma(a + 1) - logGamma(a) - Math.log(a)
        assert.ok(Math.abs(step) <= 1e-15 * (8 + Math.abs(logGamma(a + 1))), `Γ(${a})`)
        const parts = Math.log1p(Math.exp(logBeta(a, b + 1) - logBeta(a + 1, b))) + logBeta(a + 1, b) - logBeta(a, b)
        assert.ok(Math.abs(parts) <= 1e-14 * (8 + Math.abs(logBeta(a, b))), `B(${a}, ${b})`)
      }),
    ))
})
