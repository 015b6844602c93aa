import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { dedupWindow, landingDdl, landingMigrations, releasedWindow, selectColumns, structureOf } from './landing.ts'
import { readSchema } from './model.ts'
import { TOPIC_NAMES, TOPICS } from './topics.ts'

describe('landing tables', () => {
  it('v1 is what it was when it was released', () => {
    const sql = TOPIC_NAMES.flatMap((topic) => landingMigrations(topic)[0]!.statements).join('\n')
    // A database that ran a migration refuses another text under its name: a change is a new migration, not an edit.
    assert.equal(
      createHash('sha256').update(sql).digest('hex'),
      '210e72474e35521a0d1eed5160f0bc5fb80051aeeb08fb561b7ee57595168e58',
    )
  })

  it("a default that is not the empty one of its type is the column's", () => {
    const ddl = landingDdl('experiment.exposures')
    assert.match(ddl, / {2}in_experiment Bool DEFAULT true,/)
    assert.match(ddl, / {2}hash_version Int32 DEFAULT 2,/)
    assert.match(ddl, / {2}phase Int32,/)
  })

  it('are split by month of log time and say why', () => {
    for (const topic of TOPIC_NAMES) {
      assert.match(landingDdl(topic), /^-- By month .*\nPARTITION BY toYYYYMM\(received_time\)$/m)
      assert.match(landingDdl(topic), /^-- Order: .+\nORDER BY /m)
      assert.match(landingDdl(topic), topic === 'catalog.titles' ? /^-- No TTL: /m : /^-- TTL: .+\nTTL /m)
    }
  })
})

describe('the window of tokens', () => {
  it('holds ten times what lands during the longest stall', () => {
    // 2 Kafka partitions x 2 months in one insert x 4 inserts a second x 60 s, ten times.
    assert.equal(dedupWindow('playback.telemetry', 60), 10 * 2 * 2 * 4 * 60)
  })

  it('grows with partitions and stall; a table is made with what was needed when it was released', () => {
    assert.ok(dedupWindow('viewer.actions', 60, 8) === 8 * dedupWindow('viewer.actions', 60, 1))
    for (const topic of TOPIC_NAMES) {
      assert.ok(landingDdl(topic).includes(`non_replicated_deduplication_window = ${releasedWindow(topic)}`))
      assert.ok(releasedWindow(topic) <= dedupWindow(topic, 900, TOPICS[topic].partitions))
    }
  })
})

describe('what the engine is told of a writer', () => {
  it('its wrapped fields, without a quote, odd names quoted', () => {
    const schema = readSchema({
      type: 'record',
      name: 'A',
      fields: [
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'from', type: ['null', 'int'] },
        { name: 'tags', type: { type: 'map', values: 'string' } },
      ],
    })
    assert.equal(
      structureOf(schema),
      '_off Int64, at DateTime64(3), `from` Nullable(Int32), tags Map(String, String), _end Int64',
    )
  })

  it('a narrower writer fits a wider column, the reverse does not', () => {
    const writer = (change: Record<string, unknown>): ReturnType<typeof readSchema> => {
      const fields = [
        ['event_id', { type: 'fixed', name: 'EventId', size: 16 }],
        ['clock', 'string'],
        ['event_time', 'long'],
        ['received_time', 'long'],
        ['title_id', 'string'],
        ['version', 'long'],
        ['kind', 'string'],
        ['name', 'string'],
      ] as const
      const time = { type: 'long', logicalType: 'timestamp-millis' }
      return readSchema({
        type: 'record',
        name: 'T',
        fields: fields.map(([name, type]) => ({ name, type: change[name] ?? (name.endsWith('_time') ? time : type) })),
      })
    }
    const verdict = (change: Record<string, unknown>): string => {
      const match = selectColumns(writer(change), 'catalog.titles')
      return match.ok ? match.columns.join(' ') : `${match.code} ${match.column}`
    }
    assert.equal(verdict({}), 'event_id clock event_time received_time title_id version kind name')
    assert.equal(verdict({ version: 'int' }), 'event_id clock event_time received_time title_id version kind name')
    assert.equal(verdict({ version: ['null', 'long'] }), 'COLUMN_TYPE version')
    assert.equal(verdict({ version: 'double' }), 'COLUMN_TYPE version')
    assert.equal(verdict({ event_time: 'long' }), 'COLUMN_TYPE event_time')
    assert.equal(verdict({ name: ['null', 'string', 'int'] }), 'COLUMN_TYPE name')
  })
})
