import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { topicSettings } from '../../platform/kafka/topics.ts'
import type { Cut } from '../../platform/audit.ts'
import { createAdmin } from '../../platform/kafka/admin.ts'
import { openCluster, type Cluster } from '../../platform/kafka/cluster.ts'
import { startLocalKafka, type LocalKafka } from '../../platform/kafka/local/index.ts'
import { committedOffsets, logRanges, type CommittedPartition } from '../../platform/kafka/offsets.ts'
import { silentLogger } from '../../platform/logger.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'

/** A real broker with all topics, in a folder of its own. */
export interface TestBroker {
  readonly kafka: LocalKafka
  readonly brokers: readonly string[]
  /** For data of the test; gone at the end. */
  readonly folder: string
  readonly cluster: Cluster
  committed(group: string): Promise<CommittedPartition[]>
  /** The whole log, as a cut. */
  ends(): Promise<Cut>
  stop(): Promise<void>
}

export async function startTestBroker(): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'playloop-faults-'))
  const kafka = await startLocalKafka({ dataDir: folder, logger: silentLogger })
  const { brokers } = kafka
  const admin = createAdmin(brokers)
  await admin.ensureTopics(topicSettings())
  await admin.close()
  const cluster = openCluster(brokers, 'test')
  return {
    kafka,
    brokers,
    folder,
    cluster,
    committed: (group) => committedOffsets(cluster, group, TOPIC_NAMES),
    async ends() {
      const ranges = await Promise.all(
        TOPIC_NAMES.map(async (topic) => (await logRanges(cluster, topic)).map((range) => ({ topic, ...range }))),
      )
      return ranges.flat()
    },
    async stop() {
      await cluster.close()
      await kafka.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Has the group landed the whole log, with no batch open? */
export async function hasLanded(
  broker: TestBroker,
  group: string,
  topics: readonly string[] = TOPIC_NAMES,
): Promise<boolean> {
  const committed = new Map((await broker.committed(group)).map((each) => [`${each.topic}/${each.partition}`, each]))
  return (await broker.ends())
    .filter(({ topic }) => topics.includes(topic))
    .every(({ topic, partition, end }) => {
      const { offset, metadata } = committed.get(`${topic}/${partition}`)!
      return metadata === '' && (offset === end || (offset === -1 && end === 0))
    })
}
