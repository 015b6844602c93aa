import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EXPERIMENTS } from '../../producers/simulator/experiments.ts'
import { allAudits } from '../faults/modules.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const SOURCES = [
  'api',
  'bin',
  'docs',
  'models',
  'platform',
  'producers',
  'schemas',
  'sdk',
  'streams',
  'web',
  'package.json',
]
const { NODE_TEST_CONTEXT: _, ...ENV } = process.env

/** A module as somebody would add it: a table, a proof of it, a variable, a route and a role. */
const TOY = `import { integer, settings } from '../../platform/settings.ts'
import type { Module } from '../../platform/module.ts'

const SETTINGS = settings('Toys', { limit: integer('PLAYLOOP_TOY_LIMIT', 1, 9, 3, 'How many toys there may be.') })

export const toy: Module = {
  name: 'streams/toy',
  after: ['streams/sink'],
  settings: [SETTINGS],
  migrations: [{
    id: 'toy/v1',
    statements: [
      'CREATE TABLE IF NOT EXISTS toy_v1 (name String) ENGINE = ReplacingMergeTree ORDER BY name',
      "INSERT INTO toy_v1 VALUES ('bear')",
    ],
  }],
  audits: () => [{
    name: 'toy_v1',
    keys: ['name'],
    stored: { sql: 'SELECT name FROM toy_v1 FINAL ORDER BY name' },
    recomputed: { sql: "SELECT 'bear' AS name" },
  }],
  routes(app, { config, store }) {
    app.get('/v1/toys', { config: { scope: 'read' }, schema: { summary: 'The toys there are' } }, async () => ({
      limit: config.of(SETTINGS).limit,
      toys: await store.rows('SELECT name FROM toy_v1 FINAL'),
    }))
  },
  roles: { toy: { summary: 'plays', flags: {}, start: () => Promise.reject(new Error('it is a toy')) } },
}
`

describe('a module that is a folder and a line', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'playloop-toy-'))
  const cli = path.join(root, 'bin/playloop.ts')
  const playloop = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env: { ...ENV, ...env } })
  let child: ChildProcess | undefined
  after(async () => {
    if (child?.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'close')
    }
    rmSync(root, { recursive: true, force: true })
  })

  before(() => {
    for (const name of SOURCES) cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true })
    for (const name of ['node_modules', '.cache']) symlinkSync(path.join(ROOT, name), path.join(root, name))
    mkdirSync(path.join(root, 'streams/toy'))
    writeFileSync(path.join(root, 'streams/toy/module.ts'), TOY)
    appendFileSync(path.join(root, 'bin/modules.ts'), "export { toy } from '../streams/toy/module.ts'\n")
  })

  it('adds its variable to what is validated and to the page of the configuration', () => {
    const { status, stderr } = playloop(['validate'], { PLAYLOOP_TOY_LIMIT: '99' })
    assert.equal(status, 1)
    assert.match(stderr, /PLAYLOOP_TOY_LIMIT=99 must be a whole number from 1 to 9/)
    assert.equal(spawnSync(process.execPath, [path.join(root, 'bin/configuration-page.ts')]).status, 0)
    assert.match(
      readFileSync(path.join(root, 'docs/configuration.md'), 'utf8'),
      /## Toys\n[^]*\| `PLAYLOOP_TOY_LIMIT` \| `3` \| How many toys there may be. \|/,
    )
  })

  it('adds its role', () => {
    assert.match(playloop(['run', '--help']).stdout, /roles: .*\btoy\b/)
    assert.match(playloop(['run', 'toy']).stderr, /it is a toy/)
  })

  it('adds its table, its route and its proof to the whole loop', { timeout: 300_000 }, async () => {
    const flags = ['--for=15s', '--rate=50', '--port=0', '--collector-port=0', `--data=${path.join(root, 'data')}`]
    const running = spawn(process.execPath, [cli, 'start', ...flags], { env: { ...ENV, PLAYLOOP_TOY_LIMIT: '5' } })
    child = running
    let [out, err] = ['', '']
    running.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()))
    const ready = new Promise<string>((resolve) =>
      running.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString()
        const [, url] = /look: (http:\S+)\//.exec(err) ?? []
        if (url !== undefined) resolve(url)
      }),
    )
    const ended = once(running, 'close')
    const url = await Promise.race([ready, ended.then(() => assert.fail(err))])
    const answer = await fetch(`${url}/v1/toys`)
    assert.deepEqual(await answer.json(), { limit: 5, toys: [{ name: 'bear' }] })
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, unknown> }
    assert.ok('/v1/toys' in paths)
    await ended
    // The toy's, beside those of the log and of each experiment of the world.
    const aggregates = 1 + allAudits.length + EXPERIMENTS.length
    const { audit } = JSON.parse(out.trim().split('\n').at(-1)!) as { audit: { ok: boolean; aggregates: number } }
    assert.deepEqual(
      { ...audit, faults: undefined, offsets: 0, acknowledged: 0 },
      { ok: true, aggregates, faults: undefined, offsets: 0, acknowledged: 0 },
    )
  })
})
