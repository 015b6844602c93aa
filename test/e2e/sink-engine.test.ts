import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allMigrations } from '../../bin/composition.ts'
import { systemClock } from '../../platform/clock.ts'
import { StoreError } from '../../platform/clickhouse/port.ts'
import { dedupWindow, LONGEST_STALL_S } from '../../schemas/landing.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import { eventSource } from '../faults/events.ts'
import { until } from '../faults/processes.ts'
import { bench, useBench, send, withoutLease, wrapped, assertExact } from './sink-bench.ts'

useBench()

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
