import { heartbeatV4, joinGroupV9, leaveGroupV5, offsetCommitV9, offsetFetchV9, syncGroupV5 } from '@platformatic/kafka'
import type { Clock } from '../clock.ts'
import { assignPartitions, encodeSubscription, readAssignment, type TopicPartition } from './assignment.ts'
import type { Cluster } from './cluster.ts'
import { fail, isFencing, kafkaCode } from './protocol-errors.ts'

export type { TopicPartition } from './assignment.ts'

/** Committed state of a partition: the next offset to land, and the intent written with it. */
export interface Committed {
  /** -1 if nothing has been committed yet. */
  readonly offset: number
  readonly metadata: string
}

export interface GroupOptions {
  readonly group: string
  /** Static membership: after a restart the member gets the same partitions without a rebalance. */
  readonly instanceId: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  /** How long a rebalance waits for a member to drain, ms. */
  readonly rebalanceTimeoutMs: number
}

/**
 * One generation of a membership: what this process may do until the generation ends.
 *
 * Classic group protocol: the generation fences commits, the heartbeat gives the lease.
 */
export interface Generation {
  /** Generation id from the coordinator; it fences commits. */
  readonly id: number
  readonly assigned: readonly TopicPartition[]
  /** Wall clock, ms: the broker cannot have assigned the partitions to another member before then. */
  leaseEnd(): number
  /** Aborted when the generation ends or a rebalance begins. */
  readonly signal: AbortSignal
  /** Sends one heartbeat now; aborts the generation if the broker reports that it has ended. */
  heartbeat(): Promise<void>
  committed(at: TopicPartition): Promise<Committed>
  /** Refused with KAFKA_FENCED once a newer generation exists. */
  commit(at: TopicPartition, next: Committed): Promise<void>
}

export interface GroupMember {
  /**
   * Joins (again) and returns the new generation. Throws KAFKA_INSTANCE_TAKEN if a later process uses the same instance
   * id.
   */
  join(): Promise<Generation>
  leave(): Promise<void>
}

/** Margin for clock differences between sink and engine, and for the time until the engine has read a statement. */
const LEASE_MARGIN_MS = 1_000
const PROTOCOL = 'playloop-even'
const MEMBER_ID_REQUIRED = 79
const FENCED_INSTANCE = 82

export function openGroup(cluster: Cluster, options: GroupOptions, clock: Clock): GroupMember {
  let memberId = ''
  const { group, instanceId } = options

  const joinOnce = async (): Promise<Generation> => {
    const connection = await cluster.coordinator(group)
    const metadata = encodeSubscription(options.topics)
    // The lease counts from before the request: the broker's own timer cannot have started earlier.
    let renewed = clock.now()
    const joined = await joinGroupV9.api.async(
      connection,
      group,
      options.sessionTimeoutMs,
      options.rebalanceTimeoutMs,
      memberId,
      instanceId,
      'consumer',
      [{ name: PROTOCOL, metadata }],
      '',
    )
    memberId = joined.memberId
    const assignment = joined.leader === memberId ? await assignPartitions(cluster, joined.members) : undefined
    renewed = clock.now()
    const synced = await syncGroupV5.api.async(
      connection,
      group,
      joined.generationId,
      memberId,
      instanceId,
      'consumer',
      PROTOCOL,
      joined.skipAssignment ? [] : [...(assignment?.assignments ?? [])],
    )
    const { assigned, assignment: current } = readAssignment(synced.assignment)
    // A leader that rejoins under its instance id gets its old assignment, even if it now wants other topics or a topic
    // has more partitions; joining a second time makes the broker assign again (KIP-814).
    if (assignment !== undefined && joined.skipAssignment && !assignment.digest.equals(current)) return joinOnce()
    return generationOf(joined.generationId, assigned, renewed)
  }

  const generationOf = (id: number, assigned: readonly TopicPartition[], joinedAt: number): Generation => {
    const over = new AbortController()
    let renewed = joinedAt
    const fenced = (error: unknown): unknown => {
      const code = kafkaCode(error)
      if (!isFencing(code)) {
        cluster.forget()
        return error
      }
      const reason = fail('KAFKA_FENCED', { group, generation: id, kafkaCode: code }, error)
      over.abort(reason)
      if (code === 25) memberId = '' // UNKNOWN_MEMBER_ID: the broker forgot this member, join as a new one
      return reason
    }
    return {
      id,
      assigned,
      leaseEnd: () => renewed + options.sessionTimeoutMs - LEASE_MARGIN_MS,
      signal: over.signal,
      async heartbeat() {
        const sent = clock.now()
        try {
          await heartbeatV4.api.async(await cluster.coordinator(group), group, id, memberId, instanceId)
          renewed = sent
        } catch (error) {
          throw fenced(error)
        }
      },
      async committed({ topic, partition }) {
        const answer = await offsetFetchV9.api
          .async(
            await cluster.coordinator(group),
            [
              {
                groupId: group,
                memberId,
                memberEpoch: id,
                topics: [{ name: topic, partitionIndexes: [partition] }],
              },
            ],
            true,
          )
          .catch((error: unknown) => {
            throw fenced(error)
          })
        const found = answer.groups[0]?.topics[0]?.partitions[0]
        return { offset: Number(found?.committedOffset ?? -1n), metadata: found?.metadata ?? '' }
      },
      async commit({ topic, partition }, next) {
        const partitions = [
          {
            partitionIndex: partition,
            committedOffset: BigInt(next.offset),
            committedLeaderEpoch: -1,
            committedMetadata: next.metadata,
          },
        ]
        await offsetCommitV9.api
          .async(await cluster.coordinator(group), group, id, memberId, instanceId, [{ name: topic, partitions }])
          .catch((error: unknown) => {
            throw fenced(error)
          })
      },
    }
  }

  return {
    async join() {
      for (;;) {
        try {
          return await joinOnce()
        } catch (error) {
          const code = kafkaCode(error)
          // A retry would get the same answer: the latest process with this instance id is the member now.
          if (code === FENCED_INSTANCE) throw fail('KAFKA_INSTANCE_TAKEN', { group, instanceId }, error)
          if (code === MEMBER_ID_REQUIRED || code === 25) memberId = memberIdOf(error)
          else if (!isFencing(code)) {
            cluster.forget()
            throw error
          }
        }
      }
    },
    async leave() {
      if (memberId === '') return
      const connection = await cluster.coordinator(group)
      const leaving = [{ memberId, groupInstanceId: instanceId, reason: 'drained' }]
      memberId = ''
      await leaveGroupV5.api.async(connection, group, leaving).catch((error: unknown) => {
        if (!isFencing(kafkaCode(error))) throw error // the broker has already removed this member
      })
    },
  }
}

/** The member id that the broker expects in the next join; '' to get a new one. */
function memberIdOf(error: unknown): string {
  const { response } = error as { response?: { memberId?: string } }
  return response?.memberId ?? ''
}
