import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import { REVISIONS } from '../../../schemas/experiments/tables.ts'
import { BUILT_IN, migrations, openRegistry } from './index.ts'
import { created } from './testing.ts'

describe('the registry', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-registry-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, migrations)
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('keeps every revision, and gives a number to one of several writers', async () => {
    const registry = openRegistry(store)
    const first = created()
    assert.deepEqual(
      [await registry.experiment('x'), await registry.write(first), await registry.write({ ...first, name: 'other' })],
      [undefined, true, false],
    )
    const racers = ['ada', 'bob', 'eve'].map((by) => ({ ...first, revision: 1, by }))
    const won = await Promise.all(racers.map((racer) => registry.write(racer)))
    assert.equal(won.filter(Boolean).length, 1)
    assert.equal((await registry.experiment('x'))!.by, racers[won.indexOf(true)]!.by)
    assert.deepEqual(
      (await registry.revisions('x')).map(({ revision }) => revision),
      [0, 1],
    )
    assert.deepEqual(
      (await registry.experiments()).map(({ id, revision }) => [id, revision]),
      [['x', 1]],
    )
  })

  it('serves what runs, however many drafts there are', async () => {
    const registry = openRegistry(store)
    const body = (state: string, id: string): string => JSON.stringify({ ...created(), id, state })
    await store.exec({
      sql: `INSERT INTO ${REVISIONS} (id, revision, body) SETTINGS async_insert = 0
        SELECT concat('draft-', toString(number)), 0, replaceOne({body:String}, 'draft-N', concat('draft-', toString(number))) FROM numbers(5100)`,
      params: { body: body('draft', 'draft-N') },
    })
    await registry.write({ ...created(), id: 'zz', state: 'running' })
    assert.deepEqual(
      (await registry.served()).experiments.map(({ id }) => id),
      ['zz'],
    )
    assert.ok((await registry.experiments()).some(({ id }) => id === 'zz'))
  })

  it('never changes a version of a metric, nor one that is built in', async () => {
    const registry = openRegistry(store)
    const own = { ...BUILT_IN[1]!, id: 'own' }
    assert.deepEqual(
      [
        await registry.defineMetric(own),
        await registry.defineMetric({ ...own, margin: 0.5 }),
        await registry.defineMetric({ ...own, version: 2 }),
        await registry.defineMetric(BUILT_IN[1]!),
        await registry.defineMetric({ ...own, id: 'watch_time' }),
      ],
      [true, false, true, false, false],
    )
    assert.deepEqual(
      (await registry.metrics()).slice(BUILT_IN.length).map(({ id, version }) => [id, version]),
      [
        ['own', 1],
        ['own', 2],
      ],
    )
  })
})
