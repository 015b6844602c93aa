import { startApi, type RunningApi } from '../../api/server.ts'
import { openSchemas } from '../../platform/avro/registry.ts'
import { openStore } from '../../platform/clickhouse/index.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import type { RoleContext, RunningRole } from '../../platform/role.ts'
import { startJobs } from '../../platform/jobs/index.ts'
import { outcomeJob } from '../../streams/experiments/index.ts'
import { sessionsJob, sessionsLagJob, type LandedEnd, type ReadSessionsLag } from '../../streams/qoe/index.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import { startSink, type RunningSink } from '../../streams/sink/main.ts'
import { settle, touchedJob, type IdReuse } from '../../streams/touched/index.ts'
import { allDomains, audit, sinkPosition, telemetryEnds } from '../audit.ts'
import { alertRules } from '../alert-rules.ts'
import { openDetection } from '../detection.ts'
import { allMigrations } from '../migrations.ts'
import { ensureTopics } from '../topics.ts'
import type { Role, StartedRole } from './role.ts'

/** The sink, the recomputation of what it touches, and what they stand on. */
export interface Landing {
  readonly sink: RunningSink
  readonly jobs: RunningRole
  readonly touched: { settled(): Promise<void> }
  readonly lag: { readonly lag: ReadSessionsLag }
  /** Ends all of it in order: nothing more lands → what landed is recomputed no further → connections. */
  readonly close: () => Promise<void>
}

export async function openLanding(ctx: RoleContext, store: Store): Promise<Landing> {
  const { config, logger, clock, metrics } = ctx
  await ensureTopics(config, 'sink')
  const cluster = openCluster(config.kafka.brokers, 'playloop-boot')
  await prepareTables(store, cluster, config.sink.group, allMigrations).finally(() => cluster.close())
  const schemas = await openSchemas(config.registryUrl, logger)
  const producer = createProducer(config.kafka.brokers, { clientId: 'playloop-sink' })
  const sink = startSink(ctx, { store, producer, schemas })
  const positions = openCluster(config.kafka.brokers, 'playloop-sessions')
  const ends = (): Promise<LandedEnd[]> => telemetryEnds(positions, config.sink.group)
  const onIdReuse = () => (topic: TopicName, reuses: readonly IdReuse[]) => sink.deadLetterReused(topic, reuses)
  const lag = sessionsLagJob({ store, clock, metrics, ends })
  const jobs = startJobs({
    clock,
    logger,
    metrics,
    jobs: [
      ...allDomains.map((domain) => touchedJob({ store, clock, onIdReuse }, domain)),
      sessionsJob({ store, ends }),
      lag.job,
      outcomeJob({ store, metrics }),
    ],
  })
  sink.onLanded((topic) => jobs.wake(`landed:${topic}`))
  const touched = {
    async settled() {
      for (const domain of allDomains) await settle(store, domain)
    },
  }
  const close = async (): Promise<void> => {
    await sink.stop()
    await jobs.stop()
    await positions.close()
    await producer.close()
    await schemas.close()
  }
  return { sink, jobs, touched, lag, close }
}

/** The embedded engine allows one process a data folder: sink and API share it. */
export const role: Role = {
  summary: 'sink, detection and API in one process, as the embedded engine wants it',
  flags: {},
  async start(ctx) {
    const rules = alertRules(ctx.config.detect.rulesFile)
    const store = await openStore(ctx.config, ctx.logger)
    const landing = await openLanding(ctx, store)
    const api = await startApi(ctx, { store, sink: landing.sink, sessions: landing.lag })
    return together(ctx, store, { landing, api, detection: openDetection(ctx, store, rules, api.live) })
  },
}

interface Parts {
  readonly landing: Landing
  readonly api: RunningApi
  readonly detection: RunningRole
}

function together(ctx: RoleContext, store: Store, { landing, api, detection }: Parts): StartedRole {
  return {
    info: { url: api.url },
    done: Promise.race([landing.sink.done, landing.jobs.done, detection.done, api.done]),
    stats: () => ({ ...sinkStats(landing.sink), event_to_visible_ms: { ...api.visible() } }),
    answers: {
      audit: async () => auditSummary(await audit(ctx, store)),
      position: async () => ({ ...(await sinkPosition(ctx)) }),
    },
    async stop() {
      await caughtUp(ctx)
      await api.stop()
      await Promise.all([detection.stop(), landing.close()])
      await store.close()
    },
  }
}

type AuditSummary = {
  readonly ok: boolean
  readonly offsets: number
  readonly acknowledged: number
  readonly aggregates: number
  readonly faults: readonly string[]
}

/** What stands in the summary of a run; `playloop audit` shows all of it. */
function auditSummary({
  ok,
  partitions,
  journals,
  aggregates,
  faults,
}: Awaited<ReturnType<typeof audit>>): AuditSummary {
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
  return {
    ok,
    faults: faults.slice(0, 20),
    aggregates: aggregates.length,
    offsets: sum(partitions.map(({ start, end }) => end - start)),
    acknowledged: sum(journals.map(({ acknowledged }) => acknowledged)),
  }
}

export function sinkStats(sink: RunningSink): { rows: number; dead_letters: number; lag: number } {
  const { rows, deadLetters, lagTotal } = sink.stats()
  return { rows, dead_letters: deadLetters, lag: lagTotal }
}

/**
 * Those before it have ended: what they sent is landed first, so that an audit of what is left agrees. A stop does not
 * wait for ever.
 */
const CATCH_UP_MS = 8_000

async function caughtUp(ctx: RoleContext): Promise<void> {
  const end = ctx.clock.now() + CATCH_UP_MS
  const ahead = (): Promise<number> =>
    sinkPosition(ctx).then(
      (position) => position.ahead,
      () => 0,
    )
  while ((await ahead()) > 0 && ctx.clock.now() < end) await ctx.clock.sleep(200)
}
