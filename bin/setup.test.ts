import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { isAlive } from '../platform/process/alive.ts'
import { systemClock } from '../platform/clock.ts'

const SETUP = path.join(import.meta.dirname, 'setup.mjs')
const { NODE_TEST_CONTEXT: _, ...ENV } = process.env
const setup = (...args: string[]) => spawnSync(process.execPath, [SETUP, ...args], { encoding: 'utf8', env: ENV })
/** Runs a line of JavaScript with the set-up's exports at hand. */
const inside = (code: string): string[] => [
  '--input-type=module',
  '-e',
  `import * as setup from ${JSON.stringify(SETUP)}\n${code}`,
]

describe('set-up', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  after(() => rmSync(folder, { recursive: true }))

  it('hands over arguments and exit code', () => {
    assert.equal(setup('playloop', '--help').status, 0)
    const wrong = setup('playloop', 'nonsense', '--flag')
    assert.equal(wrong.status, 2)
    assert.match(wrong.stderr, /no command "nonsense"/)
    assert.equal(setup('nothing').status, 2)
    assert.match(setup('test', 'nothing').stderr, /no such stage: nothing; there are check, unit, e2e/)
  })

  it('runs the Node of node_modules', () => {
    const file = path.join(folder, 'version.mjs')
    writeFileSync(file, 'console.log(process.version, process.env.UV_THREADPOOL_SIZE)')
    const { stdout } = spawnSync(process.execPath, inside(`await setup.handOver([${JSON.stringify(file)}])`), {
      encoding: 'utf8',
      env: { ...ENV, UV_THREADPOOL_SIZE: '' },
    })
    assert.match(stdout, /^v24\./)
  })

  it('is quick when everything is there', (test) => {
    const cost = (args: string[]): number => {
      const started = performance.now()
      spawnSync(process.execPath, args, { env: ENV })
      return performance.now() - started
    }
    const quick = inside("setup.missingDependencies(); await setup.handOver(['-e', ''])")
    const times = Array.from({ length: 5 }, () => cost(quick) - cost(['-e', '']))
    test.diagnostic(`overhead ${Math.min(...times).toFixed(0)} ms`)
    assert.ok(Math.min(...times) < 300, times.join(', '))
  })

  it('passes signals on, and takes its program with it when it is killed', async () => {
    const file = path.join(folder, 'program.mjs')
    writeFileSync(
      file,
      `
      process.on('SIGTERM', () => process.exit(7))
      process.on('disconnect', () => process.exit(8))
      console.log(process.pid)
      setInterval(() => {}, 1000)`,
    )
    const start = async () => {
      const child = spawn(
        process.execPath,
        inside(`process.exitCode = await setup.handOver([${JSON.stringify(file)}])`),
        { stdio: ['ignore', 'pipe', 'inherit'], env: ENV },
      )
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      return { child, pid: Number(String(line)) }
    }
    const told = await start()
    told.child.kill('SIGTERM')
    assert.deepEqual(await once(told.child, 'exit'), [7, null])
    const killed = await start()
    killed.child.kill('SIGKILL')
    for (let i = 0; i < 50 && isAlive(killed.pid); i++) await systemClock.sleep(50)
    assert.equal(isAlive(killed.pid), false)
  })

  it('gives a signal as an exit code, as a shell does', () => {
    const { status } = spawnSync(
      process.execPath,
      inside("process.exitCode = await setup.handOver(['-e', 'process.kill(process.pid, \"SIGKILL\")'])"),
      { env: ENV },
    )
    assert.equal(status, 137)
  })

  it('knows why dependencies must be installed', () => {
    const why = (root: string): string =>
      spawnSync(process.execPath, inside(`console.log(setup.missingDependencies(${JSON.stringify(root)}))`), {
        encoding: 'utf8',
        env: ENV,
      }).stdout.trim()
    const root = path.join(folder, 'project')
    mkdirSync(root)
    const [lockfile, record] = [
      path.join(root, 'package-lock.json'),
      path.join(root, 'node_modules/.package-lock.json'),
    ]
    writeFileSync(lockfile, '{}')
    assert.equal(why(root), 'node_modules is not there')
    mkdirSync(path.join(root, 'node_modules/.bin'), { recursive: true })
    assert.equal(why(root), 'its Node 24 is not there')
    writeFileSync(path.join(root, 'node_modules/.bin/node'), '')
    writeFileSync(record, '{}')
    assert.equal(why(root), '')
    utimesSync(record, 1, 1)
    assert.equal(why(root), 'package-lock.json has changed')
    writeFileSync(path.join(root, 'node_modules/.playloop-lock'), 'another digest')
    assert.equal(why(root), 'package-lock.json has changed')
  })

  it('says what is missing and what to do, without a stack', () => {
    const { status, stderr } = spawnSync(process.execPath, [SETUP, 'start'], {
      encoding: 'utf8',
      env: { ...ENV, JAVA_HOME: '/nowhere', KAFKA_BROKERS: '' },
    })
    assert.equal(status, 1)
    assert.match(
      stderr,
      /Java 17 or newer is needed.*\n.*apt-get install default-jre-headless.*KAFKA_BROKERS.*docker-compose/,
    )
    assert.doesNotMatch(stderr, /at .*setup\.mjs/)
  })
})
