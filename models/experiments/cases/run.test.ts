import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, readReference } from '../testing.ts'
import { passed } from './check.ts'
import { runCases } from './run.ts'

/** Cases of each published file by group: none may be lost on the way. */
const FILES = {
  'dist-golden-scipy.json': {
    'norm.ppf': 19,
    'norm.cdf': 9,
    't.ppf': 209,
    't.cdf': 121,
    'chi2.ppf': 133,
    'chi2.cdf': 56,
    'chi2.sf': 56,
    'f.ppf': 114,
    'f.cdf': 36,
    'beta.ppf': 152,
    'beta.cdf': 64,
    gammaln: 9,
  },
  'stats-golden.json': {
    gbstats: 12,
    midExperimentPower: 3,
    multiple: 2,
    counts: 4,
    srm: 2,
    power: 2,
    welchRaw: 2,
    confseq: 22,
  },
}

const byGroup = (results: readonly { readonly group: string }[]) =>
  Object.fromEntries([...Map.groupBy(results, ({ group }) => group)].map(([group, of]) => [group, of.length]))

describe('reference cases', () => {
  for (const [file, groups] of Object.entries(FILES)) {
    it(`of ${file} agree, all of them`, { skip: absent(file) }, () => {
      const results = runCases(readReference(file))
      assert.deepEqual(
        results.filter((result) => !passed(result)),
        [],
      )
      assert.deepEqual(byGroup(results), groups)
    })
  }

  const only = (file: unknown) => {
    const results = runCases(file)
    assert.equal(results.length, 1)
    return results[0]!
  }

  it('fail where a number is another, by more than the error that was told', () => {
    const counts = [148, 62]
    assert.ok(passed(only({ srm: [{ observed: counts, weights: [0.8, 0.2], p: 0.0005599062480061843 }] })))
    const wrong = only({ srm: [{ observed: counts, weights: [0.8, 0.2], p: 0.00055990626 }] })
    assert.deepEqual(
      wrong.checks.map(({ name, expected, passed }) => [name, expected, passed]),
      [['p', 0.00055990626, false]],
    )
    assert.ok(!passed(only({ cases: [['t.cdf', [1, 5], 0.8184]] })))
  })

  it('fail where nothing can be computed, with the reason', () => {
    const arm = { type: 'mean', n: 3, sum: 6, sumSquares: 12 }
    const { checks } = only({ welchRaw: [{ diff: 'relative', a: arm, b: arm, expect: { effect: 0 } }] })
    assert.match(String(checks[0]?.seen), /there is no variation/)
  })

  it('fail where a group or a function is not known, or built otherwise', () => {
    for (const file of [{ tarot: [] }, { cases: [['t.guess', [1], 1]] }, { gbstats: 7 }, { confseq: {} }])
      assert.ok(!passed(only(file)), JSON.stringify(file))
    assert.deepEqual([runCases({ _about: 'words' }), runCases(null), runCases(7)], [[], [], []])
  })
})
