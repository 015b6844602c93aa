import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { isAlive, processIdentity } from './alive.ts'
import { lockHolder, takeLock } from './lock.ts'

describe('lock file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  const file = path.join(folder, 'owner.lock')
  after(() => rmSync(folder, { recursive: true }))

  it('has one holder and names it; released, it is free and leaves no file', () => {
    const first = takeLock(file)
    assert.ok(first.held)
    const second = takeLock(file)
    assert.ok(!second.held)
    assert.equal(second.holder.pid, process.pid)
    assert.equal(lockHolder(file)?.pid, process.pid)
    first.release()
    assert.equal(lockHolder(file), undefined)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('is taken over from a holder that died', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    await once(child, 'spawn')
    writeFileSync(file, JSON.stringify({ pid: child.pid, identity: processIdentity(child.pid!) }))
    assert.ok(!takeLock(file).held)
    child.kill('SIGKILL')
    await once(child, 'close')
    const lock = takeLock(file)
    assert.ok(lock.held)
    lock.release()
  })

  it('is taken over when the id of the holder belongs to another process now, or the file is no lock', () => {
    for (const content of [JSON.stringify({ pid: process.pid, identity: `${process.pid}@1` }), 'half a fi']) {
      writeFileSync(file, content)
      const lock = takeLock(file)
      assert.ok(lock.held)
      lock.release()
    }
  })

  it('goes to exactly one of many processes that find it stale', async () => {
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, identity: 'gone' }))
    const script = `
      import { takeLock } from ${JSON.stringify(path.join(import.meta.dirname, 'lock.ts'))}
      process.stdin.once('data', () => {
        console.log(takeLock(${JSON.stringify(file)}).held)
        setTimeout(() => process.exit(), 1500)
      })
      console.log('ready')`
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', script]))
    await Promise.all(children.map((child) => once(child.stdout, 'data')))
    const answers = children.map((child) => once(child.stdout, 'data').then(([data]) => String(data).trim()))
    for (const child of children) child.stdin.write('go\n')
    assert.equal((await Promise.all(answers)).filter((answer) => answer === 'true').length, 1)
    await Promise.all(children.map((child) => once(child, 'close')))
  })
})

describe('process identity', () => {
  it('tells a living process from none', async () => {
    assert.ok(isAlive(process.pid))
    assert.match(processIdentity(process.pid), new RegExp(`^${process.pid}@`))
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'close')
    assert.equal(isAlive(child.pid!), false)
    assert.equal(processIdentity(child.pid!), '')
  })
})
