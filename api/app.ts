import fastifySwagger from '@fastify/swagger'
import { fastify, type FastifyInstance } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import type { Logger } from '../platform/logger.ts'
import type { Metrics } from '../platform/metrics.ts'
import { progressOf } from '../streams/experiments/index.ts'
import type { LiveService } from '../streams/qoe/live/index.ts'
import { serveActions } from './actions.ts'
import { createLiveScorecards } from './experiments/live.ts'
import { openResults } from './experiments/results.ts'
import { serveExperiments } from './experiments/routes.ts'
import { openExperiments } from './experiments/service.ts'
import { serveFeatures } from './features/routes.ts'
import { openFeatures } from './features/service.ts'
import { serveHealth } from './health.ts'
import { serveHistory } from './history/routes.ts'
import { openHistory } from './history/service.ts'
import { servePages } from './pages.ts'
import type { SessionsPort, SinkPort } from './ports.ts'
import { answerProblems, refuseUnknown } from './problems.ts'
import { serveIncidents } from './qoe/incidents/routes.ts'
import { openIncidents } from './qoe/incidents/service.ts'
import { serveLive } from './qoe/routes.ts'
import { serveSink } from './sink.ts'

export interface ApiDeps {
  readonly store: Store
  readonly live: LiveService
  readonly sink?: SinkPort | undefined
  readonly sessions?: SessionsPort | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}

export interface Api {
  readonly app: FastifyInstance
  /** From now on not ready; streams end. */
  readonly drain: () => void
}

const REQUEST_TIMEOUT_MS = 30_000

/** Builds the API; nothing listens yet. */
export async function buildApi({ store, live, sink, sessions, clock, logger, metrics }: ApiDeps): Promise<Api> {
  let draining = false
  const app = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false } },
  })
  answerProblems(app, logger)
  refuseUnknown(app)
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'playloop', version: '1', description: 'Answers of the feedback loop.' },
    },
  })
  serveHealth(app, store, metrics, () => draining)
  serveLive(app, live)
  serveHistory(
    app,
    openHistory(store, (name) => live.watermark(name), clock),
  )
  serveIncidents(app, openIncidents({ store, clock, watermark: (name) => live.watermark(name) }))
  const experiments = openExperiments({ store, clock, watermark: (name) => live.watermark(name) })
  const features = openFeatures({ store, clock, logger })
  serveFeatures(app, features)
  const scorecards = createLiveScorecards({
    clock,
    logger,
    counted: async () => (await store.rows<{ cursor: number }>(progressOf('units')))[0]?.cursor ?? 0,
  })
  serveExperiments(app, { experiments, results: openResults(store, experiments), live: scorecards })
  serveSink(app, { stats: sink && (() => sink.stats()), lag: () => sessions?.lag(), now: () => clock.now() })
  serveActions(app, store)
  servePages(app)
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return {
    app,
    drain() {
      draining = true
      scorecards.stop()
      features.stop()
    },
  }
}
