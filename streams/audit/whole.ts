import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Cut } from '../../platform/audit.ts'
import { journalPath, journalTopics, readJournal } from '../../platform/journal/journal.ts'
import { openCluster, type Cluster } from '../../platform/kafka/cluster.ts'
import { committedOffsets } from '../../platform/kafka/offsets.ts'
import type { PartContext } from '../../platform/module.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'
import { runAudit, type AuditReport } from './audit.ts'
import type { JournalSource } from './journals.ts'

/** Runs the audit over all modules at the current committed offsets. */
export async function auditAll(ctx: Omit<PartContext, 'services' | 'signals'>): Promise<AuditReport> {
  const { config, clock, store, modules } = ctx
  const journals = await journalsOf(path.join(config.dataDir, 'journal'))
  const cluster = openCluster(config.kafka.brokers, 'playloop-audit')
  const settle = async (): Promise<void> => {
    for (const module of modules) await module.settle?.(ctx)
  }
  try {
    await settle()
    const cut = await committedCut(cluster, config.kafka.group)
    const aggregates = await Promise.all(modules.map(async ({ audits }) => (await audits?.(store)) ?? []))
    return await runAudit({ store, cut, journals, aggregates: aggregates.flat(), settle, now: clock.now() })
  } finally {
    await cluster.close()
  }
}

/** The sink's committed offset of each partition. */
export async function committedCut(cluster: Cluster, group: string): Promise<Cut> {
  const committed = await committedOffsets(cluster, group, TOPIC_NAMES)
  return committed.map(({ topic, partition, offset }) => ({ topic, partition, start: 0, end: Math.max(0, offset) }))
}

/** `<data>/journal/PRODUCER/TOPIC.ids`: the ids that each client on this machine knows to be acknowledged. */
async function journalsOf(folder: string): Promise<JournalSource[]> {
  const producers = readdirSync(folder, { withFileTypes: true, recursive: false })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  const sources = await Promise.all(
    producers.map(async (producer) => {
      const own = path.join(folder, producer)
      return [...(await journalTopics(own)).keys()].map((topic) => ({
        producer,
        topic,
        ids: () => readJournal(journalPath(own, topic)),
      }))
    }),
  )
  return sources.flat()
}

export interface AuditSummary {
  readonly [field: string]: boolean | number | readonly string[]
  readonly ok: boolean
  readonly offsets: number
  readonly acknowledged: number
  readonly aggregates: number
  readonly faults: readonly string[]
}

/** The part of the report that a run's summary shows; `playloop audit` shows all of it. */
export function summaryOf({ ok, partitions, journals, aggregates, faults }: AuditReport): AuditSummary {
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
  return {
    ok,
    faults: faults.slice(0, 20),
    aggregates: aggregates.length,
    offsets: sum(partitions.map(({ start, end }) => end - start)),
    acknowledged: sum(journals.map(({ acknowledged }) => acknowledged)),
  }
}
