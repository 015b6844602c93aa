import type { Config } from '../../../platform/config.ts'
import { openCluster } from '../../../platform/kafka/cluster.ts'
import { committedOffsets } from '../../../platform/kafka/offsets.ts'
import type { TopicName } from '../../../schemas/topics.ts'
import type { LandedEnds } from './job.ts'

const TELEMETRY: readonly TopicName[] = ['playback.telemetry']

/** How far telemetry and its views have landed: the sink's committed offset of each partition. */
export function openLandedEnds({ kafka }: Pick<Config, 'kafka'>): {
  readonly ends: LandedEnds
  close(): Promise<void>
} {
  const cluster = openCluster(kafka.brokers, 'playloop-sessions')
  return {
    ends: async () =>
      (await committedOffsets(cluster, kafka.group, TELEMETRY)).map(({ partition, offset }) => ({
        partition,
        offset: Math.max(0, offset),
      })),
    close: () => cluster.close(),
  }
}
