import type { Config } from '../../platform/config.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { committedOffsets, logRanges } from '../../platform/kafka/offsets.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'

/** How far the sink has come. Read from the brokers, because a process that reports it may have been killed. */
export interface SinkPosition {
  /** Records processed since the start of the log, excluding those of dead.letters. */
  readonly committed: number
  readonly deadLetters: number
  /** Records in the log that are not processed yet. */
  readonly ahead: number
}

export async function sinkPosition({ kafka }: Pick<Config, 'kafka'>): Promise<SinkPosition> {
  const cluster = openCluster(kafka.brokers, 'playloop-position')
  try {
    const offsets = new Map(
      (await committedOffsets(cluster, kafka.group, TOPIC_NAMES)).map(({ topic, partition, offset }) => [
        `${topic}/${partition}`,
        Math.max(0, offset),
      ]),
    )
    let [committed, deadLetters, ahead] = [0, 0, 0]
    for (const topic of TOPIC_NAMES) {
      for (const { partition, start, end } of await logRanges(cluster, topic)) {
        const done = offsets.get(`${topic}/${partition}`) ?? 0
        ahead += Math.max(0, end - Math.max(start, done))
        if (topic === 'dead.letters') deadLetters += done
        else committed += done
      }
    }
    return { committed, deadLetters, ahead }
  } finally {
    await cluster.close()
  }
}
