import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, readReference } from '../testing.ts'
import { passed } from './check.ts'
import { gbstats, midExperimentPower, multiple, welchRaw, type EffectCase, type MidRunCase, type MultipleCase } from './effects.ts'

const FILE = 'stats-golden.json'

describe('effects beside published numbers', { skip: absent(FILE) }, () => {
  const golden = (): { gbstats: EffectCase[]; welchRaw: EffectCase[]; midExperimentPower: MidRunCase; multiple: MultipleCase[] } => readReference(FILE) as ReturnType<typeof golden>

  for (const [group, run, count] of [
    ['gbstats', () => gbstats(golden().gbstats), 12], ['welchRaw', () => welchRaw(golden().welchRaw), 2],
    ['midExperimentPower', () => midExperimentPower(golden().midExperimentPower), 3], ['multiple', () => multiple(golden().multiple), 2],
  ] as const) {
    it(`agrees with all of ${group}`, () => {
      const results = run()
      assert.equal(results.length, count)
      assert.deepEqual(results.filter((result) => !passed(result)), [])
    })
  }
})
