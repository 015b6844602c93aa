import type { Clock } from '../../platform/clock.ts'
import type { AvroInsert } from '../../platform/clickhouse/port.ts'
import { errorCode, errorMessage } from '../../platform/errors.ts'
import type { PartitionReader } from '../../platform/kafka/fetch.ts'
import type { Epoch, GroupMember, TopicPartition } from '../../platform/kafka/group.ts'
import { isFenced } from '../../platform/kafka/protocol-errors.ts'
import type { Log } from '../../platform/log.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { Batch, BatchLimits } from './batch.ts'
import { insertBudget } from './budget.ts'
import { landPart, type Landing } from './land.ts'
import { deadLetter, readRecord, type Reason } from './letters.ts'
import type { Plans } from './plans.ts'
import type { SinkReport } from './report.ts'
import { PartitionWorker } from './worker.ts'
import type { DeadLetter } from '../../schemas/generated/records.ts'

export interface SinkPorts {
  readonly clock: Clock
  readonly log: Log
  readonly member: GroupMember
  readonly openReader: (at: TopicPartition) => PartitionReader
  readonly insert: (insert: AvroInsert) => Promise<void>
  /** Resolves when the letters are acknowledged, in Kafka or, for letters about letters, in the local table. */
  readonly bury: (at: TopicPartition, letters: readonly DeadLetter[]) => Promise<void>
  readonly plans: (topic: TopicName) => Plans
  readonly report: SinkReport
}

export interface SinkOptions {
  readonly limits: BatchLimits
  readonly insertsPerSecond: number
  readonly sessionTimeoutMs: number
}

/** Several heartbeats a session: one may be lost. */
const HEARTBEATS_A_SESSION = 6
const REJOIN_MS = 500
const PAUSED_RETRY_MS = 5_000

/**
 * The sink: joins the group, runs a worker for each partition of the epoch, joins again when the epoch is over.
 * Resolves when `stop` is aborted and all that was under way is landed and committed.
 */
export async function runSink(ports: SinkPorts, options: SinkOptions, stop: AbortSignal): Promise<void> {
  const budget = insertBudget(options.insertsPerSecond, () => ports.clock.now())
  while (!stop.aborted) {
    try {
      const epoch = await ports.member.join()
      ports.log.info({ generation: epoch.generation, partitions: epoch.assigned.length }, 'epoch begins')
      await runEpoch(ports, options, epoch, budget, stop)
    } catch (error) {
      if (stop.aborted) break
      if (!isFenced(error)) ports.log.warn({ code: errorCode(error), reason: errorMessage(error) }, 'the group cannot be joined; trying again')
      await ports.clock.sleep(REJOIN_MS)
    }
  }
}

async function runEpoch(ports: SinkPorts, options: SinkOptions, epoch: Epoch, budget: { take(): boolean }, stop: AbortSignal): Promise<void> {
  const ending = AbortSignal.any([epoch.signal, stop])
  ports.report.assigned(epoch.assigned)
  const workers = epoch.assigned.map((at) => tend(ports, options, epoch, at, budget, ending))
  const beating = beat(ports, options, epoch, Promise.allSettled(workers))
  await Promise.all(workers)
  await beating
}

/** Heartbeats until the workers have ended: a drain keeps its lease. */
async function beat(ports: SinkPorts, options: SinkOptions, epoch: Epoch, ended: Promise<unknown>): Promise<void> {
  let over = false
  const end = ended.then(() => { over = true })
  while (!over) {
    try {
      await epoch.heartbeat()
    } catch (error) {
      if (!isFenced(error)) ports.log.warn({ reason: errorMessage(error) }, 'heartbeat failed')
    }
    await Promise.race([ports.clock.sleep(options.sessionTimeoutMs / HEARTBEATS_A_SESSION), end])
  }
}

/** Runs a partition's worker; what stops it (an unknown column, a hole in the log) is tried again, never skipped. */
async function tend(ports: SinkPorts, options: SinkOptions, epoch: Epoch, at: TopicPartition, budget: { take(): boolean }, ending: AbortSignal): Promise<void> {
  const reader = ports.openReader(at)
  try {
    while (!ending.aborted) {
      try {
        await workerOf(ports, options, epoch, at, reader, budget, ending).run()
      } catch (error) {
        if (isFenced(error) || ending.aborted) return
        ports.report.paused(at, errorCode(error), errorMessage(error))
        ports.log.error({ ...at, code: errorCode(error), reason: errorMessage(error) }, 'partition waits')
        await ports.clock.sleep(PAUSED_RETRY_MS, ending).catch(() => undefined)
      }
    }
  } finally {
    await reader.close()
  }
}

function workerOf(ports: SinkPorts, options: SinkOptions, epoch: Epoch, at: TopicPartition, reader: PartitionReader, budget: { take(): boolean }, signal: AbortSignal): PartitionWorker {
  const topic = at.topic as TopicName
  const plans = ports.plans(topic)
  const landing: Landing = {
    clock: ports.clock,
    insert: async (insert) => {
      const begun = ports.clock.now()
      await ports.insert(insert)
      ports.report.inserted(at, ports.clock.now() - begun)
    },
    lease: () => freshLease(ports.clock, epoch),
    onRetry: (name, error, tries) => {
      ports.report.retried(at, errorCode(error))
      ports.log.warn({ ...at, start: name.start, end: name.end, tries, reason: errorMessage(error).slice(0, 500) }, 'insert is tried again')
    },
  }
  return new PartitionWorker({
    at, reader, clock: ports.clock, limits: limitsOf(plans, options.limits), maxAgeMs: plans.maxAgeMs, compacted: plans.compacted,
    ownership: { committed: () => epoch.committed(at), commit: (next) => epoch.commit(at, next), signal },
    verdict: (schemaId) => plans.verdict(schemaId),
    learn: (schemaId) => plans.learn(schemaId),
    mayInsert: () => budget.take(),
    land: (batch) => land(ports, landing, plans, at, reader, batch),
    onFetched: (next, end) => ports.report.fetched(at, next, end),
    onCommitted: (offset, batch) => ports.report.committed(at, offset, batch),
    onTrouble: (what, error) => ports.log.warn({ ...at, what, reason: errorMessage(error) }, 'the broker does not answer; trying again'),
  })
}

/** The engine holds a block several times over while it is sorted, written and viewed: its memory follows the cells, not the rows. */
const MOST_CELLS = 2_000_000

const limitsOf = ({ columns }: Plans, limits: BatchLimits): BatchLimits =>
  ({ ...limits, rows: Math.min(limits.rows, Math.floor(MOST_CELLS / columns)) })

/** Parts in order, then the letters: all acknowledged before the offsets are. */
async function land(ports: SinkPorts, landing: Landing, plans: Plans, at: TopicPartition, reader: PartitionReader, batch: Batch): Promise<void> {
  const reasons: Reason[] = batch.refusals.map(({ offset, code, schemaId }) => ({
    offset, code, message: REFUSED[code], step: 'decode', ...(schemaId !== undefined && { schemaId }),
  }))
  for (const [schemaId, rows] of batch.parts) {
    const plan = plans.plan(schemaId)
    const poison = await landPart(landing, plan, { ...at, start: batch.start, end: batch.end, fingerprint: plan.fingerprint }, rows)
    reasons.push(...poison.map(({ offset, message }): Reason => ({ offset, code: 'poison', message, step: 'insert', schemaId })))
  }
  if (reasons.length === 0) return
  const letters: DeadLetter[] = []
  for (const reason of reasons) letters.push(deadLetter(at, reason, await readRecord(reader, reason.offset), ports.clock.now()))
  await ports.bury(at, letters)
  for (const { code } of reasons) ports.report.buried(at, code)
}

const REFUSED: Readonly<Record<Batch['refusals'][number]['code'], string>> = {
  null_value: 'the value is null, and the topic is not compacted',
  value_too_short: 'the value is shorter than the wire header of 5 bytes',
  magic_byte: 'the value does not begin with the magic byte 0 of the wire format',
  schema_unknown: 'neither the registry nor the catalogue knows the schema id',
  schema_of_other_topic: 'the schema belongs to another topic',
  too_large: 'the datum is larger than an insert may be',
}

const LEASE_POLL_MS = 50
/** A statement needs this long to reach the engine and be read there. */
const LEASE_REST_MS = 500

/** The end of a lease that still lasts a while; waits for a heartbeat when it does not, rejects when the epoch is over. */
async function freshLease(clock: Clock, epoch: Epoch): Promise<number> {
  for (;;) {
    if (epoch.signal.aborted && isOver(epoch)) throw epoch.signal.reason
    const end = epoch.leaseEnd()
    if (end > clock.now() + LEASE_REST_MS) return end
    await clock.sleep(LEASE_POLL_MS)
  }
}

const isOver = (epoch: Epoch): boolean => isFenced(epoch.signal.reason)
