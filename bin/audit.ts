import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Cut } from '../platform/audit.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import { openCluster, type Cluster } from '../platform/kafka/cluster.ts'
import { committedOffsets, logRanges } from '../platform/kafka/offsets.ts'
import type { RoleContext } from '../platform/role.ts'
import { journalPath, journalTopics, readJournal } from '../producers/client/index.ts'
import { TOPIC_NAMES, type TopicName } from '../schemas/topics.ts'
import { runAudit, type AuditReport, type JournalSource } from '../streams/audit/index.ts'
import {
  audits as experiments,
  domains as ofExperiments,
  outcomeAudits,
  settleOutcomes,
} from '../streams/experiments/index.ts'
import { audits as popularity, domains as ofPopularity } from '../streams/popularity/index.ts'
import { audits as qoe, settleSessions, type LandedEnd } from '../streams/qoe/index.ts'
import { settle } from '../streams/touched/index.ts'

/** Every domain of touched keys. */
export const allDomains = [...ofPopularity, ...ofExperiments]
const allAudits = [...qoe, ...popularity, ...experiments]

/** The proof, at what is committed now. */
export async function audit({ config, clock }: RoleContext, store: Store): Promise<AuditReport> {
  const journals = await journalsOf(path.join(config.dataDir, 'journal'))
  const cluster = openCluster(config.kafka.brokers, 'playloop-audit')
  try {
    const settleAll = async (): Promise<void> => {
      for (const domain of allDomains) await settle(store, domain)
      await settleSessions(store, () => telemetryEnds(cluster, config.sink.group))
      await settleOutcomes(store)
    }
    await settleAll()
    return await runAudit({
      store,
      cut: await committedCut(cluster, config.sink.group),
      journals,
      aggregates: [...allAudits, ...(await outcomeAudits(store))],
      settle: settleAll,
      now: clock.now(),
    })
  } finally {
    await cluster.close()
  }
}

const TELEMETRY: TopicName = 'playback.telemetry'

/** How far the sink has dealt with telemetry: every record before has landed, with its views. */
export async function telemetryEnds(cluster: Cluster, group: string): Promise<LandedEnd[]> {
  return (await committedOffsets(cluster, group, [TELEMETRY])).map(({ partition, offset }) => ({
    partition,
    offset: Math.max(0, offset),
  }))
}

/** What the sink has dealt with, partition by partition. */
async function committedCut(cluster: Cluster, group: string): Promise<Cut> {
  const committed = await committedOffsets(cluster, group, TOPIC_NAMES)
  return committed.map(({ topic, partition, offset }) => ({ topic, partition, start: 0, end: Math.max(0, offset) }))
}

/** How far the sink has come, asked of the brokers themselves: no figure of a process that may have been killed. */
export interface SinkPosition {
  /** Records dealt with since the log began, but for those of dead.letters. */
  readonly committed: number
  readonly deadLetters: number
  /** Records in the log and not dealt with. */
  readonly ahead: number
}

export async function sinkPosition({ config }: RoleContext): Promise<SinkPosition> {
  const cluster = openCluster(config.kafka.brokers, 'playloop-position')
  try {
    const offsets = new Map(
      (await committedOffsets(cluster, config.sink.group, TOPIC_NAMES)).map(({ topic, partition, offset }) => [
        `${topic}/${partition}`,
        Math.max(0, offset),
      ]),
    )
    let [committed, deadLetters, ahead] = [0, 0, 0]
    for (const topic of TOPIC_NAMES) {
      for (const { partition, start, end } of await logRanges(cluster, topic)) {
        const done = offsets.get(`${topic}/${partition}`) ?? 0
        ahead += Math.max(0, end - Math.max(start, done))
        if (topic === 'dead.letters') deadLetters += done
        else committed += done
      }
    }
    return { committed, deadLetters, ahead }
  } finally {
    await cluster.close()
  }
}

/** `<data>/journal/PRODUCER/TOPIC.ids`: what each client on this machine knows to be acknowledged. */
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
