import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import {
  adapterFaults,
  cycleFaults,
  dependencyFaults,
  importFaults,
  impurityFaults,
  lengthFaults,
  readmeFaults,
} from './architecture/rules.ts'
import { allFiles, isSource, parse, ROOT, type Source, type TextFile } from './architecture/sources.ts'
import { linkFaults, pathFaults, wordingFaults } from './architecture/wording.ts'

const files = allFiles()
const sources = files.filter(isSource).map(parse)
const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}
const shipped = new Set(Object.keys(dependencies))
const inRepository = (file: string): boolean => existsSync(path.join(ROOT, file))

describe('the house', () => {
  it('is read: all modules, with their imports', () => {
    assert.ok(sources.length > 150, `${sources.length} files`)
    const sink = sources.find(({ path: file }) => file === 'streams/sink/sink.ts')
    assert.ok(sink?.files.includes('platform/clock.ts') && sink.files.includes('streams/sink/worker.ts'))
  })

  it('keeps the import table', () => assert.deepEqual(importFaults(sources), []))
  it('knows each client library in one folder', () => assert.deepEqual(adapterFaults(sources), []))
  it('runs on its dependencies alone', () => assert.deepEqual(dependencyFaults(sources, shipped), []))
  it('has no ring of imports', () => assert.deepEqual(cycleFaults(sources), []))
  it('is given time, chance and settings', () => assert.deepEqual(impurityFaults(sources), []))
  it('keeps files short enough to be read', () => assert.deepEqual(lengthFaults(files), []))
  it('says in every folder what it is', () => assert.deepEqual(readmeFaults(files), []))
  it('names only what its readers have', () =>
    assert.deepEqual(
      wordingFaults(
        files.filter(({ path: file }) => !EXAMPLES.has(file)),
        inRepository,
      ),
      [],
    ))
  it('has no link that leads nowhere', () => assert.deepEqual(linkFaults(files, inRepository), []))
  it('names in its documents only code that is there', () => assert.deepEqual(pathFaults(files, inRepository), []))
})

/** They hold the very words they look for. */
const EXAMPLES = new Set(['test/unit/architecture.test.ts', 'test/unit/architecture/wording.ts'])

const plant = (file: string, text: string): Source => parse({ path: file, text })
const faults = (rule: (sources: readonly Source[]) => string[], file: string, text: string): number =>
  rule([plant(file, text)]).length

describe('each rule turns red', () => {
  it('for an import that the table refuses', () => {
    const refused: readonly (readonly [string, string])[] = [
      ['schemas/x.ts', '../platform/clock.ts'],
      ['platform/x.ts', '../streams/sink/sink.ts'],
      ['streams/sink/x.ts', '../popularity/queries.ts'],
      ['streams/qoe/x.ts', '../touched/job.ts'],
      ['producers/replay/x.ts', '../player/loader.ts'],
      ['producers/replay/x.ts', '../../streams/touched/index.ts'],
      ['api/qoe/x.ts', '../../streams/sink/worker.ts'],
      ['api/qoe/x.ts', '../../producers/client/index.ts'],
      ['api/qoe/x.ts', '../history/service.ts'],
      ['api/qoe/x.ts', '../history/index.ts'],
      ['services/playback/x.ts', '../steering/index.ts'],
      ['services/playback/x.ts', '../../models/steering/rank.ts'],
      ['services/playback/x.ts', '../../api/errors.ts'],
      ['oca/x.ts', '../models/fill/plan.ts'],
      ['oca/x.ts', '../streams/qoe/index.ts'],
      ['media/x.ts', '../models/fill/index.ts'],
      ['models/steering/x.ts', '../fill/index.ts'],
      ['platform/x.ts', './kafka/contract.ts'],
      ['platform/x.ts', './kafka/testing-broker.ts'],
      ['attic/x.ts', './y.ts'],
    ]
    for (const [from, to] of refused)
      assert.equal(faults(importFaults, from, `import { x } from '${to}'`), 1, `${from} → ${to}`)
  })

  it('for no import that the table allows', () => {
    const allowed: readonly (readonly [string, string])[] = [
      ['platform/kafka/x.ts', '../avro/wire.ts'],
      ['streams/popularity/x.ts', '../touched/index.ts'],
      ['producers/replay/x.ts', '../player/index.ts'],
      ['api/qoe/x.ts', '../../streams/qoe/queries.ts'],
      ['api/qoe/x.ts', '../errors.ts'],
      ['api/x.ts', './qoe/routes.ts'],
      ['services/playback/x.ts', '../../models/steering/index.ts'],
      ['services/playback/x.ts', './store/sqlite.ts'],
      ['oca/x.ts', '../models/fill/index.ts'],
      ['media/x.ts', '../models/ladder/hull.ts'],
      ['bin/modules.ts', '../streams/sink/module.ts'],
      ['streams/qoe/x.test.ts', '../../producers/player/loader.ts'],
      ['test/e2e/x.ts', '../../platform/kafka/contract.ts'],
    ]
    for (const [from, to] of allowed)
      assert.equal(faults(importFaults, from, `import { x } from '${to}'`), 0, `${from} → ${to}`)
  })

  it('for a module that bin/ knows by more than its list of modules', () => {
    const known = "import { x } from '../streams/qoe/index.ts'"
    assert.equal(faults(importFaults, 'bin/x.ts', known), 1)
    assert.equal(faults(importFaults, 'bin/modules.ts', known), 0)
    assert.equal(faults(importFaults, 'bin/commands/x.ts', "import { x } from '../../streams/sink/gaps.ts'"), 1)
  })

  it('however the import is written', () => {
    const forms = [
      "import type { X } from '../b/x.ts'",
      "export * from '../b/x.ts'",
      "const x = await import('../b/x.ts')",
      "let x: import('../b/x.ts').X",
      "import '../b/x.ts'",
    ]
    for (const form of forms) assert.equal(faults(importFaults, 'streams/a/x.ts', form), 1, form)
    assert.equal(faults(importFaults, 'streams/a/x.ts', "// import '../b/x.ts'\nconst text = `import '../b/x.ts'`"), 0)
  })

  it('for a client library outside its folder, and for one that is not installed', () => {
    assert.equal(faults(adapterFaults, 'streams/sink/x.ts', "import { Session } from 'chdb'"), 1)
    assert.equal(faults(adapterFaults, 'platform/clickhouse/x.ts', "import { Session } from 'chdb'"), 0)
    assert.equal(dependencyFaults([plant('bin/x.ts', "import kafkajs from 'kafkajs'")], shipped).length, 1)
    assert.equal(
      dependencyFaults([plant('bin/x.ts', "import { Type } from '@clickhouse/client/dist/x.js'")], shipped).length,
      0,
    )
  })

  it('for a ring', () => {
    const ring = [
      plant('a/x.ts', "import './y.ts'"),
      plant('a/y.ts', "import './z.ts'"),
      plant('a/z.ts', "import type { X } from './x.ts'"),
    ]
    assert.deepEqual(cycleFaults(ring), ['a/x.ts → a/y.ts → a/z.ts → a/x.ts is a ring'])
    assert.deepEqual(cycleFaults(ring.slice(0, 2)), [])
  })

  it('for a clock, a die or a setting that nobody passed in', () => {
    for (const use of ['Date.now()', 'Math.random()', "process.env['HOME']", 'new Date()', 'performance.now()']) {
      assert.equal(faults(impurityFaults, 'streams/x/y.ts', `export const x = ${use}`), 1, use)
      assert.equal(faults(impurityFaults, 'platform/y.ts', `export const x = ${use}`), 0, use)
      assert.equal(
        faults(impurityFaults, 'streams/x/y.ts', `// ${use}\nexport const x = "${use.replaceAll('"', '')}"`),
        0,
        use,
      )
    }
    assert.equal(faults(impurityFaults, 'streams/x/y.ts', 'export const x = new Date(0)'), 0)
    assert.equal(faults(impurityFaults, 'streams/x/y.ts', "import { randomUUID as id } from 'node:crypto'"), 1)
    assert.equal(faults(impurityFaults, 'producers/player/y.ts', "import fs from 'node:fs'"), 1)
  })

  it('for a file that is too long, and a folder that says nothing', () => {
    const long: TextFile = { path: 'bin/x.ts', text: 'x\n'.repeat(301) }
    assert.equal(lengthFaults([long]).length, 1)
    assert.equal(
      lengthFaults([
        { ...long, path: 'schemas/generated/x.ts' },
        { ...long, path: 'docs/x.md' },
      ]).length,
      0,
    )
    assert.deepEqual(readmeFaults([long]), ['bin has no README.md'])
    assert.deepEqual(readmeFaults([long, { path: 'bin/README.md', text: '# bin\n' }]), [
      'bin/README.md says too little',
    ])
  })

  it('for a link that leads nowhere', () => {
    const linked = (link: string): number =>
      linkFaults([{ path: 'docs/a.md', text: `# A title, or two\n[x](${link})` }], (file) => file === 'docs/a.md')
        .length
    for (const link of ['gone.md', 'a.md#b', '#a-title']) assert.equal(linked(link), 1, link)
    for (const link of ['a.md', 'a.md#a-title-or-two', '#a-title-or-two', 'https://kafka.apache.org/x.md'])
      assert.equal(linked(link), 0, link)
  })

  it('for code that is gone', () => {
    const named = (text: string): number =>
      pathFaults([{ path: 'streams/x/README.md', text }], (file) => file === 'streams/x/y/z.ts').length
    assert.equal(named('see `a/gone.ts`'), 1)
    for (const text of ['`streams/x/y/z.ts`', '`y/z.ts`', '`schemas/avro/TOPIC.json`', '`z.ts` in a sentence'])
      assert.equal(named(text), 0, text)
  })

  it('for words that lead nowhere', () => {
    const said = (text: string): number =>
      wordingFaults([{ path: 'streams/x/y.ts', text }], (file) => file === 'docs/runbook.md').length
    for (const text of [
      'see /home/me/notes',
      'in /tmp/playloop-1',
      'https://registry.npmjs.org/x',
      'mirror.example.com/x',
      'as rule 12 says',
      'issue #4',
      'see streams.md',
      'docs/gone.md',
    ])
      assert.equal(said(text), 1, text)
    for (const text of [
      'see docs/runbook.md',
      'http://127.0.0.1:8081',
      '/dev/shm',
      'a rule of thumb',
      'https://clickhouse.com/docs/a/b.md',
    ])
      assert.equal(said(text), 0, text)
  })
})
