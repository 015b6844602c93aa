import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openEmbedded } from './embedded.ts'
import { migrate, type Migration } from './migrate.ts'
import type { Store } from './port.ts'

const create = (id: string, table: string): Migration => ({
  id,
  statements: [
    `CREATE TABLE IF NOT EXISTS ${table} (x Int64) ENGINE = MergeTree ORDER BY x`,
    `INSERT INTO ${table} SELECT 1`,
  ],
})

describe('migrations', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-migrate-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('are applied once, in order, also when more are added later', async () => {
    assert.deepEqual(await migrate(store, [create('a', 'a'), create('b', 'b')]), ['a', 'b'])
    assert.deepEqual(await migrate(store, [create('a', 'a'), create('b', 'b'), create('c', 'c')]), ['c'])
    assert.deepEqual(await store.rows('SELECT (SELECT sum(x) FROM a) AS a, (SELECT sum(x) FROM c) AS c'), [
      { a: '1', c: '1' },
    ])
  })

  it('are refused when one that was applied reads differently now', async () => {
    await assert.rejects(migrate(store, [create('d', 'd'), create('a', 'other')]), {
      code: 'MIGRATION_CHANGED',
      details: { id: 'a' },
    })
    await assert.rejects(store.rows('SELECT * FROM d'), { engineCode: 60 }, 'nothing is applied when one was changed')
  })

  it('do not mind being indented anew', async () => {
    const { id, statements } = create('a', 'a')
    assert.deepEqual(
      await migrate(store, [{ id, statements: statements.map((text) => text.replaceAll(' ', '\n   ')) }]),
      [],
    )
  })

  it('stop at the first failure and go on from there', async () => {
    const broken: Migration = {
      id: 'e',
      statements: [
        'CREATE TABLE IF NOT EXISTS e (x Int64) ENGINE = MergeTree ORDER BY x',
        'INSERT INTO nowhere SELECT 1',
      ],
    }
    await assert.rejects(migrate(store, [broken, create('f', 'f')]), {
      code: 'MIGRATION_FAILED',
      message: /migration e, statement 2 failed: .*nowhere/,
    })
    assert.deepEqual(await migrate(store, [{ id: 'e', statements: broken.statements.slice(0, 1) }, create('f', 'f')]), [
      'e',
      'f',
    ])
  })
})
