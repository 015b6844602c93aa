import type { Query, Store } from '../../platform/clickhouse/port.ts'
import type { Clock } from '../../platform/clock.ts'
import { openCluster, type Cluster } from '../../platform/kafka/cluster.ts'
import { committedOffsets, logRanges, moveCommitted } from '../../platform/kafka/offsets.ts'
import type { RoleContext } from '../../platform/role.ts'
import { landingTable, TOPIC_NAMES, type TopicName } from '../../schemas/topics.ts'

/**
 * Offsets that were deleted from the log before they were landed, so their data is lost. Only an operator can skip a
 * gap.
 */
export interface Gap {
  readonly topic: TopicName
  readonly partition: number
  /** First and last lost offset, inclusive. */
  readonly first: number
  readonly last: number
}

/**
 * Finds partitions whose log starts after the committed offset. Rows that an open intent has already landed are not
 * part of a gap.
 */
export async function findGaps(store: Store, cluster: Cluster, group: string): Promise<Gap[]> {
  const committed = new Map(
    (await committedOffsets(cluster, group, TOPIC_NAMES)).map(({ topic, partition, offset }) => [
      `${topic}/${partition}`,
      offset,
    ]),
  )
  const gaps: Gap[] = []
  for (const topic of TOPIC_NAMES) {
    for (const { partition, start } of await logRanges(cluster, topic)) {
      const offset = committed.get(`${topic}/${partition}`) ?? -1
      if (offset < 0 || offset >= start) continue
      const [row] = await store.rows<{ next: number }>(nextLanded(topic, partition))
      gaps.push({ topic, partition, first: Math.max(offset, row?.next ?? 0), last: start - 1 })
    }
  }
  return gaps
}

/**
 * Writes the gap to the ledger, then commits the offset at which the log starts. The order matters: a crash between the
 * two steps reports the gap twice (the token deduplicates it) and never loses it. The group must have no members.
 */
export async function acceptGap(store: Store, cluster: Cluster, group: string, gap: Gap, clock: Clock): Promise<void> {
  if (gap.first <= gap.last) await store.exec(gapRow(gap, clock.now()))
  await moveCommitted(cluster, group, gap, gap.last + 1, clock)
}

/** Prints every gap and accepts it if requested; resolves with the number of gaps. */
export async function showGaps(
  { config, clock }: RoleContext,
  store: Store,
  { accept, print }: { readonly accept: boolean; readonly print: (line: string) => void },
): Promise<number> {
  const cluster = openCluster(config.kafka.brokers, 'playloop-gaps')
  try {
    const gaps = await findGaps(store, cluster, config.kafka.group)
    for (const gap of gaps) {
      if (accept) await acceptGap(store, cluster, config.kafka.group, gap, clock)
      const range = `${gap.topic}/${gap.partition}: offsets ${gap.first} to ${gap.last}`
      print(`${range} are gone${accept ? ', accepted' : ''}`)
    }
    if (gaps.length === 0) print('no gaps: the log still holds everything that is not landed')
    return gaps.length
  } finally {
    await cluster.close()
  }
}

export function gapRow({ topic, partition, first, last }: Gap, now: number): Query {
  return {
    sql: `INSERT INTO sink_holes_v1 (topic, partition, first_offset, last_offset, noticed_time)
SETTINGS async_insert = 0, insert_deduplication_token = 'gap-${topic}-${partition}-${first}-${last}'
SELECT {topic:String}, {partition:Int32}, {first:Int64}, {last:Int64}, fromUnixTimestamp64Milli({now:Int64})`,
    params: { topic, partition, first, last, now },
  }
}

/** The offset after the last one that was landed. */
const nextLanded = (topic: TopicName, partition: number): Query => ({
  sql: `SELECT toFloat64(if(count() = 0, 0, max(_offset) + 1)) AS next FROM ${landingTable(topic)} WHERE _partition = {partition:Int32}`,
  params: { partition },
})
