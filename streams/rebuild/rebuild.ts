import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import type { Cluster } from '../../platform/kafka/cluster.ts'
import { openPartitionReader, type PartitionReader } from '../../platform/kafka/fetch.ts'
import type { PartContext } from '../../platform/module.ts'
import { landingTable, TOPICS, type TopicName } from '../../schemas/topics.ts'
import { committedCut, missingRuns, type Place, type Run } from '../audit/index.ts'
import { openRelanding, type Relanding } from '../sink/index.ts'
import { fillViews } from './derived.ts'
import { mendLedger } from './ledger.ts'
import { openStaging } from './staging.ts'

export interface RebuiltPartition {
  readonly partition: number
  /** Offsets below the cut that were accounted for nowhere. */
  readonly missing: number
  /** Rows that came back. */
  readonly rows: number
  /** Records that no table can hold, and whose dead letters are missing. */
  readonly dead: number
  /** Offsets that the log no longer holds, first ones. */
  readonly gone: readonly Run[]
  /** Whether the ledger was written anew. */
  readonly ledger: boolean
}

export interface RebuildDependencies {
  readonly cluster: Cluster
  readonly schemas: SchemaSource
}

export type RebuildContext = Omit<PartContext, 'services' | 'signals'>

/**
 * Brings the rows of a landing table back that the log still holds, with everything that is derived from them.
 *
 * The order makes a kill harmless at any point: rows are gathered aside, then join the table whole; what is derived is
 * filled from all rows of the table, whether they came back just now or in a run before; the ledger comes last. Each
 * step finds by itself what is left to do, so the same command again goes on.
 *
 * Places at and past the committed offsets are the sink's: it may run meanwhile.
 */
export async function rebuildTable(
  ctx: RebuildContext,
  topic: TopicName,
  { cluster, schemas }: RebuildDependencies,
): Promise<readonly RebuiltPartition[]> {
  const { config, clock, store, modules } = ctx
  const places = (await committedCut(cluster, config.kafka.group)).flatMap((end): Place[] =>
    end.topic === topic ? [{ ...end, topic }] : [],
  )
  const staging = await openStaging(store, topic)
  const relanding = openRelanding({ store, schemas, clock, topic, table: staging.table })
  const found = []
  for (const place of places) found.push(await gather(ctx, cluster, relanding, place))
  await staging.join()
  await staging.drop()
  await fillViews(store, landingTable(topic))
  for (const module of modules) await module.rebuild?.(ctx, topic)
  const rebuilt: RebuiltPartition[] = []
  for (const [index, place] of places.entries())
    rebuilt.push({ ...found[index]!, ledger: await mendLedger(store, place, clock.now()) })
  return rebuilt
}

/** Everything but the ledger, which is looked at once the rows are back. */
type Gathered = Omit<RebuiltPartition, 'ledger'>

async function gather(
  { store, clock }: RebuildContext,
  cluster: Cluster,
  relanding: Relanding,
  place: Place,
): Promise<Gathered> {
  const reader = openPartitionReader(cluster, place.topic, place.partition)
  try {
    return await gatherFrom(reader, relanding, place, missingRuns(store, place, clock.now()))
  } finally {
    await reader.close()
  }
}

async function gatherFrom(
  reader: PartitionReader,
  relanding: Relanding,
  place: Place,
  runs: AsyncIterable<Run>,
): Promise<Gathered> {
  const { start } = await reader.range()
  let [missing, rows, dead] = [0, 0, 0]
  const gone: Run[] = []
  for await (const { first, last } of runs) {
    missing += last - first + 1
    if (first < start) gone.push({ first, last: Math.min(last, start - 1) })
    if (last < start) continue
    const landed = await relanding.land(place, reader, Math.max(first, start), last)
    rows += landed.rows
    dead += landed.dead
  }
  const { partition, topic } = place
  // Deleted and replaced records of a compacted topic are missing by design.
  return TOPICS[topic].compacted
    ? { partition, missing: rows + dead, rows, dead, gone: [] }
    : { partition, missing, rows, dead, gone }
}
