import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { PAGE, pageWith } from '../../bin/configuration-page.ts'
import { MODULES, settingsOf } from '../../bin/composition.ts'
import { configFaults, readConfig } from '../../platform/config.ts'
import { variablesOf } from '../../platform/settings.ts'

const groups = settingsOf(MODULES)
const variables = groups.flatMap(variablesOf)

describe('docs/configuration.md', () => {
  it('has the table of every variable as it is declared (node bin/configuration-page.ts)', () => {
    const page = readFileSync(PAGE, 'utf8')
    assert.equal(page, pageWith(page, groups))
    assert.ok(variables.length > 30)
  })

  it('says what each means, and each once', () => {
    for (const { name, doc } of variables) assert.ok(doc.length > 10, name)
    assert.equal(new Set(variables.map(({ name }) => name)).size, variables.length)
    assert.equal(new Set(groups.map(({ title }) => title)).size, groups.length)
  })
})

describe('the configuration', () => {
  it('is right with nothing set, and each default passes its own check', () => {
    assert.deepEqual(configFaults({}, groups), [])
    for (const { name, fallback, check } of variables)
      if (fallback !== '') assert.equal(check(fallback), undefined, name)
    assert.equal(readConfig({}).port, 8080)
  })

  it('reports every fault at once, a misspelt name among them', () => {
    const env = { PORT: 'eighty', PLAYLOOP_LOG: 'loud', PLAYLOOP_SINK_GROPU: 'x', CLICKHOUSE_URL: 'localhost' }
    assert.equal(configFaults(env, groups).length, 4)
    assert.throws(
      () => readConfig(env, groups),
      (error: Error) =>
        ['PORT', 'PLAYLOOP_LOG', 'PLAYLOOP_SINK_GROPU', 'CLICKHOUSE_URL'].every((name) => error.message.includes(name)),
    )
  })
})
