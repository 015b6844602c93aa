import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openEmbedded } from './embedded.ts'
import type { Store } from './port.ts'
import { inRange, rangesOf } from './ranges.ts'

describe('ranges of a sorted column', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-ranges-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
    await store.exec('CREATE TABLE t (name String) ENGINE = MergeTree ORDER BY name')
    await store.exec("INSERT INTO t SELECT concat('it''s ', hex(sipHash64(number % 20000))) FROM numbers(40000)")
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const count = async (condition: string): Promise<number> => {
    const [row] = await store.rows<{ rows: number }>(`SELECT toFloat64(count()) AS rows FROM t WHERE ${condition}`)
    return row!.rows
  }

  it('hold every row once, in even shares', async () => {
    const ranges = await rangesOf(store, 't', 'name', 5_000)
    const sizes = []
    for (const range of ranges) sizes.push(await count(inRange('name', range)))
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      40_000,
    )
    assert.ok(ranges.length >= 7 && ranges.length <= 10, `${ranges.length} ranges`)
    assert.ok(Math.max(...sizes) < 6_500, `${sizes.join(', ')}`)
  })

  it('are a single one where there is little, or nothing', async () => {
    assert.deepEqual(await rangesOf(store, 't WHERE 0', 'name', 100), [{}])
    assert.deepEqual(await rangesOf(store, 't', 'name', 1_000_000), [{}])
    assert.equal(inRange('name', {}), '1')
  })
})
