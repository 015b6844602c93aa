import { migrate, type Migration } from '../../platform/clickhouse/migrate.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import type { Cluster } from '../../platform/kafka/cluster.ts'
import { committedOffsets, type CommittedPartition } from '../../platform/kafka/offsets.ts'
import { dedupWindow, LONGEST_STALL_S } from '../../schemas/landing.ts'
import { landingTable, TOPIC_NAMES, TOPICS } from '../../schemas/topics.ts'
import { fail } from './errors.ts'
import { appliedMigrations, dedupWindows, landedPartitions, tableExists, viewTargets, widen } from './queries.ts'

/**
 * Brings the tables to this version's schema. Refuses a change that would break a replay: a batch with an open intent
 * must be inserted into the same tables and views that it started with, or it would count twice.
 */
export async function prepareTables(
  store: Store,
  cluster: Cluster,
  group: string,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const applied = new Set(
    (await store.rows<{ id: string }>(appliedMigrations(await exists(store, 'migrations')))).map(({ id }) => id),
  )
  const missing = migrations.filter(({ id }) => !applied.has(id))
  const committed = await committedOffsets(cluster, group, TOPIC_NAMES)
  if (missing.length > 0 && applied.size > 0) refuseOpenIntents(committed, missing)
  const done = await migrate(store, migrations)
  await widenWindows(store, cluster)
  await refuseLostOffsets(store, group, () => committedOffsets(cluster, group, TOPIC_NAMES))
  return done
}

async function exists(store: Store, table: string): Promise<boolean> {
  const [row] = await store.rows<{ there: number }>(tableExists(table))
  return (row?.there ?? 0) > 0
}

function refuseOpenIntents(committed: readonly CommittedPartition[], missing: readonly Migration[]): void {
  const open = committed.filter(({ metadata }) => metadata !== '')
  if (open.length === 0) return
  throw fail('SINK_DDL_OPEN_INTENT', {
    migrations: missing.map(({ id }) => id).join(', '),
    partitions: open.map(place).join(', '),
  })
}

const place = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`

/**
 * Refuses to start if rows have landed but the group has no committed offset. The first intent is committed before the
 * first row lands, so this means another group, expired offsets or another broker's data. Landing from the start of the
 * log would then count rows twice, or drop new rows because of old tokens. Rows are read before the offsets, because
 * another sink of the group may be landing the very first rows.
 */
async function refuseLostOffsets(
  store: Store,
  group: string,
  committed: () => Promise<readonly CommittedPartition[]>,
): Promise<void> {
  const landed = new Set((await store.rows<{ topic: string; partition: number }>(landedPartitions())).map(place))
  const lost = (await committed()).filter((each) => each.offset < 0 && landed.has(place(each)))
  if (lost.length > 0) throw fail('SINK_OFFSETS_LOST', { group, places: lost.map(place).join(', ') })
}

/**
 * Widens the deduplication window of every landing table, and of every table that is written along with it, to match
 * the number of partitions. Widening keeps all stored tokens.
 */
async function widenWindows(store: Store, cluster: Cluster): Promise<void> {
  const known = async (): Promise<Map<string, number>> =>
    new Map(
      (await store.rows<{ name: string; window: number }>(dedupWindows())).map(({ name, window }) => [name, window]),
    )
  let windows = await known()
  const views = await store.rows<{ source: string; target: string }>(viewTargets())
  const partitions = await cluster.partitions(TOPIC_NAMES)
  for (const topic of TOPIC_NAMES) {
    const needed = dedupWindow(topic, LONGEST_STALL_S, partitions.get(topic) ?? TOPICS[topic].partitions)
    for (const table of writtenWith(landingTable(topic), views)) {
      if ((windows.get(table) ?? 0) >= needed) continue
      await store.exec(widen(table, needed))
      windows = await known()
      const window = windows.get(table) ?? 0
      if (window < needed) throw fail('SINK_WINDOW_SMALL', { table, window, needed })
    }
  }
}

/** A table, the targets of its views, the targets of their views, and so on. */
function writtenWith(
  table: string,
  views: readonly { readonly source: string; readonly target: string }[],
): Set<string> {
  const tables = new Set([table])
  for (const each of tables) for (const { source, target } of views) if (source === each) tables.add(target)
  return tables
}
