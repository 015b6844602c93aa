import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { before, describe, it } from 'node:test'
import { StoreError } from '../../platform/clickhouse/port.ts'
import type { errorTable, ErrorSpec } from '../../platform/errors.ts'
import { FAULTS } from '../../producers/collector/faults.ts'
import { SchemaFault } from '../../schemas/model.ts'
import { allFiles, isSource, ROOT } from './architecture/sources.ts'
import { isTest } from './architecture/table.ts'
import { namedRows, section } from './markdown.ts'

interface Declared extends ErrorSpec {
  readonly code: string
  readonly file: string
}

/** Errors that are classes of their own, not rows of a table. */
const CLASSES: readonly Declared[] = [
  {
    code: new StoreError('', 0).code,
    file: 'platform/clickhouse/port.ts',
    status: 503,
    message: 'the engine said no',
    next: 'its own code says why',
  },
  {
    code: new SchemaFault('').code,
    file: 'schemas/model.ts',
    status: 500,
    message: 'a schema cannot be read',
    next: 'mend the file',
  },
]

const docs = readFileSync(path.join(ROOT, 'docs/errors.md'), 'utf8')
const row = ({ code, status, message, next }: Declared): string => `| \`${code}\` | ${status} | ${message} | ${next} |`

describe('errors', () => {
  let declared: readonly Declared[] = []
  before(async () => {
    declared = [...(await allTables()), ...CLASSES]
  })

  it('are collected from every table of every module', () => {
    assert.ok(declared.length > 60, `${declared.length} errors`)
    for (const module of [
      'platform/cli',
      'platform/kafka',
      'platform/clickhouse',
      'producers/collector',
      'streams/sink',
    ]) {
      assert.ok(
        declared.some(({ file }) => file.startsWith(`${module}/`)),
        module,
      )
    }
  })

  it('have codes that stand once', () => {
    const twice = declared.filter(({ code }, index) => declared.findIndex((other) => other.code === code) !== index)
    assert.deepEqual(
      twice.map(({ code, file }) => `${file}: ${code}`),
      [],
    )
  })

  it('have a status, a sentence and what to do', () => {
    for (const { code, status, message, next } of declared) {
      assert.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/)
      assert.ok(Number.isInteger(status) && status >= 400 && status <= 599, code)
      assert.ok(message !== '' && next !== '', code)
    }
  })

  it('are all in docs/errors.md, with their status', () => {
    const listed = namedRows(section(docs, '## Errors'))
    const missing = declared.filter(({ code, status }) => listed.get(code)?.[0] !== String(status))
    assert.deepEqual(missing.map(row), [], 'rows that docs/errors.md lacks, or has with another status')
    for (const [code, [, meaning = '', next = '']] of listed)
      assert.ok(meaning.length > 5 && next.length > 5, `${code} needs a meaning and what to do`)
  })

  it('that are gone are gone from docs/errors.md', () => {
    const codes = new Set(declared.map(({ code }) => code))
    assert.deepEqual(
      [...namedRows(section(docs, '## Errors')).keys()].filter((code) => !codes.has(code)),
      [],
    )
  })
})

describe('codes of refused events and dead letters', () => {
  it('of the collector are all in docs/errors.md, and no others', () => {
    assert.deepEqual([...namedRows(section(docs, '## Refused events')).keys()].sort(), Object.keys(FAULTS).sort())
  })

  it('of the sink are all in docs/errors.md, and no others', () => {
    assert.deepEqual([...namedRows(section(docs, '## Dead letters')).keys()].sort(), letterCodes().sort())
  })
})

/** Tables by what `errorTable` returns; a table that its file does not export could not be found, and is refused. */
async function allTables(): Promise<Declared[]> {
  const files = allFiles().filter(
    (file) =>
      isSource(file) &&
      !isTest(file.path) &&
      /\berrorTable\(\{/.test(file.text) &&
      file.path !== 'platform/errors.ts' &&
      !file.path.startsWith('test/'),
  )
  const tables = await Promise.all(
    files.map(async ({ path: file }) => {
      const exported = Object.values((await import(path.join(ROOT, file))) as object)
      const specs = exported.flatMap((value) => (isTable(value) ? [value.specs] : []))
      assert.ok(specs.length > 0, `${file} has an error table that it does not export`)
      return specs.flatMap((table) => Object.entries(table).map(([code, spec]) => ({ code, file, ...spec })))
    }),
  )
  return tables.flat()
}

const isTable = (value: unknown): value is ReturnType<typeof errorTable> =>
  typeof value === 'function' && 'specs' in value

/**
 * Reasons that the sink gives a record it cannot land: those known from its bytes, and those the code names where it
 * finds them.
 */
function letterCodes(): string[] {
  const read = (file: string): string => readFileSync(path.join(ROOT, 'streams/sink', file), 'utf8')
  const [, refusals = ''] = /interface Refusal \{[^}]*?readonly code:([\s'|\w]+)\n/.exec(read('batch.ts')) ?? []
  const fromBytes = [...refusals.matchAll(/'(\w+)'/g)].map(([, code]) => code!)
  assert.ok(fromBytes.length >= 5, 'the refusals of batch.ts')
  const found = allFiles()
    .filter((file) => /^streams\/(sink|touched)\//.test(file.path) && !isTest(file.path))
    .flatMap(({ text }) => [...text.matchAll(/code: '([a-z_]+)',\s+message/g)].map(([, code]) => code!))
  assert.ok(found.includes('poison'))
  return [...new Set([...fromBytes, ...found])]
}
