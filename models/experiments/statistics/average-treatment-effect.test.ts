import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { averageTreatmentEffect, NO_UNITS, observe, type AteDesign } from '../statistics/index.ts'
import { absent, reference } from '../testing.ts'

const SEQUENCE = 'confseq-ate-sequence.csv'

describe('the average treatment effect beside a published sequence', { skip: absent(SEQUENCE) }, () => {
  const design: AteDesign = { propensity: 0.5, support: [0, 1], noise: 0.16, tightestAt: 50, alpha: 0.05 }

  it('agrees in estimate, bounds and p-value at each of 1,000 steps', () => {
    const steps = readFileSync(reference(SEQUENCE), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(2).map(Number))
    assert.equal(steps.length, 1_000)
    let state = NO_UNITS
    for (const [at, [outcome, treatment, estimate, upper, lower, p]] of steps.entries()) {
      state = observe(state, outcome!, treatment === 1, design)
      const seen = averageTreatmentEffect(state, design)
      for (const [name, wanted, found] of [
        ['estimate', estimate, seen.estimate],
        ['upper', upper, seen.interval[1]],
        ['lower', lower, seen.interval[0]],
        ['p', p, seen.p],
      ] as const) {
        assert.ok(Math.abs(found - wanted!) <= 1e-11, `step ${at + 1}: ${name} ${found}, wanted ${wanted}`)
      }
    }
  })
})
