import type { TopicPartition } from '../../platform/kafka/group.ts'

/**
 * Makes other partitions wait for a stalled one. A table stores a limited number of tokens, shared by all partitions of
 * a topic. While one partition cannot finish a batch, the inserts of the others push its token out, and its retry would
 * count twice. After `limitMs` the others therefore wait.
 */
export interface StallGuard {
  /** Drops partitions that this process no longer owns. */
  own(assigned: readonly TopicPartition[]): void
  begin(at: TopicPartition): void
  end(at: TopicPartition): void
  /** The stalled partition that a partition without an open batch must wait for; undefined if there is none. */
  waitsFor(at: TopicPartition): number | undefined
}

export function stallGuard(limitMs: number, now: () => number): StallGuard {
  let open = new Map<string, { readonly at: TopicPartition; readonly since: number }>()
  const key = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`
  return {
    own(assigned) {
      const ours = new Set(assigned.map(key))
      open = new Map([...open].filter(([place]) => ours.has(place)))
    },
    begin(at) {
      if (!open.has(key(at))) open.set(key(at), { at, since: now() }) // a failed batch is still the same batch
    },
    end: (at) => void open.delete(key(at)),
    waitsFor(at) {
      if (open.has(key(at))) return undefined
      return [...open.values()].find((each) => each.at.topic === at.topic && now() - each.since > limitMs)?.at.partition
    },
  }
}
