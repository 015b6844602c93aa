import { startApi, type RunningApi } from '../../api/server.ts'
import { openSchemas } from '../../platform/avro/registry.ts'
import { openStore } from '../../platform/clickhouse/index.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import type { RoleContext, RunningRole } from '../../platform/role.ts'
import { startOutcomes } from '../../streams/experiments/index.ts'
import { startSessions, watchSessionsLag, type LandedEnd, type RunningSessionsLag } from '../../streams/qoe/index.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import { startSink, type RunningSink } from '../../streams/sink/main.ts'
import { startTouched, type RunningTouched } from '../../streams/touched/index.ts'
import { allDomains, audit, sinkPosition, telemetryEnds } from '../audit.ts'
import { alertRules } from '../alert-rules.ts'
import { openDetection } from '../detection.ts'
import { allMigrations } from '../migrations.ts'
import { ensureTopics } from '../topics.ts'
import type { Role, StartedRole } from './role.ts'

/** The sink, the recomputation of what it touches, and what they stand on. */
export interface Landing {
  readonly sink: RunningSink
  readonly touched: RunningTouched
  readonly sessions: RunningRole
  readonly lag: RunningSessionsLag
  readonly outcomes: RunningRole
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
  const outcomes = startOutcomes({ store, clock, logger, metrics })
  const touched = startTouched(
    {
      store,
      clock,
      logger,
      onRecomputed: () => outcomes.wake(),
      onIdReuse: (topic, reuses) => sink.deadLetterReused(topic, reuses),
    },
    allDomains,
  )
  sink.onLanded((topic) => touched.wake(topic))
  const positions = openCluster(config.kafka.brokers, 'playloop-sessions')
  const ends = (): Promise<LandedEnd[]> => telemetryEnds(positions, config.sink.group)
  const [sessions, lag] = [
    startSessions({ store, clock, logger, ends }),
    watchSessionsLag({ store, clock, metrics, ends }),
  ]
  const close = async (): Promise<void> => {
    await sink.stop()
    await Promise.all([touched.stop(), sessions.stop(), lag.stop(), outcomes.stop()])
    await positions.close()
    await producer.close()
    await schemas.close()
  }
  return { sink, touched, sessions, lag, outcomes, close }
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
    done: Promise.race([
      landing.sink.done,
      landing.touched.done,
      landing.sessions.done,
      landing.outcomes.done,
      detection.done,
      api.done,
    ]),
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
