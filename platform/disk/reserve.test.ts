import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, it } from 'node:test'
import { freeBytes, openReserve } from './reserve.ts'
import { replaceFile } from './replace-file.ts'

describe('the disk reserve', () => {
  const free = new Map<string, number>()
  let time = 0
  const open = (holdMs = 0) =>
    openReserve({
      folders: ['/store', '/log', '/missing'],
      bytes: 80_000_000,
      holdMs,
      now: () => time,
      freeOf: (folder) => free.get(folder),
    })

  it('refuses while any of the disks has less free, says which, and when to come again', () => {
    free.set('/store', 80_000_000).set('/log', 79_999_999)
    const reserve = open()
    assert.throws(() => reserve.check(), {
      code: 'DISK_LOW',
      status: 503,
      message: 'the disk of /log has 79 MB free, and 80 MB are kept in reserve',
    })
    assert.equal(reserve.refusal()?.details['retryAfter'], 5)
  })

  it('goes on by itself, once an eighth more than the reserve is free', () => {
    free.set('/store', 1e9).set('/log', 0)
    const reserve = open()
    assert.equal(reserve.refusal()?.code, 'DISK_LOW')
    free.set('/log', 89_999_999)
    assert.equal(reserve.refusal()?.code, 'DISK_LOW')
    free.set('/log', 90_000_000)
    assert.equal(reserve.refusal(), undefined)
    free.set('/log', 80_000_000)
    assert.equal(reserve.refusal(), undefined)
  })

  it('asks the file system each time, or keeps an answer for as long as it is told', () => {
    free.set('/store', 1e9).set('/log', 1e9)
    const [fresh, held] = [open(), open(100)]
    assert.deepEqual([fresh.refusal(), held.refusal()], [undefined, undefined])
    free.set('/log', 0)
    assert.deepEqual([fresh.refusal()?.code, held.refusal()], ['DISK_LOW', undefined])
    time += 100
    assert.equal(held.refusal()?.code, 'DISK_LOW')
  })

  it('knows the real file system', () => {
    assert.ok(freeBytes(tmpdir())! > 0)
    assert.equal(freeBytes('/no such folder'), undefined)
    const all = openReserve({ folders: [tmpdir()], bytes: Number.MAX_SAFE_INTEGER })
    assert.equal(all.refusal()?.code, 'DISK_LOW')
  })
})

describe('a small file', () => {
  it('has the old content or the new, and leaves no draft behind', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'playloop-replace-'))
    const file = path.join(dir, 'ports.json')
    replaceFile(file, 'one')
    replaceFile(file, 'two')
    assert.equal(readFileSync(file, 'utf8'), 'two')
    assert.throws(() => replaceFile(path.join(dir, 'missing', 'x'), 'three'))
    assert.deepEqual(readdirSync(dir), ['ports.json'])
    rmSync(dir, { recursive: true })
  })
})
