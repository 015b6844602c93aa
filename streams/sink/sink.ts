import type { Clock } from '../../platform/clock.ts'
import type { AvroInsert } from '../../platform/clickhouse/port.ts'
import { errorCode, errorMessage } from '../../platform/errors.ts'
import type { PartitionReader } from '../../platform/kafka/fetch.ts'
import type { Generation, GroupMember, TopicPartition } from '../../platform/kafka/group.ts'
import { isFenced } from '../../platform/kafka/protocol-errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { backoffMs, jitter, type Backoff } from '../../platform/retry.ts'
import { LONGEST_STALL_S } from '../../schemas/landing.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { Batch, BatchLimits } from './batch.ts'
import { insertBudget, type Budget } from './budget.ts'
import { fail } from './errors.ts'
import { landPart, type Landing } from './land.ts'
import { freshLease } from './lease.ts'
import { deadLettersOf, type Reason } from './dead-letters.ts'
import type { Plans } from './plans.ts'
import type { SinkReport } from './report.ts'
import { stallGuard, type StallGuard } from './stall.ts'
import { PartitionWorker } from './worker.ts'
import type { DeadLetter } from '../../schemas/generated/records.ts'

export interface SinkPorts {
  readonly clock: Clock
  readonly logger: Logger
  readonly member: GroupMember
  readonly openReader: (at: TopicPartition) => PartitionReader
  readonly insert: (insert: AvroInsert) => Promise<void>
  /**
   * Resolves when the dead letters are acknowledged: in Kafka, or in the local table for dead letters about dead
   * letters.
   */
  readonly deadLetter: (at: TopicPartition, letters: readonly DeadLetter[]) => Promise<void>
  /** Resolves when the gap is in the ledger. */
  readonly gap: (at: TopicPartition, first: number, last: number) => Promise<void>
  readonly plans: (topic: TopicName) => Plans
  readonly report: SinkReport
}

export interface SinkOptions {
  readonly limits: BatchLimits
  readonly insertsPerSecond: number
  readonly sessionTimeoutMs: number
}

/** Several heartbeats per session timeout, so one may be lost. */
const HEARTBEATS_A_SESSION = 6
const REJOIN: Backoff = { firstMs: 500, maxMs: 2_000 }
const PAUSE: Backoff = { firstMs: 500, maxMs: 5_000 }
const STALL_POLL_MS = 1_000
/** Consecutive failures of an insert after which an operator should look at it. */
const ALARM_TRIES = 3

/**
 * The sink: joins the group, runs one worker per assigned partition and rejoins when the generation is over. Resolves
 * when `stop` is aborted and all batches in progress are landed and committed; rejects with KAFKA_INSTANCE_TAKEN if
 * another process uses the same instance name.
 */
export async function runSink(ports: SinkPorts, options: SinkOptions, stop: AbortSignal): Promise<void> {
  const now = (): number => ports.clock.now()
  const shared: Shared = {
    budget: insertBudget(options.insertsPerSecond, now),
    guard: stallGuard(LONGEST_STALL_S * 1_000, now),
  }
  for (let failures = 0; !stop.aborted;) {
    try {
      const generation = await unless(stop, ports.member.join())
      failures = 0
      ports.logger.info({ generation: generation.id, partitions: generation.assigned.length }, 'generation begins')
      await runGeneration(ports, options, generation, shared, stop)
    } catch (error) {
      if (stop.aborted) break
      if (errorCode(error) === 'KAFKA_INSTANCE_TAKEN') throw error
      if (!isFenced(error))
        ports.logger.warn(
          { code: errorCode(error), reason: errorMessage(error) },
          'the group cannot be joined; trying again',
        )
      await ports.clock.sleep(backoffMs(REJOIN, ++failures, jitter))
    }
  }
}

/** State shared by all partitions of this process. */
interface Shared {
  readonly budget: Budget
  readonly guard: StallGuard
}

/** Stops waiting when `stop` is aborted. A join waits for the other members, which may be frozen; a stop must not. */
async function unless<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
  let leave = (): void => undefined
  const stopped = new Promise<never>((_, reject) => {
    leave = () => reject(stop.reason as Error)
    stop.addEventListener('abort', leave, { once: true })
  })
  try {
    return await Promise.race([work, stopped])
  } finally {
    stop.removeEventListener('abort', leave)
    work.catch(() => undefined)
  }
}

async function runGeneration(
  ports: SinkPorts,
  options: SinkOptions,
  generation: Generation,
  shared: Shared,
  stop: AbortSignal,
): Promise<void> {
  const ending = AbortSignal.any([generation.signal, stop])
  ports.report.assigned(generation.assigned)
  shared.guard.own(generation.assigned)
  const workers = generation.assigned.map((at) => tend(ports, options, generation, at, shared, ending))
  const beating = beat(ports, options, generation, Promise.allSettled(workers))
  await Promise.all(workers)
  await beating
}

/** Sends heartbeats until the workers have ended, so a drain keeps its lease. */
async function beat(
  ports: SinkPorts,
  options: SinkOptions,
  generation: Generation,
  ended: Promise<unknown>,
): Promise<void> {
  const over = new AbortController()
  void ended.then(() => over.abort(new Error('all workers have ended')))
  while (!over.signal.aborted) {
    try {
      await generation.heartbeat()
    } catch (error) {
      if (!isFenced(error)) ports.logger.warn({ reason: errorMessage(error) }, 'heartbeat failed')
    }
    await ports.clock.sleep(options.sessionTimeoutMs / HEARTBEATS_A_SESSION, over.signal).catch(() => undefined)
  }
}

/** Runs a partition's worker. A cause that stops it (an unknown column, a gap in the log) is retried, never skipped. */
async function tend(
  ports: SinkPorts,
  options: SinkOptions,
  generation: Generation,
  at: TopicPartition,
  shared: Shared,
  ending: AbortSignal,
): Promise<void> {
  const reader = ports.openReader(at)
  let failures = 0
  try {
    while (!ending.aborted) {
      try {
        await workerOf(ports, options, generation, at, reader, shared, ending, () => {
          failures = 0
        }).run()
      } catch (error) {
        if (isFenced(error) || ending.aborted) return
        ports.report.paused(at, errorCode(error), errorMessage(error))
        ports.logger.error({ ...at, code: errorCode(error), reason: errorMessage(error) }, 'partition waits')
        await ports.clock.sleep(backoffMs(PAUSE, ++failures, jitter), ending).catch(() => undefined)
      }
    }
  } finally {
    await reader.close()
  }
}

function workerOf(
  ports: SinkPorts,
  options: SinkOptions,
  generation: Generation,
  at: TopicPartition,
  reader: PartitionReader,
  { budget, guard }: Shared,
  signal: AbortSignal,
  onProgress: () => void,
): PartitionWorker {
  const topic = at.topic as TopicName
  const plans = ports.plans(topic)
  const landing: Landing = {
    clock: ports.clock,
    insert: async (insert) => {
      const begun = ports.clock.now()
      await ports.insert(insert)
      ports.report.inserted(at, ports.clock.now() - begun)
    },
    signal,
    lease: () => freshLease(ports.clock, generation, signal),
    onRetry: (name, error, tries) => {
      ports.report.retried(at, errorCode(error))
      if (tries >= ALARM_TRIES) ports.report.paused(at, errorCode(error), errorMessage(error))
      ports.logger.warn(
        { ...at, start: name.start, end: name.end, tries, reason: errorMessage(error).slice(0, 500) },
        'insert is tried again',
      )
    },
  }
  return new PartitionWorker({
    at,
    reader,
    clock: ports.clock,
    limits: limitsOf(plans, options.limits),
    maxAgeMs: plans.maxAgeMs,
    busyAgeMs: plans.busyAgeMs,
    compacted: plans.compacted,
    ownership: { committed: () => generation.committed(at), commit: (next) => generation.commit(at, next), signal },
    verdict: (schemaId) => plans.verdict(schemaId),
    learn: (schemaId) => plans.learn(schemaId),
    mayInsert: () => budget.take(),
    land: async (batch) => {
      await untilTableFlows(ports, guard, at, signal)
      guard.begin(at)
      await land(ports, landing, plans, at, reader, batch)
      guard.end(at)
    },
    onGap: (first, last) => ports.gap(at, first, last),
    onBegun: (offset) => ports.report.begun(at, offset),
    onFetched: (next, end) => ports.report.fetched(at, next, end),
    onCommitted: (offset, batch) => {
      onProgress()
      ports.report.committed(at, offset, batch)
    },
    onTrouble: (what, error) =>
      ports.logger.warn({ ...at, what, reason: errorMessage(error) }, 'the broker does not answer; trying again'),
  })
}

async function untilTableFlows(
  ports: SinkPorts,
  guard: StallGuard,
  at: TopicPartition,
  signal: AbortSignal,
): Promise<void> {
  for (let stuck = guard.waitsFor(at); stuck !== undefined; stuck = guard.waitsFor(at)) {
    const reason = fail('SINK_TABLE_STALLED', { ...at, stuck, seconds: LONGEST_STALL_S })
    ports.report.paused(at, reason.code, reason.message)
    await ports.clock.sleep(STALL_POLL_MS, signal)
  }
}

/**
 * The engine holds several copies of a block while it sorts, writes and runs the views: its memory use follows the
 * number of cells, not of rows.
 */
const MAX_CELLS = 2_000_000

const limitsOf = ({ columns }: Plans, limits: BatchLimits): BatchLimits => ({
  ...limits,
  rows: Math.min(limits.rows, Math.floor(MAX_CELLS / columns)),
})

/** Lands the parts in order, then the dead letters: all are acknowledged before the offsets are committed. */
async function land(
  ports: SinkPorts,
  landing: Landing,
  plans: Plans,
  at: TopicPartition,
  reader: PartitionReader,
  batch: Batch,
): Promise<void> {
  const reasons: Reason[] = batch.refusals.map(({ offset, code, schemaId }) => ({
    offset,
    code,
    message: REFUSED[code],
    step: 'decode',
    ...(schemaId !== undefined && { schemaId }),
  }))
  for (const [schemaId, rows] of batch.parts) {
    const plan = plans.plan(schemaId)
    const poison = await landPart(
      landing,
      plan,
      { ...at, start: batch.start, end: batch.end, fingerprint: plan.fingerprint },
      rows,
    )
    reasons.push(
      ...poison.map(({ offset, message }): Reason => ({ offset, code: 'poison', message, step: 'insert', schemaId })),
    )
  }
  if (reasons.length === 0) return
  reasons.sort((a, b) => a.offset - b.offset)
  for await (const letters of deadLettersOf(at, reader, reasons, () => ports.clock.now())) {
    await ports.deadLetter(at, letters)
    for (const { error_code } of letters) ports.report.deadLettered(at, error_code)
  }
}

const REFUSED: Readonly<Record<Batch['refusals'][number]['code'], string>> = {
  null_value: 'the value is null, and the topic is not compacted',
  value_too_short: 'the value is shorter than the wire header of 5 bytes',
  magic_byte: 'the value does not begin with the magic byte 0 of the wire format',
  schema_unknown: 'neither the registry nor the catalogue knows the schema id',
  schema_of_other_topic: 'the schema belongs to another topic',
  too_large: 'the datum is larger than an insert may be',
}
