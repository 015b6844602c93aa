import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { monotonicClock, systemClock } from '../clock.ts'
import { isAlive } from './alive.ts'
import { startSupervisor, type ProcessChange, type ProcessSpec, type Supervisor } from './supervisor.ts'

/** Real processes: each writes its life into one file. */
describe('supervisor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  const diary = path.join(folder, 'diary')
  const script = path.join(folder, 'role.ts')
  const module = (name: string): string => JSON.stringify(path.join(import.meta.dirname, name))
  writeFileSync(
    script,
    `
    import { appendFileSync } from 'node:fs'
    import { serveParent } from ${module('child.ts')}
    import { startHeartbeat } from ${module('heartbeat.ts')}
    import { takeHeartbeatFd } from ${module('run-child.ts')}
    const [name, mode] = process.argv.slice(2)
    const heartbeat = startHeartbeat({ role: name, fd: takeHeartbeatFd(), heldLimitMs: 1_000 })
    const note = (what) => appendFileSync(${JSON.stringify(diary)}, name + ' ' + what + '\\n')
    const parent = serveParent({
      stop(reason) { note('stops: ' + reason); if (mode !== 'stubborn') process.exit(0) },
      stats: () => ({ name, pid: process.pid }),
      answers: { who: async () => name, fail: async () => { throw new Error('no') } },
    })
    if (mode === 'broken') {
      await parent.failed(Object.assign(new Error('the port is taken'), { code: 'PORT_IN_USE' }))
      process.exit(1)
    }
    note('runs')
    parent.ready({ address: name + '-' + process.pid })
    heartbeat.watch()
    if (mode === 'holds') setTimeout(() => { for (;;) {} }, 200)
    if (mode === 'busy') for (let turn = 0; turn < 3; turn++) {
      for (const until = performance.now() + 800; performance.now() < until;) {}
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    setInterval(() => undefined, 1000)`,
  )
  after(() => rmSync(folder, { recursive: true, force: true }))
  const spec = (name: string, needs: string[] = [], mode = '', stopLimitMs = 3_000): ProcessSpec => ({
    name,
    after: needs,
    startLimitMs: 20_000,
    stopLimitMs,
    command: (infos) => ({
      args: [script, name, mode, ...needs.map((need) => infos.get(need)?.['address'] ?? '?')],
      env: process.env,
      logFile: path.join(folder, `${name}.log`),
    }),
  })
  const lines = (): string[] => (existsSync(diary) ? readFileSync(diary, 'utf8').trim().split('\n') : [])
  const fresh = (): void => rmSync(diary, { force: true })
  const eventually = async (condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 200 && !condition(); i++) await systemClock.sleep(50)
    assert.ok(condition(), lines().join('; '))
  }

  it('starts in order, answers, restarts what was killed, ends in reverse order', async () => {
    fresh()
    const supervisor = startSupervisor([spec('a'), spec('b', ['a'])], { clock: monotonicClock })
    await supervisor.ready
    assert.deepEqual(lines(), ['a runs', 'b runs'])
    assert.match(supervisor.info('a')['address']!, /^a-\d+$/)
    assert.equal(await supervisor.ask('b', 'who', 2_000), 'b')
    await assert.rejects(supervisor.ask('b', 'fail', 2_000), { code: 'PROCESS_NO_ANSWER', message: /UNKNOWN: no/ })
    const first = supervisor.pid('b')!
    process.kill(first, 'SIGKILL')
    await eventually(() => lines().length === 3 && supervisor.pid('b') !== undefined && supervisor.pid('b') !== first)
    assert.equal(supervisor.restarts(), 1)
    await supervisor.stop()
    await supervisor.done
    assert.deepEqual(lines().slice(2), ['b runs', 'b stops: the supervisor says so', 'a stops: the supervisor says so'])
  })

  it('lets one finish and keeps its last figures', async () => {
    fresh()
    const supervisor = startSupervisor([spec('a'), spec('b', ['a'])], { clock: monotonicClock })
    await supervisor.ready
    await supervisor.finish('b')
    assert.equal(supervisor.stats('b')['name'], 'b')
    await assert.rejects(supervisor.ask('b', 'who', 500), { code: 'PROCESS_NO_ANSWER' })
    assert.equal(await supervisor.ask('a', 'who', 2_000), 'a')
    await supervisor.stop()
  })

  it('says why nothing starts, in the words of the process that failed', async () => {
    fresh()
    const supervisor = startSupervisor([spec('a'), spec('b', ['a'], 'broken')], { clock: monotonicClock })
    const isThat = { code: 'PROCESS_FAILED', message: /^b ended before it was ready: the port is taken$/ }
    await assert.rejects(supervisor.ready, isThat)
    await assert.rejects(supervisor.done, isThat)
    assert.deepEqual(lines().at(-1), 'a stops: the supervisor says so')
  })

  it('kills what does not stop', async () => {
    fresh()
    const supervisor: Supervisor = startSupervisor([spec('a', [], 'stubborn', 300)], { clock: monotonicClock })
    await supervisor.ready
    const pid = supervisor.pid('a')!
    await supervisor.stop()
    assert.equal(isAlive(pid), false)
  })

  it('starts again what stands still: its event loop held for too long, or all of its threads', async () => {
    fresh()
    const ends: string[] = []
    const changed = ({ name, how }: ProcessChange): void => void (how !== undefined && ends.push(`${name}: ${how}`))
    const specs = [spec('a', [], 'holds'), spec('b'), spec('c', [], 'busy')]
    const supervisor = startSupervisor(specs, { clock: monotonicClock, changed })
    await supervisor.ready
    process.kill(supervisor.pid('b')!, 'SIGSTOP')
    await eventually(() => ends.some((end) => end.startsWith('a')) && ends.some((end) => end.startsWith('b')))
    assert.match(
      ends.find((end) => end.startsWith('a'))!,
      /^a: the event loop of a was held for \d{4} ms$/,
    )
    assert.deepEqual(
      ends.find((end) => end.startsWith('b')),
      'b: it was silent for 5 s',
    )
    assert.deepEqual(
      ends.filter((end) => end.startsWith('c')),
      [],
      'one that works hard is left alone',
    )
    assert.match(readFileSync(path.join(folder, 'a.log'), 'utf8'), /"PROCESS_HELD"/)
    await supervisor.kill()
    for (const { name } of specs) assert.equal(supervisor.pid(name), undefined)
  })

  it('is outlived by none of its children, even when it is killed', async () => {
    fresh()
    const main = path.join(folder, 'main.ts')
    writeFileSync(
      main,
      `
      import { startSupervisor } from ${module('supervisor.ts')}
      import { monotonicClock } from ${module('../clock.ts')}
      const command = () => ({ args: [${JSON.stringify(script)}, 'a'], env: process.env, logFile: ${JSON.stringify(path.join(folder, 'a.log'))} })
      const supervisor = startSupervisor([{ name: 'a', after: [], startLimitMs: 20000, stopLimitMs: 1000, command }], { clock: monotonicClock })
      await supervisor.ready
      console.log(supervisor.pid('a'))`,
    )
    const child = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const pid = Number(String(line))
    assert.ok(isAlive(pid))
    child.kill('SIGKILL')
    await eventually(() => !isAlive(pid))
    assert.deepEqual(lines(), ['a runs', 'a stops: the supervisor is gone'])
  })
})
