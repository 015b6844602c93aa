import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { duration, wholeNumber } from '../platform/cli/checks.ts'
import type { Command } from '../platform/module.ts'
import { topicSettings } from '../platform/kafka/topics.ts'
import { helpOf, parse } from './cli.ts'
import { MODULES } from './composition.ts'
import { commandsOf } from './playloop.ts'

const ROOT = path.dirname(import.meta.dirname)
const { NODE_TEST_CONTEXT: _, ...ENV } = process.env
const playloop = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [path.join(import.meta.dirname, 'playloop.ts'), ...args], {
    encoding: 'utf8',
    env: { ...ENV, ...env },
  })

const command: Command = {
  summary: 's',
  usage: '<word> [--count N] [--loud]',
  words: { least: 1, most: 1 },
  flags: {
    count: { type: 'string', hint: 'N', doc: 'how many', check: wholeNumber(1, 9) },
    loud: { type: 'boolean', doc: 'aloud' },
  },
  run: () => Promise.resolve(0),
}

describe('arguments', () => {
  it('are read by name', () => {
    const args = parse('c', command, ['word', '--count', '3', '--loud'])
    assert.deepEqual([args.words, args.number('count'), args.text('count'), args.on('loud')], [['word'], 3, '3', true])
    const bare = parse('c', command, ['word'])
    assert.deepEqual([bare.number('count'), bare.on('loud')], [undefined, false])
  })

  it('are refused with what is wrong', () => {
    for (const [raw, fault] of [
      [['word', '--count', '10'], /--count must be a whole number from 1 to 9/],
      [['word', '--nope'], /Unknown option '--nope'/],
      [[], /needs <word>/],
      [['one', 'two'], /does not know what to do with "two"/],
      [['word', '--count'], /argument missing/],
    ] as const)
      assert.throws(() => parse('c', command, raw), { code: 'CLI_USAGE', message: fault })
  })

  it('know durations', () => {
    assert.deepEqual(
      ['60s', '5m', '1h', '250ms', '1.5s', '7'].map(duration),
      [60_000, 300_000, 3_600_000, 250, 1_500, 7_000],
    )
    assert.deepEqual(['', 's', '5 s', '-1s', '1d'].map(duration), [
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('explain themselves', () => {
    assert.match(
      helpOf('c', command),
      /playloop c <word> \[--count N\] \[--loud\]\n\n {2}s\n\n {2}--count N {2}how many\n {2}--loud {5}aloud/,
    )
  })
})

describe('playloop', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  after(() => rmSync(data, { recursive: true }))

  it('shows its commands, and each command its flags', () => {
    const { stdout, status } = playloop(['--help'])
    assert.equal(status, 0)
    const commands = Object.keys(commandsOf(MODULES)).filter((name) => name !== 'holes')
    assert.ok(commands.length >= 11)
    for (const name of commands) assert.match(stdout, new RegExp(`^ {2}${name}\\b`, 'm'))
    for (const args of [
      ['start', '--help'],
      ['run', '--help'],
      ['run', 'world', '--help'],
      ['bench', '--help'],
    ]) {
      const help = playloop(args)
      assert.equal(help.status, 0, help.stderr)
      assert.match(help.stdout, new RegExp(`^playloop ${args.slice(0, -1).join(' ')}`))
    }
  })

  it('refuses what it does not know with exit code 2 and says what there is', () => {
    for (const [args, text] of [
      [['nonsense'], /no command "nonsense".*start, run/s],
      [[], /COMMAND --help/],
      [['start', '--bogus'], /CLI_USAGE.*--bogus.*\n {2}→ playloop start --help/],
      [['start', '--for', 'soon'], /--for must be a duration/],
      [['run', 'nobody'], /no role "nobody".*\n.*broker, collector/],
      [['bench', 'nothing'], /there is no "nothing"/],
      [['replay', 'movielens'], /needs --from PATH/],
      [['dead-letters', 'burn'], /there is no "burn"/],
    ] as const) {
      const { status, stdout, stderr } = playloop([...args])
      assert.equal(status, 2, `${args.join(' ')}: ${stderr}`)
      assert.match(stdout + stderr, text)
    }
  })

  it('validates the configuration, all faults at once', () => {
    assert.equal(playloop(['validate']).status, 0)
    const { status, stderr } = playloop(['validate'], { PORT: 'x', PLAYLOOP_TYPO: '1' })
    assert.equal(status, 1)
    assert.match(stderr, /CONFIG_INVALID.*2 fault.*PORT=x.*PLAYLOOP_TYPO/s)
  })

  it('says which port is taken and how to choose another', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const { status, stderr } = playloop(['start', '--port', String(port), '--collector-port', '0', '--data', data])
    server.close()
    assert.equal(status, 1)
    assert.match(stderr, new RegExp(`CLI_PORT_IN_USE: port ${port} for the pages and the API .*\\n.*--port N`))
  })

  it('asks a role for what it needs', () => {
    assert.match(playloop(['run', 'collector']).stderr, /CLI_NEEDS: collector needs Kafka brokers\n.*KAFKA_BROKERS/)
    assert.match(playloop(['run', 'world']).stderr, /CLI_NEEDS: world needs a collector/)
  })

  it('lists every module that has a manifest, each once, under the name of its folder', () => {
    const manifests = globSync('{streams,models,producers,api,services,oca,media}/**/module.ts', { cwd: ROOT })
    assert.deepEqual(MODULES.map(({ name }) => name).sort(), manifests.map((file) => path.dirname(file)).sort())
  })

  it('gives Kafka the topics with the broker as their clock', () => {
    for (const { name, partitions, configs } of topicSettings()) {
      assert.ok(partitions > 0, name)
      assert.equal(configs['message.timestamp.type'], 'LogAppendTime')
    }
  })

  it('is named in package.json by scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const name of ['start', 'test', 'playloop', 'soak'])
      assert.match(scripts[name] ?? '', new RegExp(`^node bin/setup.mjs ${name}$`))
    assert.ok(existsSync(path.join(ROOT, 'bin/setup.mjs')))
  })
})
