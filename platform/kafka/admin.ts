import { Admin } from '@platformatic/kafka'
import { errorMessage } from '../errors.ts'
import { retry, type RetryPolicy } from '../retry.ts'
import { fail } from './errors.ts'
import type { LogAdmin, PartitionRange, TopicSettings } from './port.ts'
import { kafkaCode } from './protocol-errors.ts'

const EARLIEST = -2n
const LATEST = -1n
const ALREADY_EXISTS = 36
const REPLICATION = -1 // the broker's default
// A restarted broker answers within 5 s.
const POLICY: RetryPolicy = { backoff: { firstMs: 100, maxMs: 400 }, forMs: 15_000 }
// Unknown topic, no leader, not the leader, timed out, not the controller.
const TRANSIENT = new Set([3, 5, 6, 7, 41])

/** Administration through brokers; retries while they are unreachable. */
export function createAdmin(brokers: readonly string[]): LogAdmin {
  const admin = new Admin({
    clientId: 'playloop-admin',
    bootstrapBrokers: [...brokers],
    retries: 0,
    timeout: 5_000,
    connectTimeout: 1_000,
    metadataMaxAge: 0,
  })
  admin.on('error', () => undefined)

  return {
    async ensureTopics(specs) {
      const there = await existing(admin)
      // Existing topics are left unchanged: more partitions would move keys, and a resend would land in a different
      // partition from its first copy.
      for (const spec of specs) if (!there.has(spec.name)) await create(admin, spec)
      await ask('see the new topics', async () => {
        const known = await partitionCounts(
          admin,
          specs.map(({ name }) => name),
        )
        if ([...known.values()].some((count) => count === 0)) throw new Error('not all topics have leaders yet')
      })
    },
    async offsets(topic) {
      return ask(`list the offsets of ${topic}`, () => ranges(admin, topic), topic)
    },
    close: () => admin.close(),
  }
}

const existing = (admin: Admin): Promise<Set<string>> =>
  ask('list topics', async () => new Set(await admin.listTopics()))

function create(admin: Admin, { name, partitions, configs }: TopicSettings): Promise<void> {
  const settings = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  return ask(`create topic ${name}`, async () => {
    try {
      await admin.createTopics({ topics: [name], partitions, replicas: REPLICATION, configs: settings })
    } catch (error) {
      // Another process created the topic first, or the answer to an earlier attempt was lost.
      if (kafkaCode(error) !== ALREADY_EXISTS) throw error
    }
  })
}

async function partitionCounts(admin: Admin, topics: string[]): Promise<Map<string, number>> {
  const { topics: known } = await admin.metadata({ topics, forceUpdate: true })
  return new Map(
    topics.map((topic) => {
      const partitions = known.get(topic)?.partitions ?? []
      return [topic, partitions.every(({ leader }) => leader >= 0) ? partitions.length : 0]
    }),
  )
}

async function ranges(admin: Admin, topic: string): Promise<PartitionRange[]> {
  const count = (await partitionCounts(admin, [topic])).get(topic) ?? 0
  const indexes = Array.from({ length: count }, (_, index) => index)
  const list = async (timestamp: bigint): Promise<Map<number, number>> => {
    const [listed] = await admin.listOffsets({
      topics: [{ name: topic, partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
    })
    return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]))
  }
  const [starts, ends] = [await list(EARLIEST), await list(LATEST)]
  return indexes.map((partition) => ({ partition, start: starts.get(partition) ?? 0, end: ends.get(partition) ?? 0 }))
}

/**
 * Retries network faults and elections, which are temporary; errors that the broker returns are final. A topic that was
 * just created may be unknown for a moment; `mustExist` names a topic for which that is an error.
 */
async function ask<T>(what: string, run: () => Promise<T>, mustExist?: string): Promise<T> {
  const isMissing = (error: unknown): boolean => mustExist !== undefined && isUnknownTopic(error)
  const retryable = (error: unknown): boolean => !isMissing(error) && mayPass(kafkaCode(error))
  try {
    return await retry(run, { ...POLICY, retryable })
  } catch (error) {
    if (isMissing(error)) throw fail('KAFKA_TOPIC_UNKNOWN', { topic: mustExist! }, error)
    throw fail('KAFKA_ADMIN_FAILED', { what, reason: errorMessage(error) }, error)
  }
}

const mayPass = (code: number): boolean => code === 0 || TRANSIENT.has(code)

/** The client library replaces Kafka's code 3 by a sentence. */
const isUnknownTopic = (error: unknown): boolean => /^Unknown topic /.test(errorMessage(error))
