import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { configFaults, readConfig, VARIABLES } from '../../platform/config.ts'
import { allFiles, isSource, ROOT } from './architecture/sources.ts'
import { namedRows } from './markdown.ts'

const listed = namedRows(readFileSync(path.join(ROOT, 'docs/configuration.md'), 'utf8'))
const shown = (fallback: string): string => (fallback === '' ? 'unset' : `\`${fallback}\``)

describe('docs/configuration.md', () => {
  it('lists every variable with its default', () => {
    const wrong = VARIABLES.filter(({ name, fallback }) => listed.get(name)?.[0] !== shown(fallback))
    assert.deepEqual(
      wrong.map(({ name, fallback, doc }) => `| \`${name}\` | ${shown(fallback)} | ${doc} |`),
      [],
      'rows that are missing, or have another default',
    )
  })

  it('says what each means', () => {
    for (const [name, [, meaning = '']] of listed) assert.ok(meaning.length > 10, name)
  })

  it('lists none that nobody reads', () => {
    const text = allFiles()
      .filter((file) => isSource(file) || file.path.endsWith('.mjs'))
      .filter(({ path: file }) => /^(platform|bin)\//.test(file))
      .map((file) => file.text)
      .join('\n')
    assert.deepEqual(
      [...listed.keys()].filter((name) => !text.includes(name)),
      [],
    )
  })
})

describe('the configuration', () => {
  it('is right with nothing set, and each default passes its own check', () => {
    assert.deepEqual(configFaults({}), [])
    for (const { name, fallback, check } of VARIABLES)
      if (fallback !== '') assert.equal(check(fallback), undefined, name)
    assert.equal(readConfig({}).port, 8080)
  })

  it('reports every fault at once, a misspelt name among them', () => {
    const env = { PORT: 'eighty', PLAYLOOP_LOG: 'loud', PLAYLOOP_SINK_GROPU: 'x', CLICKHOUSE_URL: 'localhost' }
    assert.equal(configFaults(env).length, 4)
    assert.throws(
      () => readConfig(env),
      (error: Error) =>
        ['PORT', 'PLAYLOOP_LOG', 'PLAYLOOP_SINK_GROPU', 'CLICKHOUSE_URL'].every((name) => error.message.includes(name)),
    )
  })
})
