import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { newest, versionsOf } from '../../schemas/catalogue.ts'
import { landingColumns, landingDdl, landingMigrations, selectColumns } from '../../schemas/landing.ts'
import { readSchema } from '../../schemas/model.ts'
import { landingTable, TOPIC_NAMES } from '../../schemas/topics.ts'
import { CATALOG_LATEST } from '../../schemas/views.ts'
import { openCatalogue, type WriterSchema, catalogued } from './catalogue.ts'
import { openCodec } from './codec.ts'
import { typeOf } from './exact-long.ts'
import { recordOf } from './samples.ts'
import { datumOf } from './wire.ts'
import { store, useEngine, insert, frame, readBack, comparable } from './testing.ts'

useEngine()

describe('landing tables', () => {
  for (const topic of TOPIC_NAMES) {
    it(`${topic}: a file of random records reads back as they were`, async () => {
      await store.exec(landingDdl(topic))
      const records = fc.sample(recordOf(topic), 40)
      const codec = openCodec(topic, openCatalogue())
      await insert(
        topic,
        catalogued(newest(topic).id)!,
        records.map((record) => datumOf(codec.encode(record))),
      )
      assert.deepEqual(
        await readBack(topic),
        records.map((record, offset) => comparable({ ...record, _partition: 3, _offset: offset })),
      )
    })
  }

  it('are the same by migration as by one statement', async () => {
    for (const topic of TOPIC_NAMES) {
      const table = landingTable(topic)
      const create = (): Promise<{ create_table_query: string }[]> =>
        store.rows(
          `SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`,
        )
      const direct = await create()
      await store.exec(`DROP TABLE ${table} SYNC`)
      for (const { statements } of landingMigrations(topic))
        for (const statement of statements) await store.exec(statement)
      assert.deepEqual(await create(), direct)
    }
  })
})

describe('a second version', () => {
  const topic = 'delivery.fills'
  const [first] = versionsOf(topic)
  const json = first!.json as { fields: { name: string; default?: unknown }[] }
  const grown = {
    ...json,
    fields: [
      ...json.fields.filter(({ name }) => name !== 'error_code'),
      { name: 'attempt', type: 'int', default: 1 },
      { name: 'peers', type: { type: 'array', items: 'string' }, default: [] },
    ],
  }
  const versions = [first!, { ...first!, id: 1_000_000_999, version: 2, json: grown, schema: readSchema(grown) }]

  it('adds its columns to the table that is there; both versions land beside one another', async () => {
    const [, second] = landingMigrations(topic, versions)
    assert.equal(second?.id, 'landing/delivery.fills/v2')
    for (const statement of second.statements) await store.exec(statement)
    const record = {
      event_id: Buffer.alloc(16, 9),
      event_time: 0,
      received_time: Date.UTC(2026, 10, 3),
      oca: 'o',
      kind: 'transfer',
      manifest_id: 'm',
    }
    for (const [clock, writer, more] of [
      ['v1', first!, { error_code: 'E' }],
      ['v2', versions[1]!, { attempt: 3, peers: ['a'] }],
    ] as const) {
      await insert(topic, writer, [typeOf(writer.json).toBuffer({ ...record, clock, ...more })], versions)
    }
    const rows = await store.rows(
      `SELECT clock, attempt, peers, error_code FROM delivery_fills WHERE clock IN ('v1', 'v2') ORDER BY clock`,
    )
    assert.deepEqual(rows, [
      { clock: 'v1', attempt: 1, peers: [], error_code: 'E' },
      { clock: 'v2', attempt: 3, peers: ['a'], error_code: '' },
    ])
  })

  it('stands in the columns before the place in the log', () => {
    assert.deepEqual(
      landingColumns(topic, versions)
        .slice(-4)
        .map(({ name }) => name),
      ['attempt', 'peers', '_partition', '_offset'],
    )
  })
})

describe('what a writer leaves out or adds', () => {
  const topic = 'experiment.exposures'
  const draft = (change: (fields: { name: string }[]) => object[]): WriterSchema => {
    const json = newest(topic).json as { fields: { name: string }[] }
    const changed = { ...json, fields: change(json.fields) }
    return { id: 9, json: changed, schema: readSchema(changed), fingerprint: '' }
  }

  it('an older writer: the columns it does not know get their defaults', async () => {
    const writer = draft((fields) =>
      fields.filter(({ name }) => !['in_experiment', 'hash_version', 'country', 'bucket_ppm'].includes(name)),
    )
    const record = {
      event_id: Buffer.alloc(16, 5),
      clock: 'old',
      event_time: 0,
      received_time: Date.UTC(2026, 10, 3),
      unit_type: 'profile',
      unit_id: 'u',
      experiment_id: 'e',
      variation: 1,
    }
    await insert(topic, writer, [typeOf(writer.json).toBuffer(record)])
    const rows = await store.rows(
      `SELECT in_experiment, hash_version, country, bucket_ppm, variation FROM experiment_exposures WHERE clock = 'old'`,
    )
    assert.deepEqual(rows, [{ in_experiment: true, hash_version: 2, country: '', bucket_ppm: null, variation: 1 }])
  })

  it('a newer writer: a column that the table lacks is a fault, never dropped', () => {
    const match = selectColumns(
      draft((fields) => [...fields, { name: 'novelty', type: 'string', default: '' }]).schema,
      topic,
    )
    assert.equal(match.ok ? 'none' : `${match.code} ${match.column}`, 'COLUMN_UNKNOWN novelty')
  })

  it('a writer without a field that has no default, and one of another type', () => {
    const missing = selectColumns(draft((fields) => fields.filter(({ name }) => name !== 'unit_id')).schema, topic)
    assert.equal(missing.ok ? 'none' : missing.code, 'COLUMN_MISSING')
    const other = selectColumns(
      draft((fields) => fields.map((field) => (field.name === 'variation' ? { ...field, type: 'string' } : field)))
        .schema,
      topic,
    )
    assert.equal(other.ok ? 'none' : other.code, 'COLUMN_TYPE')
  })
})

describe('the frame guard', () => {
  const topic = 'oca.reports'
  const writer = catalogued(newest(topic).id)!
  const codec = openCodec(topic, openCatalogue())
  const datum = datumOf(
    codec.encode({
      event_id: Buffer.alloc(16, 1),
      clock: 'frame',
      event_time: 0,
      received_time: Date.UTC(2026, 10, 3),
      oca: 'a',
      kind: 'load',
    }),
  )
  const landed = async (): Promise<unknown> =>
    (await store.rows<{ n: number }>(`SELECT count()::UInt32 AS n FROM oca_reports WHERE clock = 'frame'`))[0]?.n

  for (const [name, poison] of Object.entries({
    'a datum with bytes left over': Buffer.concat([datum, Buffer.from([0])]),
    'a value that holds two records': Buffer.concat([
      datum,
      frame(1, datum).subarray(1 + datum.length),
      frame(2, datum).subarray(0, 1),
      datum,
    ]),
    'a datum that ends early': datum.subarray(0, datum.length - 1),
  })) {
    it(`${name} fails the whole insert before anything is written`, async () => {
      await assert.rejects(insert(topic, writer, [datum, poison, datum]), (error) =>
        [395, 748, 1001, 33, 36].includes((error as { engineCode: number }).engineCode),
      )
      assert.equal(await landed(), 0)
    })
  }

  it('lets a whole frame through', async () => {
    await insert(topic, writer, [datum, datum])
    assert.equal(await landed(), 2)
  })
})

describe('catalog_titles_latest', () => {
  it('shows the greatest version of every title', async () => {
    await store.exec(CATALOG_LATEST)
    const codec = openCodec('catalog.titles', openCatalogue())
    const title = (title_id: string, version: number, name: string): Uint8Array =>
      datumOf(
        codec.encode({
          event_id: Buffer.alloc(16, version),
          clock: 'live',
          event_time: 0,
          received_time: Date.UTC(2026, 10, 3),
          title_id,
          version,
          kind: 'film',
          name,
        }),
      )
    await insert('catalog.titles', catalogued(newest('catalog.titles').id)!, [
      title('a', 3, 'third'),
      title('a', 1, 'first'),
      title('b', 1, 'early'),
      title('b', 1, 'late'),
      title('a', 2, 'second'),
    ])
    assert.deepEqual(
      await store.rows(
        `SELECT title_id, name FROM catalog_titles_latest WHERE title_id IN ('a', 'b') ORDER BY title_id`,
      ),
      [
        { title_id: 'a', name: 'third' },
        { title_id: 'b', name: 'late' },
      ],
    )
  })
})
