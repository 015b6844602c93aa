import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { isAlive } from '../../platform/process/alive.ts'
import { descendants, endCommands, lastLine, startCommand, type Command } from './command.ts'

/** Crashes of the engine's own code, and a process that stands still without having died. */
const FAULTS = [
  { role: 'store', signal: 'SIGABRT', reason: 'signal SIGABRT', noticedMs: 1_000 },
  { role: 'store', signal: 'SIGSEGV', reason: 'signal SIGSEGV', noticedMs: 1_000 },
  { role: 'store', signal: 'SIGSTOP', reason: 'it was silent for 5 s', noticedMs: 6_500 },
  { role: 'collector', signal: 'SIGSTOP', reason: 'it was silent for 5 s', noticedMs: 6_500 },
] as const
/** Longest way back into service; on a machine that is busy with other work, as long as its first start took. */
const BACK_MS = 10_000

describe('a process that crashes or stands still', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'playloop-alive-'))
  after(() => {
    endCommands()
    rmSync(folder, { recursive: true, force: true })
  })
  const url = (run: Command, name: 'look' | 'send'): string =>
    new URL(new RegExp(`${name}: (\\S+)`).exec(run.err())![1]!).origin
  const isReady = async (origin: string): Promise<boolean> =>
    fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(500) }).then(
      ({ status }) => status === 200,
      () => false,
    )

  it('is in service again within seconds: lost 0, counted twice 0', { timeout: 600_000 }, async (test) => {
    const begun = performance.now()
    const run = startCommand(path.join(folder, 'faults'), '--for=60s')
    await run.until(/look: http/)
    const firstStart = performance.now() - begun
    for (const { role, signal, reason, noticedMs } of FAULTS) {
      await systemClock.sleep(2_000)
      const [from, killed, origin] = [run.err().length, performance.now(), url(run, role === 'store' ? 'look' : 'send')]
      process.kill(run.pid(role), signal)
      await run.until(new RegExp(`${role} +ended: ${reason}; it is started again`), 60_000, from)
      const noticed = performance.now() - killed
      while (!(await isReady(origin))) await systemClock.sleep(50)
      const back = performance.now() - killed
      test.diagnostic(`${role} ${signal}: noticed after ${Math.round(noticed)} ms, ready after ${Math.round(back)} ms`)
      assert.ok(noticed < noticedMs, `${role} ${signal}: noticed after ${noticed} ms`)
      assert.ok(back < noticed + Math.max(BACK_MS, firstStart), `${role} ${signal}: ready after ${back} ms`)
      await run.until(new RegExp(`${role} +ready`), 60_000, from)
    }
    const [code] = await run.ended
    const summary = lastLine(run.out())
    test.diagnostic(JSON.stringify(summary))
    assert.equal(code, 0, run.err())
    assert.deepEqual([summary['holds'], summary['lag'], summary['restarts']], [true, 0, FAULTS.length])
  })

  it('ends at the second Ctrl-C, with all others', { timeout: 300_000 }, async () => {
    const run = startCommand(path.join(folder, 'interrupted'))
    await run.until(/look: http/)
    const left = descendants(run.child.pid!)
    process.kill(run.pid('world'), 'SIGSTOP')
    run.child.kill('SIGINT')
    await run.until(/stopping/)
    await systemClock.sleep(1_000)
    run.child.kill('SIGINT')
    assert.deepEqual(await run.ended, [130, null], run.err())
    await systemClock.sleep(1_000)
    assert.deepEqual(left.filter(isAlive), [])
  })

  it('ends when npm is killed outright', { timeout: 300_000 }, async () => {
    const setup = path.join(import.meta.dirname, '../../bin/setup.mjs')
    const line = `node ${setup} playloop start --port=0 --collector-port=0 --data=${path.join(folder, 'npm')}`
    const npm = spawn(
      process.execPath,
      ['-e', `require('node:child_process').spawn('sh', ['-c', '--', ${JSON.stringify(line)}], { stdio: 'inherit' })`],
      { env: { ...process.env, npm_lifecycle_event: 'start' }, stdio: ['ignore', 'inherit', 'pipe'] },
    )
    let err = ''
    npm.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()))
    for (let waited = 0; waited < 200_000 && !err.includes('look: http'); waited += 50) await systemClock.sleep(50)
    const left = descendants(npm.pid!)
    npm.kill('SIGKILL')
    assert.ok(left.length >= 7, `${err}: set-up, start, four roles and Java`)
    await once(npm, 'exit')
    for (let waited = 0; waited < 40_000 && left.some(isAlive); waited += 200) await systemClock.sleep(200)
    assert.deepEqual(left.filter(isAlive), [])
  })
})
