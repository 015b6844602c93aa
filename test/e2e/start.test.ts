import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { isAlive } from '../../platform/process/alive.ts'
import { CLI as cli, descendants, endCommands, lastLine, startCommand, type Command } from '../faults/command.ts'

/** The whole loop as one command, and what happens to it when its processes are killed. */
describe('playloop start', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  after(() => {
    endCommands()
    rmSync(data, { recursive: true, force: true })
  })

  const start = (...flags: string[]): Command => startCommand(data, ...flags)

  it(
    'ends by itself with a summary that holds, while every process is killed once',
    { timeout: 240_000 },
    async (test) => {
      const run = start('--for=25s')
      await run.until(/look: http/)
      await systemClock.sleep(3_000)
      for (const role of ['store', 'collector', 'world']) {
        process.kill(run.pid(role), 'SIGKILL')
        await run.until(new RegExp(`${role} +ended: signal SIGKILL; it is started again[^]*${role} +ready`))
      }
      const java = JSON.parse(readFileSync(path.join(data, 'kafka/java.pid'), 'utf8')) as { pid: number }
      process.kill(java.pid, 'SIGKILL')
      await run.until(/broker +ended: .*signal SIGKILL; it is started again[^]*broker +ready/)
      const [code] = await run.ended
      const summary = lastLine(run.out())
      test.diagnostic(JSON.stringify(summary))
      assert.equal(code, 0, run.err())
      assert.equal(summary['holds'], true)
      assert.equal(summary['lag'], 0)
      assert.ok(Number(summary['restarts']) >= 4)
      assert.ok(Number(summary['produced']) > 0 && Number(summary['stored']) > 0)
    },
  )

  it(
    'goes on with the same data, writes out what it took when told to end, and lets no second one in',
    { timeout: 120_000 },
    async () => {
      const run = start()
      await run.until(/look: http/)
      const second = spawnSync(process.execPath, [cli, 'start', '--port=0', '--collector-port=0', `--data=${data}`], {
        env,
        encoding: 'utf8',
      })
      assert.equal(second.status, 1)
      assert.match(second.stderr, new RegExp(`PROCESS_DATA_IN_USE.*process ${run.child.pid}`))
      const pids = ['broker', 'store', 'collector', 'world'].map((role) => run.pid(role))
      await systemClock.sleep(2_000)
      run.child.kill('SIGINT')
      // A terminal's Ctrl-C comes several times.
      run.child.kill('SIGINT')
      const [code] = await run.ended
      assert.equal(code, 0, run.err())
      for (const pid of pids) assert.equal(isAlive(pid), false)
      const audit = spawnSync(process.execPath, [cli, 'audit', '--json', `--data=${data}`], { env, encoding: 'utf8' })
      assert.equal(audit.status, 0, audit.stdout + audit.stderr)
      assert.equal(lastLine(audit.stdout)['ok'], true)
    },
  )

  it('leaves no process behind when it is killed itself', { timeout: 120_000 }, async () => {
    const run = start()
    await run.until(/look: http/)
    const left = descendants(run.child.pid!)
    assert.ok(left.length >= 5, 'four roles and Java')
    run.child.kill('SIGKILL')
    for (let waited = 0; waited < 40_000 && left.some(isAlive); waited += 200) await systemClock.sleep(200)
    assert.deepEqual(left.filter(isAlive), [])
  })
})
