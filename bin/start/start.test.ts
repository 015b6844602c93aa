import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../platform/config.ts'
import { MODULES } from '../composition.ts'
import { rolesOf } from '../roles/index.ts'
import { processes as processesOf, type StartOptions } from './processes.ts'
import { figuresLine, openProgress, processLine } from './progress.ts'
import { openTotals, summarize } from './summary.ts'

describe('processes of one machine', () => {
  const roles = Object.fromEntries(Object.entries(rolesOf(MODULES)).filter(([, { local }]) => local !== undefined))
  const processes = (from: typeof config, options: StartOptions) => processesOf(from, roles, options)
  const config = readConfig({ PORT: '0', PLAYLOOP_DATA: '/d' })
  const infos = new Map([
    ['broker', { brokers: '127.0.0.1:21000' }],
    ['collector', { url: 'http://127.0.0.1:8123' }],
    ['store', { url: 'http://127.0.0.1:8456' }],
  ])
  const of = (name: string, from = processes(config, { flags: { speed: '10', rate: undefined }, env: { A: 'b' } })) =>
    from.find((spec) => spec.name === name)!

  it('end in the order world, collector, store, broker', () => {
    assert.deepEqual(
      processes(config, { flags: {}, env: {} }).map(({ name }) => name),
      ['broker', 'store', 'collector', 'world'],
    )
    const remote = readConfig({ KAFKA_BROKERS: 'k1:9092' })
    assert.deepEqual(
      processes(remote, { flags: {}, env: {} }).map(({ name, after }) => `${name}:${after.join('+')}`),
      ['store:', 'collector:', 'world:collector+store'],
    )
  })

  it('are told where the others are', () => {
    const { args, env } = of('world').command(infos)
    assert.deepEqual(args.slice(1), [
      'run',
      'world',
      '--collector=http://127.0.0.1:8123',
      '--api=http://127.0.0.1:8456',
      '--speed=10',
    ])
    assert.equal(env['A'], 'b')
    assert.equal(of('store').command(new Map([...infos].slice(0, 1))).env['KAFKA_BROKERS'], '127.0.0.1:21000')
  })

  it('come back on the port they had', () => {
    assert.equal(of('store').command(new Map()).env['PORT'], '0')
    assert.equal(of('store').command(infos).env['PORT'], '8456')
    assert.equal(of('collector').command(infos).env['PLAYLOOP_COLLECTOR_PORT'], '8123')
  })

  it('get a key of their own where keys are wanted, and none where they are not', () => {
    const keysOf = (env: Record<string, string>): (string | undefined)[] =>
      processes(readConfig(env), { flags: {}, env: {} }).map((spec) => spec.command(infos).env['PLAYLOOP_API_KEYS'])
    const [store, ...others] = keysOf({ PLAYLOOP_API_KEYS: 'ann:0123456789abcdef:read' })
    assert.match(store!, /^ann:0123456789abcdef:read,this-machine:[\w-]{32}:read\+write:events\+write:experiments$/)
    assert.deepEqual([...new Set(others)], [store])
    for (const env of [{}, { PLAYLOOP_API_KEYS: 'ann:0123456789abcdef:read', PLAYLOOP_AUTH: 'off' }])
      assert.deepEqual([...new Set(keysOf(env as Record<string, string>))], [undefined])
  })
})

describe('progress', () => {
  const figures = { seconds: 72.9, produced: 12_345, stored: 12_000, lag: 345, rowsPerSecond: 998.6 }
  const record = (isTTY: boolean, quiet = false) => {
    let text = ''
    return { progress: openProgress({ isTTY, write: (more: string) => void (text += more) }, quiet), text: () => text }
  }

  it('is one line that is written over on a terminal, and a line every ten seconds elsewhere', () => {
    assert.equal(figuresLine(figures), '01:12  12,345 events sent  12,000 stored  345 under way  999 rows/s')
    const terminal = record(true)
    for (const seconds of [1, 2, 3]) terminal.progress.figures({ ...figures, seconds })
    terminal.progress.say('done')
    assert.equal(terminal.text().split('\n').length, 2)
    const plain = record(false)
    for (let seconds = 0; seconds < 25; seconds++) plain.progress.figures({ ...figures, seconds })
    assert.equal(plain.text().split('\n').length, 4)
    const quiet = record(true, true)
    quiet.progress.figures(figures)
    quiet.progress.say('x')
    assert.equal(quiet.text(), '')
  })

  it('says what was started again and why', () => {
    assert.equal(
      processLine({ name: 'store', phase: 'resting', how: 'signal SIGKILL' }),
      'store      ended: signal SIGKILL; it is started again',
    )
    assert.equal(processLine({ name: 'store', phase: 'ready', pid: 5 }), 'store      ready (process 5)')
    assert.equal(processLine({ name: 'store', phase: 'starting' }), undefined)
    assert.equal(processLine({ name: 'store', phase: 'ended', how: 'exit code 0' }), undefined)
  })
})

describe('summary', () => {
  const input = {
    seconds: 10,
    restarts: 1,
    audit: { ok: true },
    before: { committed: 100, deadLetters: 1, ahead: 0 },
    after: { committed: 1_102, deadLetters: 3, ahead: 0 },
    world: { produced: 1_005, duplicates: 3 },
    visible: { p50: 300, p99: 900 },
  }

  it('counts what this run stored, by what is committed', () => {
    const { stored, dead_letters, rows_per_s, event_to_visible_ms, holds, restarts } = summarize(input)
    assert.deepEqual(
      { stored, dead_letters, rows_per_s, event_to_visible_ms, holds, restarts },
      {
        stored: 1_000,
        dead_letters: 2,
        rows_per_s: 100,
        event_to_visible_ms: { p50: 300, p99: 900 },
        holds: true,
        restarts: 1,
      },
    )
  })

  it('holds only when the audit holds and nothing is left behind', () => {
    assert.equal(summarize({ ...input, after: { ...input.after, ahead: 1 } }).holds, false)
    assert.deepEqual([summarize({ ...input, after: {} }).holds, summarize({ ...input, after: {} }).lag], [false, -1])
    assert.equal(summarize({ ...input, audit: { ok: false } }).holds, false)
    assert.equal(summarize({ ...input, audit: null }).holds, false)
    assert.deepEqual(summarize({ ...input, visible: null }).event_to_visible_ms, { p50: null, p99: null })
  })

  it('adds what processes had counted that were started again', () => {
    const totals = openTotals()
    assert.deepEqual(totals.of('world', { produced: 5, phase: 'live' }), { produced: 5, phase: 'live' })
    totals.restarted('world', { produced: 5, pending: 3 })
    totals.restarted('world', { produced: 7 })
    assert.deepEqual(totals.of('world', { produced: 1, pending: 2 }), { produced: 13, pending: 2 })
    assert.deepEqual(totals.of('world', {}), { produced: 12 })
  })
})
