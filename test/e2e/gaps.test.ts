import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { ensureTopics } from '../../platform/kafka/topics.ts'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { systemClock } from '../../platform/clock.ts'
import { openStore, type Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { startLocalKafka, type LocalKafka } from '../../platform/kafka/local/index.ts'
import { committedOffsets } from '../../platform/kafka/offsets.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { runAudit, migrations as auditTables } from '../../streams/audit/index.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import { acceptGap, findGaps } from '../../streams/sink/gaps.ts'
import { startSink, type RunningSink } from '../../streams/sink/main.ts'
import { migrations } from '../../streams/sink/migrations.ts'

const TOPIC = 'oca.reports'
const schemas = openCatalogue()
const codec = openCodec(TOPIC, schemas)

describe('offsets that left the log before they were landed', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'playloop-gaps-'))
  let kafka: LocalKafka
  let store: Store
  let config: ReturnType<typeof readConfig>

  before(async () => {
    kafka = await startLocalKafka({ dataDir: dir, logger: silentLogger })
    config = readConfig({
      PLAYLOOP_DATA: dir,
      KAFKA_BROKERS: kafka.brokers.join(','),
      PLAYLOOP_SINK_SESSION_TIMEOUT: '6000',
    })
    await ensureTopics(config, 'test')
    store = await openStore(config, silentLogger)
    const cluster = openCluster(kafka.brokers, 'test')
    await prepareTables(store, cluster, config.kafka.group, [...migrations, ...auditTables])
    await cluster.close()
  })
  after(async () => {
    await store.close()
    await kafka.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  const produce = async (count: number): Promise<void> => {
    const producer = createProducer(kafka.brokers)
    await producer.send(
      TOPIC,
      Array.from({ length: count }, (_, i) => ({
        key: Buffer.from('oca-1'),
        value: codec.encode({
          event_id: Buffer.alloc(16, i),
          clock: 'live',
          event_time: Date.now(),
          received_time: Date.now(),
          skew_ms: null,
          oca: 'oca-1',
          kind: 'health',
        }),
      })),
    )
    await producer.close()
  }
  /** What retention does, at once. */
  const forget = async (below: number): Promise<void> => {
    const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.fetchTopicOffsets(TOPIC) // makes the client know the topic's leaders
    await admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 0, offset: String(below) }] })
    await admin.disconnect()
  }
  const withSink = async (work: (sink: RunningSink) => Promise<void>): Promise<void> => {
    const producer = createProducer(kafka.brokers)
    const sink = startSink(
      { config, clock: systemClock, logger: silentLogger, metrics: openMetrics() },
      { store, producer, schemas, topics: [TOPIC, 'dead.letters'] },
    )
    try {
      await work(sink)
    } finally {
      await sink.stop()
      await producer.close()
    }
  }
  const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
    for (const end = Date.now() + 60_000; !(await holds());) {
      if (Date.now() > end) throw new Error(`not within a minute: ${what}`)
      await systemClock.sleep(100)
    }
  }
  const landed = async (): Promise<number[]> =>
    (await store.rows<{ offset: number }>('SELECT toUInt32(_offset) AS offset FROM oca_reports ORDER BY _offset')).map(
      ({ offset }) => offset,
    )
  const audited = async (): Promise<string[]> => {
    const cluster = openCluster(kafka.brokers, 'test')
    try {
      const cut = (await committedOffsets(cluster, config.kafka.group, [TOPIC])).map(
        ({ topic, partition, offset }) => ({
          topic,
          partition,
          start: 0,
          end: Math.max(0, offset),
        }),
      )
      return [...(await runAudit({ store, cut, journals: [], aggregates: [], now: Date.now() })).faults]
    } finally {
      await cluster.close()
    }
  }

  it('a first start on an old log begins where the log does, and the ledger says what was gone already', async () => {
    await produce(10)
    await forget(4)
    await withSink(() => until('six rows', async () => (await landed()).length === 6))
    assert.deepEqual(await landed(), [4, 5, 6, 7, 8, 9])
    assert.deepEqual(
      await store.rows('SELECT toUInt32(first_offset) AS first, toUInt32(last_offset) AS last FROM sink_holes_v1'),
      [{ first: 0, last: 3 }],
    )
    assert.deepEqual(await audited(), [])
  })

  it('a partition that lost records waits, is never skipped, and goes on once somebody accepts the gap', async () => {
    await produce(10)
    await forget(13)
    await withSink((sink) =>
      until('the partition waits', () =>
        sink.stats().partitions.some(({ topic, paused }) => topic === TOPIC && paused === 'KAFKA_OFFSET_OUT_OF_RANGE'),
      ),
    )
    assert.equal((await landed()).at(-1), 9)
    const cluster = openCluster(kafka.brokers, 'test')
    try {
      const gaps = await findGaps(store, cluster, config.kafka.group)
      assert.deepEqual(gaps, [{ topic: TOPIC, partition: 0, first: 10, last: 12 }])
      for (const gap of [...gaps, ...gaps]) await acceptGap(store, cluster, config.kafka.group, gap, systemClock)
    } finally {
      await cluster.close()
    }
    await withSink(() => until('the rest', async () => (await landed()).at(-1) === 19))
    assert.deepEqual(await landed(), [4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 18, 19])
    assert.deepEqual(await audited(), [])
  })
})
