import { listOffsetsV9, offsetCommitV9, offsetFetchV9 } from '@platformatic/kafka'
import { systemClock, type Clock } from '../clock.ts'
import { retry, type RetryPolicy } from '../retry.ts'
import type { Cluster } from './cluster.ts'
import type { PartitionRange } from './port.ts'
import { isStale, kafkaCode } from './protocol-errors.ts'

/** A group's committed offset of a partition, read from outside the group. */
export interface CommittedPartition {
  readonly topic: string
  readonly partition: number
  /** -1 if nothing has been committed yet. */
  readonly offset: number
  /** '' if no intent is open. */
  readonly metadata: string
}

export async function committedOffsets(
  cluster: Cluster,
  group: string,
  topics: readonly string[],
  clock: Clock = systemClock,
): Promise<CommittedPartition[]> {
  const counts = await cluster.partitions(topics)
  const asked = topics.map((name) => ({
    name,
    partitionIndexes: Array.from({ length: counts.get(name) ?? 0 }, (_, i) => i),
  }))
  const answer = await retry(
    async () =>
      offsetFetchV9.api.async(
        await cluster.coordinator(group),
        [{ groupId: group, memberId: null, memberEpoch: -1, topics: asked }],
        true,
      ),
    LOADING,
    { clock, onRetry: () => cluster.forget() },
  )
  return (answer.groups[0]?.topics ?? []).flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset, metadata }) => ({
      topic: name,
      partition: partitionIndex,
      offset: Number(committedOffset),
      metadata: metadata ?? '',
    })),
  )
}

/** A coordinator that has just started is still loading its groups: retry for some seconds. */
const LOADING: RetryPolicy = {
  backoff: { firstMs: 200, maxMs: 400 },
  forMs: 10_000,
  retryable: (error) => isStale(kafkaCode(error)),
}
const EARLIEST = -2n
const LATEST = -1n

/** First and next offset of every partition of a topic. */
export async function logRanges(cluster: Cluster, topic: string): Promise<PartitionRange[]> {
  const count = (await cluster.partitions([topic])).get(topic) ?? 0
  return Promise.all(
    Array.from({ length: count }, async (_, partition) => ({
      partition,
      ...(await offsetRange(cluster, topic, partition)),
    })),
  )
}

/** First offset of a partition that still exists, and the next offset to be written. */
export async function offsetRange(
  cluster: Cluster,
  topic: string,
  partition: number,
): Promise<{ start: number; end: number }> {
  return {
    start: await offsetAt(cluster, topic, partition, EARLIEST),
    end: await offsetAt(cluster, topic, partition, LATEST),
  }
}

async function offsetAt(cluster: Cluster, topic: string, partition: number, timestamp: bigint): Promise<number> {
  const answer = await listOffsetsV9.api.async(await cluster.leader(topic, partition, 'offsets'), -1, 0, [
    { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }] },
  ])
  return Number(answer.topics[0]?.partitions[0]?.offset ?? -1n)
}

const NO_MEMBER = { generation: -1, memberId: '' }
const UNKNOWN_MEMBER = 25

/**
 * Sets a group's committed offset manually. Refused while the group has members. A sink that has just stopped remains a
 * member until its session ends, so this waits for that.
 */
export async function moveCommitted(
  cluster: Cluster,
  group: string,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  offset: number,
  clock: Clock = systemClock,
): Promise<void> {
  const partitions = [
    { partitionIndex: partition, committedOffset: BigInt(offset), committedLeaderEpoch: -1, committedMetadata: '' },
  ]
  await retry(
    async () =>
      offsetCommitV9.api.async(
        await cluster.coordinator(group),
        group,
        NO_MEMBER.generation,
        NO_MEMBER.memberId,
        null,
        [{ name: topic, partitions }],
      ),
    HAS_MEMBERS,
    { clock },
  )
}

/** Longer than a sink's session. */
const HAS_MEMBERS: RetryPolicy = {
  backoff: { firstMs: 500, maxMs: 1_000 },
  forMs: 25_000,
  retryable: (error) => kafkaCode(error) === UNKNOWN_MEMBER || isStale(kafkaCode(error)),
}
