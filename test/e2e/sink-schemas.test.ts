import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openCatalogue, type WriterSchema } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { typeOf } from '../../platform/avro/exact-long.ts'
import { systemClock } from '../../platform/clock.ts'
import { newest } from '../../schemas/catalogue.ts'
import { readSchema } from '../../schemas/model.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { eventSource, type KnownTopic } from '../faults/events.ts'
import { until } from '../faults/processes.ts'
import { openTwoVersions } from '../faults/schemas.ts'
import { countingSchemas } from '../faults/store-bench.ts'
import { bench, header, useBench } from './sink-bench.ts'

useBench()

describe('two schema versions in strict alternation', () => {
  const topic: KnownTopic = 'delivery.requests'
  const ROWS = 40_000
  /** Full batches only: none waits for its age. */
  const batchRows = 5_000

  // What it costs is counted here, in inserts; the time it takes is printed and stands in docs/measured.md: a shared
  // machine may give one run twice the time of the other.
  it('cost two inserts a batch, not one a record', async (test) => {
    const settings = { group: 'versions', topics: [topic] as TopicName[], schemas: openTwoVersions(), batchRows }
    const best = { 1: 0, 2: 0 }
    const inserts = { 1: 0, 2: 0 }
    let from = 0
    // Interleaved, the best of each: what the machine does meanwhile hits both.
    for (let round = 0; round < 3; round++) {
      for (const versions of [1, 2] as const) {
        const source = eventSource(topic, versions)
        for (let n = 0; n < ROWS; n += 5_000)
          await bench.producer.send(
            topic,
            Array.from({ length: 5_000 }, (_, i) => source.message(from + n + i)),
          )
        from += ROWS
        let begun = 0
        const sink = bench.sink({
          ...settings,
          wrap: (ports) => ({
            ...ports,
            insert: (insert) => ((begun ||= performance.now()), inserts[versions]++, ports.insert(insert)),
          }),
        })
        await bench.landed(settings)
        best[versions] = Math.max(best[versions], (ROWS / (performance.now() - begun)) * 1_000)
        await sink.stop()
      }
    }
    test.diagnostic(
      `rows/s in batches of ${batchRows}: one version ${Math.round(best[1])}, two in alternation ${Math.round(best[2])}: ${(best[2] / best[1]).toFixed(2)}`,
    )
    assert.deepEqual(
      await bench.row('SELECT count() AS rows, uniqExact(_partition, _offset) AS places FROM delivery_requests'),
      { rows: from, places: from },
    )
    assert.ok(inserts[1] < ((3 * ROWS) / batchRows) * 2, `${inserts[1]} inserts of one version`)
    assert.ok(inserts[2] <= 2 * inserts[1] + 6, `${inserts[2]} inserts in alternation, ${inserts[1]} of one version`)
  })
})

describe('a column that the table lacks', () => {
  const topic: TopicName = 'delivery.fills'
  const settings = { group: 'column', topics: [topic] }
  const { json } = newest(topic)
  const grown = {
    ...json,
    fields: [...(json as { fields: object[] }).fields, { name: 'novelty', type: 'string', default: '', doc: 'New.' }],
  }
  const writer: WriterSchema = { id: 4_711, json: grown, schema: readSchema(grown), fingerprint: 'f'.repeat(64) }
  const fill = (n: number): object => ({
    event_id: Buffer.alloc(16, n),
    clock: 'world',
    event_time: 1,
    received_time: Date.now(),
    oca: 'o',
    kind: 'transfer',
    manifest_id: `m${n}`,
  })

  it('pauses the partition, drops nothing, and goes on when the table has it', async (test) => {
    const codec = openCodec(topic, openCatalogue())
    const novel = typeOf(grown)
    const known = [1, 2, 4].map((n) => codec.encode(fill(n) as Parameters<typeof codec.encode>[0]))
    const unknown = Buffer.concat([header(writer.id), novel.toBuffer({ ...fill(3), novelty: 'yes' })])
    await bench.foreign(
      topic,
      [known[0]!, known[1]!, unknown, known[2]!].map((value) => ({ key: 'o', value })),
    )
    const sink = bench.sink({
      ...settings,
      schemas: countingSchemas(async (id) => (id === writer.id ? writer : undefined)),
    })
    const paused = (): string => sink.stats().partitions[0]?.paused ?? ''
    await until('the partition waits', () => paused() === 'SINK_COLUMN_UNKNOWN')
    await systemClock.sleep(1_500)
    assert.deepEqual(
      await bench.row(
        "SELECT (SELECT count() FROM delivery_fills) AS rows, (SELECT count() FROM dead_letters WHERE source_topic = 'delivery.fills') AS letters",
      ),
      { rows: 0, letters: 0 },
    )
    await bench.store.exec('ALTER TABLE delivery_fills ADD COLUMN novelty String')
    const begun = performance.now()
    await bench.landed(settings)
    test.diagnostic(`went on ${Math.round(performance.now() - begun)} ms after the table had it`)
    assert.equal(paused(), '')
    await sink.stop()
    assert.deepEqual(
      await bench.store.rows('SELECT manifest_id, novelty FROM delivery_fills ORDER BY manifest_id'),
      ['m1', 'm2', 'm3', 'm4'].map((manifest_id) => ({ manifest_id, novelty: manifest_id === 'm3' ? 'yes' : '' })),
    )
  })
})

describe('records that left the log before they were landed', () => {
  const topic: TopicName = 'delivery.decisions'
  const settings = { group: 'gap', topics: [topic] }
  const codec = openCodec(topic, openCatalogue())
  const send = (count: number): Promise<void> =>
    bench.producer.send(
      topic,
      Array.from({ length: count }, (_, n) => ({
        key: Buffer.from('s'),
        value: codec.encode({
          event_id: Buffer.alloc(16, n),
          clock: 'world',
          event_time: 1,
          received_time: Date.now(),
          session_id: 's',
          service: 'playback',
        }),
      })),
    )

  it('stop the partition with an alarm; nothing resets itself', async () => {
    await send(10)
    const first = bench.sink(settings)
    await bench.landed(settings)
    await first.stop()
    await send(30)
    await bench.deleteRecords(topic, 25)
    const sink = bench.sink(settings)
    await until('the partition waits', () => sink.stats().partitions[0]?.paused === 'KAFKA_OFFSET_OUT_OF_RANGE')
    await systemClock.sleep(2_000)
    assert.equal(sink.stats().partitions[0]?.paused, 'KAFKA_OFFSET_OUT_OF_RANGE')
    await sink.stop()
    const [committed] = (await bench.broker.committed(settings.group)).filter((each) => each.topic === topic)
    assert.equal(committed?.offset, 10)
    assert.deepEqual(await bench.row('SELECT count() AS rows FROM delivery_decisions'), { rows: 10 })
  })
})
