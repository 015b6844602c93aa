import { openSchemas } from '../../platform/avro/registry.ts'
import type { Migration } from '../../platform/clickhouse/migrate.ts'
import type { Clock } from '../../platform/clock.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import { ensureTopics } from '../../platform/kafka/topics.ts'
import type { PartContext, RunningPart } from '../../platform/module.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'
import { REPORT_ID_REUSE } from '../touched/index.ts'
import { prepareTables } from './boot.ts'
import { startSink } from './main.ts'
import { sinkPosition } from './position.ts'
import { SINK_REPORT } from './report.ts'

/** Runs the sink in this process. The first process to start creates the topics and tables. */
export async function startSinkPart(ctx: PartContext): Promise<RunningPart> {
  const { config, logger, clock, store, services, signals } = ctx
  await ensureTopics(config, 'sink')
  const cluster = openCluster(config.kafka.brokers, 'playloop-boot')
  const migrations: readonly Migration[] = ctx.modules.flatMap((module) => module.migrations ?? [])
  await prepareTables(store, cluster, config.kafka.group, migrations).finally(() => cluster.close())
  const schemas = await openSchemas(config.registryUrl, logger)
  const producer = createProducer(config.kafka.brokers, { clientId: 'playloop-sink' })
  const sink = startSink(ctx, { store, producer, schemas })
  const landed = new Map(TOPIC_NAMES.map((topic) => [topic, signals.source(`landed:${topic}`)]))
  sink.onLanded((topic) => landed.get(topic)!())
  services.provide(SINK_REPORT, sink)
  services.provide(REPORT_ID_REUSE, (topic, reuses) => sink.deadLetterReused(topic, reuses))
  return {
    done: sink.done,
    stats() {
      const { rows, deadLetters, lagTotal } = sink.stats()
      return { rows, dead_letters: deadLetters, lag: lagTotal }
    },
    answers: { position: async () => ({ ...(await sinkPosition(config)) }) },
    ready: () => sink.stats().partitions.every(({ paused }) => paused === ''),
    caughtUp: () => caughtUp(clock, async () => (await sinkPosition(config)).ahead),
    async stop() {
      await sink.stop()
      await producer.close()
      await schemas.close()
    },
  }
}

/** Limit for catching up during a stop. */
const CATCH_UP_MS = 8_000

async function caughtUp(clock: Clock, ahead: () => Promise<number>): Promise<void> {
  const end = clock.now() + CATCH_UP_MS
  while ((await ahead().catch(() => 0)) > 0 && clock.now() < end) await clock.sleep(200)
}
