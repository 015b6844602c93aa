import type { Config } from '../config.ts'
import { createAdmin } from './admin.ts'
import type { TopicSettings } from './port.ts'
import { TOPIC_NAMES, TOPICS, type Topic } from '../../schemas/topics.ts'
import { fail } from '../cli/errors.ts'

/** The topics as schemas/topics.ts states them, in Kafka's words. */
export const topicSettings = (): TopicSettings[] => TOPIC_NAMES.map((name) => settings(TOPICS[name]))

function settings({ name, partitions, retentionMs, compacted }: Topic): TopicSettings {
  return {
    name,
    partitions,
    configs: {
      // The broker's clock: a client's can neither delay retention nor have records refused.
      'message.timestamp.type': 'LogAppendTime',
      'cleanup.policy': compacted ? 'compact' : 'delete',
      'retention.ms': String(compacted ? -1 : retentionMs),
    },
  }
}

/** Makes the topics that are missing; every role does so at its start, whoever is first. */
export async function ensureTopics(config: Config, role: string): Promise<void> {
  if (config.kafka.brokers.length === 0)
    throw fail('CLI_NEEDS', {
      role,
      what: 'Kafka brokers',
      next: 'set KAFKA_BROKERS, or let `playloop start` run a local broker',
    })
  const admin = createAdmin(config.kafka.brokers)
  try {
    await admin.ensureTopics(topicSettings())
  } finally {
    await admin.close()
  }
}
