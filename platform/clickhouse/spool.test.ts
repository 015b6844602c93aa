import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { openSpool } from './spool.ts'

describe('the spool of an insert', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-spool-'))
  after(() => rmSync(dataDir, { recursive: true, force: true }))

  it('holds the pieces in order, however many they are, until they are removed', () => {
    const spool = openSpool(dataDir)
    const pieces = Array.from({ length: 3_000 }, (_, i) => Buffer.alloc(i % 700, i))
    const path = spool.write(pieces)
    assert.ok(readFileSync(path).equals(Buffer.concat(pieces)))
    spool.remove(path)
    assert.ok(!existsSync(path))
    assert.equal(readFileSync(spool.write([])).length, 0)
    spool.close()
    assert.ok(!existsSync(path))
  })

  it('starts empty: what a killed process left is gone', () => {
    const script = `import { openSpool } from ${JSON.stringify(import.meta.resolve('./spool.ts'))}
      console.log(openSpool(${JSON.stringify(dataDir)}).write([Buffer.from('left')])); process.kill(process.pid, 'SIGKILL')`
    const left = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout.trim()
    assert.ok(existsSync(left), left)
    const spool = openSpool(dataDir)
    assert.ok(!existsSync(left))
    spool.close()
  })

  it('sweeps away what belongs to nobody, and nothing that may be in use', (test) => {
    if (!existsSync('/dev/shm')) return test.diagnostic('no /dev/shm here: there is nothing to sweep')
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    const folder = (pid: number, mark: string): string => `/dev/shm/playloop-${mark.repeat(16)}-${pid}`
    const [old, fresh, alive] = [folder(dead, 'a'), folder(dead, 'b'), folder(process.ppid, 'c')]
    for (const place of [old, fresh, alive]) mkdirSync(place, { recursive: true })
    for (const place of [old, alive]) utimesSync(place, 1, 1)
    openSpool(dataDir).close()
    assert.deepEqual(
      [old, fresh, alive].map((place) => existsSync(place)),
      [false, true, true],
    )
    for (const place of [fresh, alive]) rmSync(place, { recursive: true })
  })
})
