import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { allMigrations } from '../../bin/composition.ts'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { systemClock } from '../../platform/clock.ts'
import { StoreError, type AvroInsert } from '../../platform/clickhouse/port.ts'
import { dedupWindow, LONGEST_STALL_S } from '../../schemas/landing.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import type { SinkPorts } from '../../streams/sink/sink.ts'
import { eventSource, type KnownTopic } from '../faults/events.ts'
import { startLoad } from '../faults/load.ts'
import { endAll, startSinkProcess, until } from '../faults/processes.ts'
import { openStoreBench, type StoreBench } from '../faults/store-bench.ts'
import { verify } from '../faults/verify.ts'

let bench: StoreBench
before(async () => {
  bench = await openStoreBench()
})
after(() => {
  endAll()
  return bench.stop()
})

const sent = new Map<KnownTopic, number>()
async function send(topic: KnownTopic, count: number): Promise<void> {
  const from = sent.get(topic) ?? 0
  const source = eventSource(topic)
  sent.set(topic, from + count)
  for (let n = 0; n < count; n += 4_000) {
    await bench.producer.send(
      topic,
      Array.from({ length: Math.min(4_000, count - n) }, (_, i) => source.message(from + n + i)),
    )
  }
}

/** The same statement but for its lease, which is of the moment. */
const withoutLease = ({ sql }: AvroInsert): string => sql.replace(/toInt64\(\d+\)/, 'toInt64(lease)')
const wrapped =
  (change: (insert: AvroInsert, ports: SinkPorts) => Promise<void>) =>
  (ports: SinkPorts): SinkPorts => ({ ...ports, insert: (insert) => change(insert, ports) })

/**
 * Every place of the topic landed once, by the table and by the ledger, and every aggregate equals its recomputation.
 */
async function assertExact(topic: KnownTopic): Promise<void> {
  const cut = (await bench.broker.ends()).filter((end) => end.topic === topic)
  const { lost, twice, faults, landed } = await verify(bench.store, cut, [])
  assert.deepEqual({ lost, twice, faults, landed }, { lost: 0, twice: 0, faults: [], landed: sent.get(topic) })
}

describe('an engine that fails', () => {
  it('by its memory limit: the identical statement is tried until it lands, the partition says so, rows are exact', async (test) => {
    const settings = { group: 'engine', topics: ['delivery.requests'] as TopicName[] }
    await send('delivery.requests', 5_000)
    const statements = new Set<string>()
    let [tries, alarm] = [0, '']
    const sink = bench.sink({
      ...settings,
      wrap: wrapped((insert, ports) => {
        statements.add(withoutLease(insert))
        alarm ||= sink.stats().partitions[0]?.paused ?? ''
        return ports.insert(
          ++tries > 5
            ? insert
            : { ...insert, sql: insert.sql.replace('SETTINGS ', 'SETTINGS max_memory_usage = 1000000, ') },
        )
      }),
    })
    await bench.landed(settings)
    test.diagnostic(`${tries} tries of ${statements.size} statement, ${sink.stats().retries} retries`)
    await sink.stop()
    assert.deepEqual([tries, statements.size, alarm], [6, 1, 'STORE_FAILED'])
    assert.equal(sink.stats().partitions[0]?.paused, '')
    await assertExact('delivery.requests')
  })

  it('in a view, behind the write of the table: nothing is bisected, and once it is mended all views are whole', async (test) => {
    const settings = { group: 'engine', topics: ['playback.telemetry', 'viewer.actions'] as TopicName[] }
    const landed = async (topic: TopicName): Promise<number> =>
      (await bench.row(`SELECT count() AS rows FROM ${landingTable(topic)}`))['rows']!
    for (const topic of ['playback.telemetry', 'viewer.actions'] as const) {
      await bench.store.exec(
        `CREATE MATERIALIZED VIEW planted_${landingTable(topic)} ENGINE = MergeTree ORDER BY x AS SELECT throwIf(_offset >= 0, 'planted') AS x FROM ${landingTable(topic)}`,
      )
      await send(topic, 3_000)
    }
    const names = new Set<string>()
    const sink = bench.sink({
      ...settings,
      wrap: wrapped((insert, ports) => (names.add(withoutLease(insert)), ports.insert(insert))),
    })
    await until('inserts fail again and again', () => sink.stats().retries >= 9)
    test.diagnostic(
      `while the view fails: ${await landed('playback.telemetry')} and ${await landed('viewer.actions')} rows stand in the tables themselves`,
    )
    for (const topic of settings.topics) await bench.store.exec(`DROP TABLE planted_${landingTable(topic)} SYNC`)
    await bench.landed(settings)
    await sink.stop()
    assert.ok(
      [...names].every((sql) => !/-r\d+\.\d+'/.test(sql)),
      'an insert was bisected',
    )
    for (const topic of ['playback.telemetry', 'viewer.actions'] as const) await assertExact(topic)
  })

  it('when letters cannot be sent, on a partition where nothing follows: the batch is landed again by itself', async () => {
    const settings = { group: 'engine', topics: ['oca.reports'] as TopicName[] }
    let failures = 2
    await bench.foreign('oca.reports', [{ key: 'o', value: 'no Avro' }])
    const sink = bench.sink({
      ...settings,
      wrap: (ports) => ({
        ...ports,
        deadLetter: (at, letters) =>
          failures-- > 0 ? Promise.reject(new Error('the broker is away')) : ports.deadLetter(at, letters),
      }),
    })
    await bench.landed(settings)
    await sink.stop()
    assert.equal(failures, -1)
  })
})

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

describe('a stop', () => {
  it('while the engine hangs is over within 10 s; the batch it leaves open lands at the next start', async (test) => {
    const settings = { group: 'engine', topics: ['delivery.fills'] as TopicName[] }
    await bench.foreign('delivery.fills', [{ key: 'o', value: 'no Avro' }])
    let letGo = (): void => undefined
    const hanging = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let begun = false
    const sink = bench.sink({
      ...settings,
      wrap: (ports) => ({
        ...ports,
        deadLetter: async () => {
          begun = true
          await hanging
        },
      }),
    })
    await until('the batch is under way', () => begun)
    const asked = performance.now()
    await sink.stop()
    const took = performance.now() - asked
    test.diagnostic(`over after ${Math.round(took)} ms`)
    assert.ok(took < 10_000)
    const open = (await bench.broker.committed(settings.group)).filter(({ metadata }) => metadata !== '')
    assert.deepEqual(
      open.map(({ topic, metadata }) => [topic, metadata]),
      [['delivery.fills', '{"v":1,"s":0,"e":0}']],
    )

    // At this moment no table may change: the batch must meet what it was begun with.
    const change = { id: 'test/later', statements: ['SELECT 1'] }
    await assert.rejects(prepareTables(bench.store, bench.broker.cluster, settings.group, [...allMigrations, change]), {
      code: 'SINK_DDL_OPEN_INTENT',
    })

    const next = bench.sink(settings)
    await bench.landed(settings)
    await next.stop()
    letGo()
    assert.deepEqual(
      await prepareTables(bench.store, bench.broker.cluster, settings.group, [...allMigrations, change]),
      ['test/later'],
    )
  })

  it('between an insert that failed and its next try does not wait for the engine to mend', async () => {
    const settings = { group: 'engine', topics: ['delivery.fills'] as TopicName[] }
    const codec = eventSource('delivery.requests')
    await bench.foreign('delivery.fills', [
      { key: 'o', value: codec.message(1).value },
      { key: 'o', value: 'no Avro' },
    ])
    const sink = bench.sink({
      ...settings,
      wrap: (ports) => ({ ...ports, deadLetter: () => Promise.reject(new StoreError('planted', 0)) }),
    })
    await until('it fails', () => sink.stats().partitions[0]?.paused === 'STORE_FAILED')
    const asked = performance.now()
    await sink.stop()
    assert.ok(performance.now() - asked < 3_000)
    const next = bench.sink(settings)
    await bench.landed(settings)
    await next.stop()
  })
})

describe('a start', () => {
  it('widens a table that remembers too few inserts', async () => {
    await bench.store.exec('ALTER TABLE qoe_minute_v1 MODIFY SETTING non_replicated_deduplication_window = 100')
    await prepareTables(bench.store, bench.broker.cluster, 'engine', allMigrations)
    const [minute] = await bench.store.rows<{ ddl: string }>(
      "SELECT engine_full AS ddl FROM system.tables WHERE name = 'qoe_minute_v1'",
    )
    assert.ok(
      Number(/deduplication_window = (\d+)/.exec(minute!.ddl)![1]) >=
        dedupWindow('playback.telemetry', LONGEST_STALL_S, 1),
      minute!.ddl,
    )
  })

  it('refuses to land rows again whose offsets the group does not have', async () => {
    await assert.rejects(prepareTables(bench.store, bench.broker.cluster, 'never seen', allMigrations), {
      code: 'SINK_OFFSETS_LOST',
    })
  })

  it('under a name that is taken ends the process that had it; the later one lands everything once', async () => {
    const settings = { group: 'engine', topics: ['catalog.titles'] as TopicName[] }
    const first = bench.sink(settings)
    await systemClock.sleep(500)
    const second = bench.sink(settings)
    await assert.rejects(first.done, { code: 'KAFKA_INSTANCE_TAKEN' })
    await bench.landed(settings)
    await second.stop()
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
