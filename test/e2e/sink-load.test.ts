import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { systemClock } from '../../platform/clock.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { eventSource } from '../faults/events.ts'
import { startLoad } from '../faults/load.ts'
import { startSinkProcess, until } from '../faults/processes.ts'
import { bench, useBench, send, wrapped, assertExact } from './sink-bench.ts'

useBench()

describe('an insert', () => {
  it('is one part, and its token stays with its statement', async () => {
    const topic = 'experiment.exposures'
    const settings = { group: 'engine', topics: [topic] as TopicName[], batchRows: 20_000 }
    await bench.store.exec('SYSTEM STOP MERGES experiment_exposures')
    await send(topic, 70_000)
    const sizes: number[] = []
    const sink = bench.sink({
      ...settings,
      wrap: wrapped(
        (insert, ports) => (sizes.push(Number(/max_block_size = (\d+)/.exec(insert.sql)?.[1])), ports.insert(insert)),
      ),
    })
    await bench.landed(settings)
    await sink.stop()
    const parts = await bench.store.rows<{ rows: number }>(
      "SELECT toUInt32(rows) AS rows FROM system.parts WHERE database = 'playloop' AND table = 'experiment_exposures' AND active ORDER BY min_block_number",
    )
    assert.deepEqual(
      parts.map(({ rows }) => rows),
      sizes,
    )
    assert.equal(sizes[0], 20_000)
    // On every connection that inserted with a token, a block without one lands, and lands again.
    for (let n = 0; n < 4; n++)
      await bench.store.exec(`INSERT INTO sink_holes_v1 SELECT 'no token', 0, ${n}, ${n}, now64(3)`)
    assert.deepEqual(await bench.row("SELECT count() AS rows FROM sink_holes_v1 WHERE topic = 'no token'"), { rows: 4 })
    await bench.store.exec('SYSTEM START MERGES experiment_exposures')
    await bench.store.exec("ALTER TABLE sink_holes_v1 DELETE WHERE topic = 'no token' SETTINGS mutations_sync = 1")
    await assertExact(topic)
  })

  it('of log times from more months than a block may have by default lands', async () => {
    const settings = { group: 'engine', topics: ['delivery.decisions'] as TopicName[] }
    const codec = openCodec('delivery.decisions', openCatalogue())
    await bench.producer.send(
      'delivery.decisions',
      Array.from({ length: 130 }, (_, month) => ({
        key: Buffer.from('s'),
        value: codec.encode({
          event_id: Buffer.alloc(16, month),
          clock: 'world',
          event_time: 1,
          received_time: Date.UTC(2027, month, 2),
          session_id: 's',
          service: 'playback',
        }),
      })),
    )
    const sink = bench.sink(settings)
    await bench.landed(settings)
    await sink.stop()
    assert.deepEqual(await bench.row('SELECT count() AS rows FROM delivery_decisions'), { rows: 130 })
  })
})

describe('an engine that stands still under load', () => {
  const STALL_MS = 20_000

  it(`for ${STALL_MS / 1_000} s: the sink's memory stays flat, and all lands once it moves`, async (test) => {
    const dataDir = join(bench.broker.folder, 'stalled')
    mkdirSync(dataDir)
    const load = startLoad({
      producer: bench.producer,
      sources: [
        { source: eventSource('playback.telemetry'), perSecond: 3_000 },
        { source: eventSource('viewer.actions'), perSecond: 1_000 },
      ],
    })
    const sink = await startSinkProcess({
      brokers: bench.broker.brokers,
      group: 'stalled',
      instanceId: 's',
      dataDir,
      url: '',
      topics: ['playback.telemetry', 'viewer.actions'],
      stall: { pass: 12, ms: STALL_MS },
    })
    await until('it stands', async () => (await sink.stats()).stalled)
    const begun = performance.now()
    const rss: number[] = []
    while ((await sink.stats()).stalled) {
      const { rssBytes, lagTotal } = await sink.stats()
      rss.push(rssBytes)
      if (rss.length % 20 === 0)
        test.diagnostic(
          `${Math.round(performance.now() - begun)} ms: ${Math.round(rssBytes / 1e6)} MB, ${lagTotal} records behind`,
        )
      await systemClock.sleep(200)
    }
    await load.stop()
    await bench.landed({ group: 'stalled', topics: ['playback.telemetry', 'viewer.actions'] })
    const drained = await sink.stop()
    test.diagnostic(`SIGTERM to the end: ${Math.round(drained)} ms`)
    // The two batches a partition may hold fill within the first seconds; nothing else may grow.
    const [early, late] = [Math.max(...rss.slice(0, 25)), Math.max(...rss.slice(25))]
    test.diagnostic(`highest in the first 5 s ${Math.round(early / 1e6)} MB, afterwards ${Math.round(late / 1e6)} MB`)
    assert.ok(late - early < 48_000_000, `${early} to ${late} bytes`)
    assert.ok(drained < 10_000)
  })
})
