import type { Config } from '../config.ts'
import { retry } from '../retry.ts'
import { createAdmin } from './admin.ts'
import type { TopicSettings } from './port.ts'
import { ensureReachable } from './reach.ts'
import { TOPIC_NAMES, TOPICS, type Topic } from '../../schemas/topics.ts'
import { fail } from '../cli/errors.ts'

/** The topics of schemas/topics.ts with Kafka's setting names. */
export const topicSettings = (): TopicSettings[] => TOPIC_NAMES.map((name) => settings(TOPICS[name]))

function settings({ name, partitions, retentionMs, compacted }: Topic): TopicSettings {
  return {
    name,
    partitions,
    configs: {
      // Uses the broker's clock: a client's clock can neither delay retention nor cause records to be refused.
      'message.timestamp.type': 'LogAppendTime',
      'cleanup.policy': compacted ? 'compact' : 'delete',
      'retention.ms': String(compacted ? -1 : retentionMs),
    },
  }
}

/** A local broker that was just killed listens again within this time, ms. */
const RESTART_MS = 10_000

/** Creates the topics that are missing. Every role calls it at its start, since any role may start first. */
export async function ensureTopics(config: Config, role: string): Promise<void> {
  if (config.kafka.brokers.length === 0)
    throw fail('CLI_NEEDS', {
      role,
      what: 'Kafka brokers',
      next: 'set KAFKA_BROKERS, or let `playloop start` run a local broker',
    })
  await retry(() => ensureReachable(config.kafka.brokers), { backoff: { firstMs: 100, maxMs: 400 }, forMs: RESTART_MS })
  const admin = createAdmin(config.kafka.brokers)
  try {
    await admin.ensureTopics(topicSettings())
  } finally {
    await admin.close()
  }
}
