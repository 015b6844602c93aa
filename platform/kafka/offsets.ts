import { listOffsetsV9, offsetFetchV9 } from '@platformatic/kafka'
import type { Cluster } from './cluster.ts'
import type { PartitionRange } from './port.ts'

/** What a group has committed of a partition, read from outside the group. */
export interface CommittedPartition {
  readonly topic: string
  readonly partition: number
  /** -1 when nothing was ever committed. */
  readonly offset: number
  /** '' when no intent is open. */
  readonly metadata: string
}

export async function committedOffsets(cluster: Cluster, group: string, topics: readonly string[]): Promise<CommittedPartition[]> {
  const counts = await cluster.partitions(topics)
  const asked = topics.map((name) => ({ name, partitionIndexes: Array.from({ length: counts.get(name) ?? 0 }, (_, i) => i) }))
  const answer = await offsetFetchV9.api.async(await cluster.coordinator(group), [{ groupId: group, memberId: null, memberEpoch: -1, topics: asked }], true)
  return (answer.groups[0]?.topics ?? []).flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset, metadata }) => ({ topic: name, partition: partitionIndex, offset: Number(committedOffset), metadata: metadata ?? '' })))
}

const EARLIEST = -2n
const LATEST = -1n

/** First and next offset of every partition of a topic. */
export async function logRanges(cluster: Cluster, topic: string): Promise<PartitionRange[]> {
  const count = (await cluster.partitions([topic])).get(topic) ?? 0
  return Promise.all(Array.from({ length: count }, async (_, partition) => ({
    partition,
    start: await offsetAt(cluster, topic, partition, EARLIEST),
    end: await offsetAt(cluster, topic, partition, LATEST),
  })))
}

async function offsetAt(cluster: Cluster, topic: string, partition: number, timestamp: bigint): Promise<number> {
  const answer = await listOffsetsV9.api.async(await cluster.leader(topic, partition, 'offsets'), -1, 0, [
    { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }] },
  ])
  return Number(answer.topics[0]?.partitions[0]?.offset ?? -1n)
}
