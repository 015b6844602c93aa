import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { openPartitionReader } from '../../platform/kafka/fetch.ts'
import { openGroup } from '../../platform/kafka/group.ts'
import type { LogProducer } from '../../platform/kafka/port.ts'
import type { RoleContext, RunningRole } from '../../platform/role.ts'
import type { DeadLetter } from '../../schemas/generated/records.ts'
import { TOPIC_NAMES, type TopicName } from '../../schemas/topics.ts'
import { openPlans, type TableColumns } from './plans.ts'
import type { IdReuse } from '../touched/index.ts'
import { deadLetterReused } from './identity.ts'
import { createReport, type SinkStats } from './report.ts'
import { gapRow } from './gaps.ts'
import { insertDeadLetters, columnsOf } from './queries.ts'
import { SINK } from './settings.ts'
import { runSink, type SinkPorts } from './sink.ts'

export interface SinkDependencies {
  readonly store: Store
  readonly producer: LogProducer
  readonly schemas: SchemaSource
  /** Topics to land; all by default. */
  readonly topics?: readonly TopicName[]
  /** Lets a fault test wrap the sink's ports. */
  readonly wrap?: (ports: SinkPorts) => SinkPorts
}

export interface RunningSink extends RunningRole {
  stats(): SinkStats
  /**
   * Creates dead letters for landed records whose event id was already used by an earlier record; resolves when they
   * are acknowledged. The first record stays.
   */
  deadLetterReused(topic: TopicName, reused: readonly IdReuse[]): Promise<void>
  /** Subscribes to acknowledged inserts; returns the unsubscribe function. */
  onLanded(listener: (topic: TopicName) => void): () => void
}

/** Less than the 10 s after which orchestrators kill a process. */
const DRAIN_MS = 8_000

/** Starts the sink. The tables must exist: see migrations.ts and boot.ts. */
export function startSink(ctx: RoleContext, deps: SinkDependencies): RunningSink {
  const { config, clock, logger, metrics } = ctx
  const { instanceId, sessionTimeoutMs, batchRows, batchBytes, insertsPerSecond } = config.of(SINK)
  const topics = deps.topics ?? TOPIC_NAMES
  const cluster = openCluster(config.kafka.brokers, instanceId)
  const member = openGroup(
    cluster,
    { group: config.kafka.group, instanceId, topics, sessionTimeoutMs, rebalanceTimeoutMs: sessionTimeoutMs },
    clock,
  )
  const report = createReport(metrics)
  const tableColumns: TableColumns = async (table) =>
    new Map(
      (await deps.store.rows<{ name: string; type: string }>(columnsOf(table))).map(({ name, type }) => [name, type]),
    )
  const plans = new Map(topics.map((topic) => [topic, openPlans(topic, deps.schemas, tableColumns)]))
  const letters = openCodec('dead.letters', deps.schemas)
  const deadLetter: SinkPorts['deadLetter'] = async (at, deadLetters) => {
    if (at.topic === 'dead.letters') await insertDeadLetters(deps.store, deadLetters)
    else
      await deps.producer.send(
        'dead.letters',
        deadLetters.map((letter: DeadLetter) => ({
          key: Buffer.from(letter.source_topic),
          value: letters.encode(letter),
        })),
      )
  }
  const ports: SinkPorts = {
    clock,
    logger,
    member,
    report,
    deadLetter,
    gap: ({ topic, partition }, first, last) =>
      deps.store.exec(gapRow({ topic: topic as TopicName, partition, first, last }, clock.now())),
    openReader: ({ topic, partition }) => openPartitionReader(cluster, topic, partition),
    insert: (insert) => deps.store.insertAvro(insert),
    plans: (topic) => plans.get(topic) ?? openPlans(topic, deps.schemas, tableColumns),
  }
  const stop = new AbortController()
  const done = runSink(
    deps.wrap?.(ports) ?? ports,
    { limits: { rows: batchRows, bytes: batchBytes }, insertsPerSecond, sessionTimeoutMs },
    stop.signal,
  ).finally(() => cluster.close())
  return {
    done,
    stats: () => report.stats(),
    onLanded: (listener) => report.onLanded(listener),
    deadLetterReused: (topic, reused) => deadLetterReused(ports, topic, reused),
    async stop() {
      stop.abort(new Error('the sink is told to stop'))
      // A hanging engine does not block the shutdown: the batch's intent stays open, and the next start lands it.
      const drained = new AbortController()
      const late = clock.sleep(DRAIN_MS, drained.signal).then(
        () => logger.warn({ ms: DRAIN_MS }, 'the sink could not drain; what is open is landed at the next start'),
        () => undefined,
      )
      await Promise.race([done.catch(() => undefined), late])
      drained.abort(new Error('drained'))
    },
  }
}
