import type { AggregateAudit, Cut } from '../../platform/audit.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import { isTopic, TOPICS } from '../../schemas/topics.ts'
import { auditAggregate, type AggregateReport } from './aggregates.ts'
import { auditJournal, type JournalReport, type JournalSource } from './journals.ts'
import { auditPartition, type PartitionReport } from './offsets.ts'

export interface AuditInput {
  readonly store: Store
  /**
   * Committed ends of all partitions, read after the journals' last ids were acknowledged, the sink had processed them
   * and dead.letters, and touched keys were settled. Later records are left out.
   */
  readonly cut: Cut
  readonly journals: readonly JournalSource[]
  readonly aggregates: readonly AggregateAudit[]
  /**
   * Brings aggregates up to date with what has landed, such as the touched keys' `settled`; called again before a
   * second comparison.
   */
  readonly settle?: () => Promise<void>
  /** Wall clock, ms: decides which rows may have expired. */
  readonly now: number
}

export interface AuditReport {
  readonly ok: boolean
  readonly at: number
  readonly partitions: readonly PartitionReport[]
  readonly journals: readonly JournalReport[]
  readonly aggregates: readonly AggregateReport[]
  /** All faults, one line each; empty = ok. */
  readonly faults: readonly string[]
}

/**
 * The proof (docs/architecture.md, "The audit") at a cut: every offset is a row or a dead letter, once; every
 * acknowledged event exists; every aggregate equals its recomputation; erased and expired rows are in the ledger.
 * Compacted topics land by key and version and are excluded from the offsets check.
 */
export async function runAudit({ store, cut, journals, aggregates, settle, now }: AuditInput): Promise<AuditReport> {
  const partitions: PartitionReport[] = []
  for (const end of cut) {
    const { topic } = end
    if (isTopic(topic) && !TOPICS[topic].compacted) partitions.push(await auditPartition(store, { ...end, topic }, now))
  }
  const journalReports: JournalReport[] = []
  for (const [index, journal] of journals.entries())
    journalReports.push(await auditJournal(store, journal, `audit_ids_${now}_${index}`))
  const aggregateReports: AggregateReport[] = []
  for (const aggregate of aggregates)
    aggregateReports.push(await lookAgain(() => auditAggregate(store, aggregate, cut), settle))
  const faults = [
    ...partitions.flatMap(({ topic, partition, faults }) => faults.map((fault) => `${topic}/${partition}: ${fault}`)),
    ...journalReports.filter(({ missing }) => missing > 0).map(journalFault),
    ...aggregateReports
      .filter(({ equal }) => !equal)
      .map(({ name, differences }) => `${name}: stored and recomputed rows differ: ${differences.join('; ')}`),
  ]
  return {
    ok: faults.length === 0,
    at: now,
    partitions,
    journals: journalReports,
    aggregates: aggregateReports,
    faults,
  }
}

/**
 * In a store that keeps receiving events, one may land between the two sides of a comparison. A second comparison tells
 * this apart from a wrong aggregate, which stays wrong.
 */
async function lookAgain(
  look: () => Promise<AggregateReport>,
  settle: () => Promise<void> = async () => undefined,
): Promise<AggregateReport> {
  let report: AggregateReport
  let looks = 0
  do {
    await settle()
    report = await look()
  } while (!report.equal && ++looks < MAX_LOOKS)
  return report
}

const MAX_LOOKS = 3

const journalFault = ({ producer, topic, missing, acknowledged, examples }: JournalReport): string =>
  `${producer} ${topic}: ${missing} of ${acknowledged} acknowledged events are neither landed nor dead: ${examples.join(', ')}`
