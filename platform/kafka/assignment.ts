import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
} from '@platformatic/kafka'
import { sha256 } from '../hash.ts'
import type { Cluster } from './cluster.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** Assignment of partitions to the members of a group, computed by its leader. */
export interface Assignment {
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
  /**
   * Equal for the same partitions and members. Every member's share carries it, so that a leader that rejoins
   * recognises an outdated assignment.
   */
  readonly digest: Buffer
}

export type Members = readonly {
  readonly memberId: string
  readonly groupInstanceId?: string | null | undefined
  readonly metadata: Buffer
}[]

const VERSION = 0

export const encodeSubscription = (topics: readonly string[]): Buffer =>
  encodeConsumerProtocolSubscription({ version: VERSION, topics: [...topics], userData: Buffer.alloc(0) })

/** Assigns all partitions of all topics that any member wants. */
export async function assignPartitions(cluster: Pick<Cluster, 'partitions'>, members: Members): Promise<Assignment> {
  const topics = [...new Set(members.flatMap(({ metadata }) => decodeConsumerProtocolSubscription(metadata).topics))]
  const counts = await cluster.partitions(topics)
  const all = topics
    .toSorted()
    .flatMap((topic) => Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })))
  const named = members.map(({ memberId, groupInstanceId }) => ({ id: memberId, order: groupInstanceId ?? memberId }))
  const shares = share(all, named)
  const digest = sha256(JSON.stringify([all, named.map(({ order }) => order).toSorted()]))
  return {
    digest,
    assignments: members.map(({ memberId }) => ({ memberId, assignment: encode(shares.get(memberId) ?? [], digest) })),
  }
}

const encode = (own: readonly TopicPartition[], userData: Buffer): Buffer =>
  encodeConsumerProtocolAssignment({
    version: VERSION,
    userData,
    assignedPartitions: [...Map.groupBy(own, ({ topic }) => topic)].map(([topic, places]) => ({
      topic,
      partitions: places.map(({ partition }) => partition),
    })),
  })

/** Decodes a member's share and the digest of its assignment; both are empty before the first assignment. */
export function readAssignment(bytes: Buffer): {
  readonly assigned: readonly TopicPartition[]
  readonly assignment: Buffer
} {
  const { assignedPartitions, userData } = decodeConsumerProtocolAssignment(bytes)
  return {
    assigned: assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    ),
    assignment: userData ?? Buffer.alloc(0),
  }
}

/** Assigns partitions round-robin, ordered by instance id, so that the same members get the same partitions again. */
export function share(
  all: readonly TopicPartition[],
  members: readonly { readonly id: string; readonly order: string }[],
): Map<string, TopicPartition[]> {
  const sorted = members.toSorted((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
  const shares = new Map(sorted.map(({ id }): [string, TopicPartition[]] => [id, []]))
  all.forEach((at, index) => {
    const member = sorted[index % sorted.length]
    if (member !== undefined) shares.get(member.id)?.push(at)
  })
  return shares
}
