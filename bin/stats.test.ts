import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'

const { NODE_TEST_CONTEXT: _, ...env } = process.env

describe('playloop stats', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'playloop-stats-'))
  after(() => rmSync(folder, { recursive: true }))

  const stats = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(import.meta.dirname, 'playloop.ts'), 'stats', ...args], {
      encoding: 'utf8',
      env,
    })
  const file = (content: unknown): string => {
    const name = path.join(folder, 'cases.json')
    writeFileSync(name, typeof content === 'string' ? content : JSON.stringify(content))
    return name
  }
  // Exactly known: arctan gives t of one degree of freedom, and a share of one half is what was seen.
  const right = {
    cases: [
      ['t.cdf', [1, 1], 0.75],
      ['chi2.sf', [0, 3], 1],
    ],
  }
  const wrong = { ...right, srm: [{ observed: [50, 50], weights: [1, 1], p: 0.5 }] }

  it('prints a table by group and ends with 0 where all agree', () => {
    const { stdout, status } = stats('--cases', file(right))
    assert.equal(status, 0)
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ +/)),
      [
        ['group', 'cases', 'passed'],
        ['t.cdf', '1', '1'],
        ['chi2.sf', '1', '1'],
        ['all', '2', '2'],
      ],
    )
  })

  it('ends with 1 where one does not, and says what was expected and seen', () => {
    const { stdout, status } = stats('--cases', file(wrong))
    assert.equal(status, 1)
    assert.match(stdout, /srm +1 +0\n.*\n\nsrm 50:50\n {2}p: expected 0\.5, seen 1\n/)
    const told = JSON.parse(stats('--cases', file(wrong), '--json').stdout) as {
      cases: number
      passed: number
      failures: { id: string }[]
    }
    assert.deepEqual([told.cases, told.passed, told.failures.map(({ id }) => id)], [3, 2, ['50:50']])
  })

  it('does not take nothing for success', () => assert.equal(stats('--cases', file({})).status, 1))

  it('refuses what it cannot read', () => {
    for (const args of [[], ['--cases', path.join(folder, 'gone.json')], ['--cases', file('{')]]) {
      const { status, stderr } = stats(...args)
      assert.equal(status, 2)
      assert.match(stderr, /^CLI_USAGE: playloop stats/)
    }
  })
})
