import { migrate, type Migration } from '../../platform/clickhouse/migrate.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import type { Cluster } from '../../platform/kafka/cluster.ts'
import { committedOffsets, type CommittedPartition } from '../../platform/kafka/offsets.ts'
import { dedupWindow } from '../../schemas/landing.ts'
import { landingTable, TOPIC_NAMES } from '../../schemas/topics.ts'
import { fail } from './errors.ts'
import { appliedMigrations, dedupWindows, viewTargets } from './queries.ts'

/**
 * Makes the tables what this version wants, and refuses where that would break a replay:
 * a batch whose intent is open must meet the tables and views it was begun with, or it would count twice.
 */
export async function prepareTables(store: Store, cluster: Cluster, group: string, migrations: readonly Migration[]): Promise<readonly string[]> {
  const applied = new Set((await store.rows<{ id: string }>(appliedMigrations(await hasLedger(store)))).map(({ id }) => id))
  const missing = migrations.filter(({ id }) => !applied.has(id))
  if (missing.length > 0 && applied.size > 0) await refuseOpenIntents(cluster, group, missing)
  const done = await migrate(store, migrations)
  await checkWindows(store)
  return done
}

async function hasLedger(store: Store): Promise<boolean> {
  const [row] = await store.rows<{ there: number }>("SELECT toUInt32(count()) AS there FROM system.tables WHERE database = currentDatabase() AND name = 'migrations'")
  return (row?.there ?? 0) > 0
}

async function refuseOpenIntents(cluster: Cluster, group: string, missing: readonly Migration[]): Promise<void> {
  const open = (await committedOffsets(cluster, group, TOPIC_NAMES)).filter(({ metadata }) => metadata !== '')
  if (open.length === 0) return
  throw fail('SINK_DDL_OPEN_INTENT', { migrations: missing.map(({ id }) => id).join(', '), partitions: open.map(place).join(', ') })
}

const place = ({ topic, partition }: CommittedPartition): string => `${topic}/${partition}`

/** Every landing table and every target of a view on one must remember enough tokens. */
async function checkWindows(store: Store): Promise<void> {
  const windows = new Map((await store.rows<{ name: string; window: number }>(dedupWindows())).map(({ name, window }) => [name, window]))
  const targets = await store.rows<{ source: string; target: string }>(viewTargets())
  for (const topic of TOPIC_NAMES) {
    const source = landingTable(topic)
    const needed = dedupWindow(topic)
    for (const table of [source, ...targets.filter((each) => each.source === source).map(({ target }) => target)]) {
      const window = windows.get(table) ?? 0
      if (window < needed) throw fail('SINK_WINDOW_SMALL', { table, window, needed })
    }
  }
}
