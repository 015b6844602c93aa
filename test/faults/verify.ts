import type { Cut } from '../../platform/audit.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { runAudit, type JournalSource } from '../../streams/audit/index.ts'
import { settleSessions } from '../../streams/qoe/index.ts'
import { settle } from '../../streams/touched/index.ts'
import { allDomains } from '../../bin/composition.ts'
import { allAudits } from './modules.ts'

/** What became of every record of the log. */
export interface Account {
  readonly produced: number
  readonly landed: number
  readonly dead: number
  /** In the log, neither landed nor dead. */
  readonly lost: number
  /** Rows past the first of a place, places both landed and dead, and ledger rows past the landed ones. */
  readonly twice: number
  /** Aggregates compared with their recomputation, with the number of stored rows each. */
  readonly aggregates: Readonly<Record<string, number>>
  /** What the audit says beside that. */
  readonly faults: readonly string[]
}

/** Counts every place of the log below the cut, and recomputes every aggregate from raw. */
export async function verify(store: Store, cut: Cut, journals: readonly JournalSource[]): Promise<Account> {
  const ends = cut
    .filter(({ topic }) => topic === 'playback.telemetry')
    .map(({ partition, end }) => ({ partition, offset: end }))
  const settleAll = async (): Promise<void> => {
    for (const domain of allDomains) await settle(store, domain)
    await settleSessions(store, () => Promise.resolve(ends))
  }
  const audit = await runAudit({
    store,
    cut,
    journals,
    aggregates: allAudits,
    settle: settleAll,
    now: systemClock.now(),
  })
  const places: Places[] = []
  for (const end of cut) places.push(await countPlaces(store, end.topic as TopicName, end.partition, end.end))
  const sum = (of: (place: Places) => number): number => places.reduce((total, place) => total + of(place), 0)
  return {
    produced: cut.reduce((total, { end }) => total + end, 0),
    landed: sum(({ places: landed }) => landed),
    dead: sum(({ dead }) => dead),
    lost: sum(({ end, places: landed, dead, both }) => end - landed - dead + both),
    twice: sum(({ rows, places: landed, both, ledger }) => rows - landed + both + Math.abs(ledger - landed)),
    aggregates: Object.fromEntries(audit.aggregates.map(({ name, rows }) => [name, rows])),
    faults: audit.faults,
  }
}

interface Places {
  readonly end: number
  readonly rows: number
  readonly places: number
  readonly dead: number
  readonly both: number
  readonly ledger: number
}

async function countPlaces(store: Store, topic: TopicName, partition: number, end: number): Promise<Places> {
  const params = { topic, partition }
  const dead =
    topic === 'dead.letters'
      ? 'SELECT offset FROM dead_letters_local_v1 WHERE partition = {partition:Int32}'
      : 'SELECT source_offset FROM dead_letters WHERE source_topic = {topic:String} AND source_partition = {partition:Int32}'
  const [row] = await store.rows<Omit<Places, 'end'>>({
    sql: `SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(_offset)) AS places, toUInt32(countIf(_offset IN (${dead}))) AS both,
      (SELECT toUInt32(uniqExact(*)) FROM (${dead})) AS dead,
      (SELECT toUInt32(sum(l.rows)) FROM sink_ledger_v1 AS l WHERE topic = {topic:String} AND partition = {partition:Int32}) AS ledger
      FROM ${landingTable(topic)} WHERE _partition = {partition:Int32}`,
    params,
  })
  return { end, ...row! }
}
