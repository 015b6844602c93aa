import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, describe, it } from 'node:test'
import { openReserve } from '../disk/reserve.ts'
import { openEmbedded } from './embedded.ts'
import { takesRoom } from './low-disk.ts'
import type { Store } from './port.ts'

describe('the embedded store on a disk without room', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-low-disk-'))
  let free = 2_000
  let store: Store
  before(async () => {
    const reserve = openReserve({ folders: [dataDir], bytes: 1_000, freeOf: () => free })
    store = await openEmbedded({ dataDir, database: 'playloop', reserve })
    await store.exec('CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n PARTITION BY n % 2')
    await store.exec('INSERT INTO t SELECT number FROM numbers(10)')
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const rows = async (): Promise<unknown> => (await store.rows('SELECT toUInt32(count()) AS n FROM t'))[0]

  it('refuses what needs room, reads on, lets room be made, and goes on by itself', async () => {
    free = 999
    assert.equal(store.refusal?.()?.code, 'DISK_LOW')
    const insert = { sql: 'INSERT INTO t SELECT n FROM {source}', structure: 'n Int64', body: [], queryId: 'x' }
    await assert.rejects(store.insertAvro(insert), { code: 'DISK_LOW' })
    for (const sql of ['INSERT INTO t SELECT 1', 'OPTIMIZE TABLE t FINAL', 'CREATE TABLE u (n Int8) ENGINE = Memory'])
      await assert.rejects(store.exec(sql), { code: 'DISK_LOW' }, sql)
    assert.deepEqual(await rows(), { n: 10 })
    await store.exec('ALTER TABLE t DROP PARTITION 0')
    assert.deepEqual(await rows(), { n: 5 })
    free = 1_200
    assert.equal(store.refusal?.(), undefined)
    await store.exec('INSERT INTO t SELECT 1')
    assert.deepEqual(await rows(), { n: 6 })
  })

  it('merges nothing below the reserve, and merges again above it', async () => {
    const parts = async (): Promise<number> =>
      (
        await store.rows<{ n: number }>("SELECT toUInt32(count()) AS n FROM system.parts WHERE table = 'm' AND active")
      )[0]!.n
    await store.exec('CREATE TABLE m (n Int64) ENGINE = MergeTree ORDER BY n')
    free = 0
    await sleep(300)
    free = 1_200
    for (let n = 0; n < 3; n++) await store.exec(`INSERT INTO m SELECT ${n}`)
    free = 0
    await sleep(300)
    const before = await parts()
    await sleep(500)
    assert.equal(await parts(), before)
    free = 1_200
    await sleep(300)
    await store.exec('OPTIMIZE TABLE m FINAL')
    assert.equal(await parts(), 1)
  })

  it('knows which statements make room', () => {
    for (const sql of ['DROP TABLE t SYNC', 'TRUNCATE TABLE t', ' alter table t drop partition 202601', 'SELECT 1'])
      assert.equal(takesRoom(sql), false, sql)
    for (const sql of ['INSERT INTO t SELECT 1', 'ALTER TABLE t DELETE WHERE 1', 'ALTER TABLE t ADD COLUMN c Int8'])
      assert.equal(takesRoom(sql), true, sql)
  })
})
