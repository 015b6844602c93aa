import { openSchemas } from '../../platform/avro/registry.ts'
import { openStore } from '../../platform/clickhouse/index.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { committedOffsets, logRanges } from '../../platform/kafka/offsets.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import type { RoleContext } from '../../platform/role.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import { startSink, type RunningSink } from '../../streams/sink/main.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'
import { allMigrations } from '../migrations.ts'
import { audit, startApi, type RunningApi } from '../rooms.ts'
import { ensureTopics } from '../topics.ts'
import type { Role, StartedRole } from './role.ts'

/** The sink and what it stands on; `close` ends all of it in order. */
interface OpenSink {
  readonly sink: RunningSink
  readonly close: () => Promise<void>
}

export async function openSink(ctx: RoleContext, store: Store): Promise<OpenSink> {
  const { config, log } = ctx
  await ensureTopics(config, 'sink')
  const cluster = openCluster(config.kafka.brokers, 'playloop-boot')
  await prepareTables(store, cluster, config.sink.group, allMigrations).finally(() => cluster.close())
  const schemas = await openSchemas(config.registryUrl, log)
  const producer = createProducer(config.kafka.brokers, { clientId: 'playloop-sink' })
  const sink = startSink(ctx, { store, producer, schemas })
  const close = async (): Promise<void> => {
    await sink.stop()
    await producer.close()
    await schemas.close()
  }
  return { sink, close }
}

/** The embedded engine allows one process a data folder: sink and API share it. */
export const role: Role = {
  summary: 'sink and API in one process, as the embedded engine wants it',
  flags: {},
  async start(ctx) {
    const store = await openStore(ctx.config, ctx.log)
    const { sink, close } = await openSink(ctx, store)
    const api = await startApi(ctx, { store, sink })
    return together(ctx, store, sink, api, close)
  },
}

function together(ctx: RoleContext, store: Store, sink: RunningSink, api: RunningApi, closeSink: () => Promise<void>): StartedRole {
  return {
    info: { url: api.url },
    done: Promise.race([sink.done, api.done]),
    stats: () => ({ ...sinkStats(sink), ...(api.visible === undefined ? {} : { event_to_visible_ms: { ...api.visible() } }) }),
    answers: { audit: () => audit(ctx, { store }), lag: () => recordsAhead(ctx) },
    async stop() {
      await api.stop()
      await closeSink()
      await store.close()
    },
  }
}

export function sinkStats(sink: RunningSink): { rows: number; dead_letters: number; lag: number } {
  const { rows, deadLetters, lagTotal } = sink.stats()
  return { rows, dead_letters: deadLetters, lag: lagTotal }
}

/** Records in the log that the sink has not committed, asked of the brokers themselves. */
async function recordsAhead({ config }: RoleContext): Promise<number> {
  const cluster = openCluster(config.kafka.brokers, 'playloop-lag')
  try {
    const committed = new Map((await committedOffsets(cluster, config.sink.group, TOPIC_NAMES)).map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]))
    const ahead = await Promise.all(TOPIC_NAMES.map(async (topic) => (await logRanges(cluster, topic))
      .reduce((sum, { partition, start, end }) => sum + Math.max(0, end - Math.max(start, committed.get(`${topic}/${partition}`) ?? 0)), 0)))
    return ahead.reduce((sum, each) => sum + each, 0)
  } finally {
    await cluster.close()
  }
}
