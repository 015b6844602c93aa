import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { MODULES } from '../../bin/composition.ts'
import { commandsOf } from '../../bin/playloop.ts'
import { collector } from '../../producers/collector/harness.ts'
import { allFiles, ROOT } from './architecture/sources.ts'

const documents = allFiles().filter(({ path: file }) => file.endsWith('.md'))
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** What follows a pattern in any document, with the document. */
const said = (pattern: RegExp): { file: string; name: string }[] =>
  documents.flatMap(({ path: file, text }) => [...text.matchAll(pattern)].map(([, name = '']) => ({ file, name })))

describe('documents', () => {
  it('name npm scripts that there are', () => {
    const named = [...said(/\bnpm (start|test|ci|install)\b/g), ...said(/\bnpm run (?:-s )?([a-z]\w*)/g)].filter(
      ({ name }) => !['ci', 'install'].includes(name),
    )
    assert.ok(named.length > 20)
    assert.deepEqual(
      named.filter(({ name }) => scripts[name] === undefined),
      [],
    )
  })

  it('name commands that there are', () => {
    const named = said(/playloop -- ([a-z][\w-]*)/g)
    assert.ok(named.length > 5)
    assert.deepEqual(
      named.filter(({ name }) => !Object.hasOwn(commandsOf(MODULES), name)),
      [],
    )
  })

  it('name benches that there are', () => {
    const named = said(/playloop -- bench ([a-z][\w-]*)/g)
    assert.ok(named.length > 2)
    assert.deepEqual(
      named.filter(({ name }) => !existsSync(path.join(ROOT, 'bench', name, 'main.ts'))),
      [],
    )
  })

  it('show an event that the collector takes', async () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8')
    const [, topic = '', before = '', after = ''] =
      /v1\/events\/(\S+) .*-d '(\{[^']*)'\$\(date \+%s000\)'([^']*\})'/.exec(readme) ?? []
    const { post, stored, clock } = await collector()
    const answer = await post(
      `${before}${clock.now()}${after}`,
      { 'content-type': 'application/json' },
      `/v1/events/${topic}`,
    )
    assert.equal(answer.statusCode, 202, answer.body)
    assert.deepEqual(answer.json(), { accepted: 1, duplicates: 0, rejected: [] })
    assert.equal(stored(topic).length, 1)
  })
})
