import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Admin } from '@platformatic/kafka'
import { Kafka, logLevel, type Message } from 'kafkajs'
import { allMigrations } from '../../bin/composition.ts'
import { openCatalogue, type SchemaSource } from '../../platform/avro/catalogue.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { readConfig } from '../../platform/config.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import type { LogProducer } from '../../platform/kafka/port.ts'
import { openLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import { startSink, type RunningSink, type SinkDependencies } from '../../streams/sink/main.ts'
import { hasLanded, startTestBroker, type TestBroker } from './broker.ts'
import { until } from './processes.ts'

export interface SinkSettings extends Partial<Pick<SinkDependencies, 'schemas' | 'wrap'>> {
  readonly group: string
  readonly topics: readonly TopicName[]
  readonly batchRows?: number
  /** Its own name in the group; one and the same by default, so that a second start takes over at once. */
  readonly instanceId?: string
}

/** A broker, the engine and sinks of one test file, all in its process: an engine's folder belongs to one process. */
export interface StoreBench {
  readonly broker: TestBroker
  readonly store: Store
  /** Sends as the collector does. */
  readonly producer: LogProducer
  /** Sends anything, as a foreign producer may. */
  foreign(topic: TopicName, messages: readonly Message[], gzip?: boolean): Promise<void>
  /** Deletes the records of partition 0 below an offset. */
  deleteRecords(topic: TopicName, below: number): Promise<void>
  sink(settings: SinkSettings): RunningSink
  /** Resolves when the group has landed all of the topics. */
  landed(settings: SinkSettings, withinMs?: number): Promise<void>
  /** The numbers of a SELECT's first row. */
  row(sql: string): Promise<Readonly<Record<string, number>>>
  stop(): Promise<void>
}

export async function openStoreBench(): Promise<StoreBench> {
  const broker = await startTestBroker()
  const dataDir = join(broker.folder, 'store')
  mkdirSync(dataDir)
  const store = await openEmbedded({ dataDir, database: 'playloop' })
  await prepareTables(store, broker.cluster, 'none', allMigrations)
  const producer = createProducer(broker.brokers)
  const foreign = new Kafka({
    brokers: [...broker.brokers],
    clientId: 'foreign',
    logLevel: logLevel.NOTHING,
  }).producer()
  await foreign.connect()
  const logger = openLogger('sink', process.env['SINK_LOG'] ?? 'silent')
  return {
    broker,
    store,
    producer,
    async foreign(topic, messages, gzip = false) {
      await foreign.send({ topic, messages: [...messages], acks: -1, compression: gzip ? 1 : 0 })
    },
    async deleteRecords(topic, below) {
      const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...broker.brokers] })
      await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: BigInt(below) }] }] })
      await admin.close()
    },
    sink({ group, topics, batchRows = 50_000, instanceId = `${group}-1`, schemas = openCatalogue(), wrap }) {
      const config = readConfig({
        KAFKA_BROKERS: broker.brokers.join(','),
        PLAYLOOP_SINK_GROUP: group,
        PLAYLOOP_SINK_INSTANCE: instanceId,
        PLAYLOOP_SINK_SESSION_TIMEOUT: '6000',
        PLAYLOOP_SINK_BATCH_ROWS: String(batchRows),
        PLAYLOOP_SINK_INSERTS: '100',
      })
      return startSink(
        { config, clock: systemClock, logger, metrics: openMetrics() },
        { store, producer, schemas, topics, ...(wrap !== undefined && { wrap }) },
      )
    },
    landed: ({ group, topics }, withinMs) =>
      until(`${topics.join(', ')} landed`, () => hasLanded(broker, group, topics), withinMs),
    async row(sql) {
      const [row = {}] = await store.rows<Record<string, string | number>>(sql)
      return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]))
    },
    async stop() {
      await Promise.all([foreign.disconnect(), producer.close()])
      await store.close()
      await broker.stop()
    },
  }
}

/** A catalogue that also knows the given schemas, and counts what it is asked. */
export function countingSchemas(
  more: SchemaSource['byId'] = async () => undefined,
): SchemaSource & { asked(id: number): number } {
  const asked: number[] = []
  const catalogue = openCatalogue()
  return {
    ...catalogue,
    async byId(id) {
      asked.push(id)
      return (await more(id)) ?? catalogue.byId(id)
    },
    asked: (id) => asked.filter((each) => each === id).length,
  }
}
