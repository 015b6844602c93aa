import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { newest } from '../../schemas/catalogue.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { eventSource } from '../faults/events.ts'
import type { SinkPorts } from '../../streams/sink/sink.ts'
import { countingSchemas } from '../faults/store-bench.ts'
import { bench, header, useBench } from './sink-bench.ts'

useBench()

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').toUpperCase()

describe('poison', () => {
  const source = eventSource('viewer.actions')
  const good = (n: number): Buffer => source.message(n).value
  const own = newest('viewer.actions').id
  const nobody = 77
  const datum = good(1).subarray(5)
  const large = Buffer.concat([header(own), Buffer.alloc(5_000_000, 7)])
  /** What is sent, and the code it must die by. */
  const cases: readonly (readonly [string, Buffer | null, string])[] = [
    ['bad magic', Buffer.concat([Buffer.from([9]), good(2).subarray(1)]), 'magic_byte'],
    ['a short value', Buffer.from([0, 0, 1]), 'value_too_short'],
    ['an empty value', Buffer.alloc(0), 'value_too_short'],
    ['a null value', null, 'null_value'],
    ['an unknown schema id', Buffer.concat([header(nobody), datum]), 'schema_unknown'],
    ['the same unknown id again', Buffer.concat([header(nobody), datum]), 'schema_unknown'],
    ['an id that no registry can have', Buffer.concat([header(-5), datum]), 'schema_unknown'],
    ["another topic's schema", eventSource('delivery.requests').message(1).value, 'schema_of_other_topic'],
    ['a datum cut short', good(3).subarray(0, -4), 'poison'],
    ['bytes left over', Buffer.concat([good(4), Buffer.from([0, 0])]), 'poison'],
    ['two records in a value', Buffer.concat([good(5), good(6).subarray(5)]), 'poison'],
    [
      'another type under the id',
      Buffer.concat([header(own), eventSource('playback.telemetry').message(3).value.subarray(5)]),
      'poison',
    ],
    [
      'a length past everything',
      Buffer.concat([
        header(own),
        datum.subarray(0, 16),
        Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f]),
        datum.subarray(17),
      ]),
      'poison',
    ],
    ['5 MB', large, 'too_large'],
  ]
  const settings = { group: 'poison', topics: ['viewer.actions', 'dead.letters'] as TopicName[] }
  const FLOOD = 3_000
  const flooded = 3 * cases.length
  const cutLetter = openCodec('dead.letters', openCatalogue())
    .encode({
      event_id: Buffer.alloc(16),
      clock: 'live',
      event_time: 1,
      received_time: Date.now(),
      source_topic: 'x',
      source_partition: 0,
      source_offset: 1,
      source_time: 1,
      error_code: 'x',
      error_message: 'x',
      step: 'x',
      raw: Buffer.alloc(3),
      raw_size: 3,
      raw_sha256: Buffer.alloc(32),
    })
    .subarray(0, -9)
  const schemas = countingSchemas()
  let inserts = 0

  before(async () => {
    for (const [index, [, value]] of cases.entries()) {
      await bench.foreign('viewer.actions', [{ key: 'before', value: good(100 + index) }])
      await bench.foreign('viewer.actions', [{ key: 'poisoned', value }], value === large)
      await bench.foreign('viewer.actions', [{ key: 'behind', value: good(200 + index) }])
    }
    await bench.foreign(
      'viewer.actions',
      Array.from({ length: FLOOD }, (_, n) => ({
        key: 'flood',
        value: n % 3 === 0 ? good(1_000 + n).subarray(0, -2) : good(1_000 + n),
      })),
    )
    // Its partition is said: the foreign client would hash such a key for minutes.
    await bench.foreign('viewer.actions', [
      { key: Buffer.alloc(1_500_000, 65), value: Buffer.from('no Avro'), partition: 0 },
    ])
    await bench.foreign('dead.letters', [
      { key: 'x', value: Buffer.from('nothing') },
      { key: 'x', value: cutLetter },
    ])
    const counting = (ports: SinkPorts): SinkPorts => ({
      ...ports,
      insert: (insert) => ((inserts += Number(insert.sql.includes('viewer_actions'))), ports.insert(insert)),
    })
    const sink = bench.sink({ ...settings, schemas, wrap: counting })
    await bench.landed(settings)
    await sink.stop()
  })

  it('ends in dead.letters with place, code, bytes and digest, and all its neighbours land', async (test) => {
    const letters = await bench.store.rows<
      Record<string, string | number | null>
    >(`SELECT toInt32(source_offset) AS offset, source_topic AS topic, source_partition AS partition, error_code AS code,
      error_message AS message, hex(raw) AS raw, toInt32(raw_size) AS size, hex(raw_sha256) AS sha, raw_key AS key, abs(dateDiff('second', source_time, now64(3))) AS age
      FROM dead_letters WHERE source_offset < ${flooded} ORDER BY source_offset`)
    assert.equal(letters.length, cases.length)
    for (const [index, [name, value, code]] of cases.entries()) {
      const bytes = value ?? Buffer.alloc(0)
      const { message, age, ...letter } = letters[index]!
      assert.deepEqual(
        letter,
        {
          offset: index * 3 + 1,
          topic: 'viewer.actions',
          partition: 0,
          code,
          size: bytes.length,
          raw: bytes.subarray(0, 262_144).toString('hex').toUpperCase(),
          sha: digest(bytes),
          key: 'poisoned',
        },
        name,
      )
      assert.ok(String(message).length > 10 && Number(age) < 600, name)
      test.diagnostic(`${name}: ${code}, ${String(message).slice(0, 90)}`)
    }
    const neighbours = 2 * cases.length
    assert.deepEqual(
      await bench.row(
        `SELECT count() AS rows, uniqExact(_offset) AS places, uniqExact(event_id) AS events FROM viewer_actions WHERE _offset < ${flooded}`,
      ),
      { rows: neighbours, places: neighbours, events: neighbours },
    )
  })

  it('of an unknown schema id is asked for once, and not at all for an id that cannot be', () => {
    assert.equal(schemas.asked(nobody), 1)
    assert.equal(schemas.asked(-5), 0)
  })

  it('of any number costs a batch two inserts, not a search', async (test) => {
    test.diagnostic(`${FLOOD / 3} and more poisoned of ${FLOOD + flooded}: ${inserts} inserts`)
    assert.ok(inserts <= 8, `${inserts} inserts`)
    const range = `_offset >= ${flooded} AND _offset < ${flooded + FLOOD}`
    assert.deepEqual(
      await bench.row(`SELECT count() AS rows, uniqExact(_offset) AS places FROM viewer_actions WHERE ${range}`),
      { rows: (FLOOD * 2) / 3, places: (FLOOD * 2) / 3 },
    )
    assert.deepEqual(
      await bench.row(
        `SELECT uniqExact(source_offset) AS letters FROM dead_letters WHERE ${range.replaceAll('_offset', 'source_offset')}`,
      ),
      { letters: FLOOD / 3 },
    )
  })

  it('with a key of a megabyte still fits into a letter', async () => {
    assert.deepEqual(
      await bench.row("SELECT count() AS letters, max(length(raw_key)) AS key FROM dead_letters WHERE raw = 'no Avro'"),
      { letters: 1, key: 65_536 },
    )
  })

  it('in dead.letters itself stays in a table of its own', async () => {
    const rows = await bench.store.rows(
      'SELECT error_code AS code, hex(raw) AS raw FROM dead_letters_local_v1 ORDER BY offset',
    )
    assert.deepEqual(rows, [
      { code: 'magic_byte', raw: Buffer.from('nothing').toString('hex').toUpperCase() },
      { code: 'poison', raw: cutLetter.toString('hex').toUpperCase() },
    ])
    assert.deepEqual(
      await bench.row("SELECT count() AS letters FROM dead_letters WHERE source_topic = 'dead.letters'"),
      { letters: 0 },
    )
  })
})
