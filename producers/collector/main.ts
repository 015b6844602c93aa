import { openSchemas } from '../../platform/avro/registry.ts'
import { openGeo } from '../../platform/geo/mmdb.ts'
import { listen, openAuth } from '../../platform/http/index.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import type { RoleContext, RunningRole } from '../../platform/role.ts'
import { buildCollector } from './app.ts'
import { COLLECTOR } from './settings.ts'

/** Answers still close their connections and readiness is refused for this long before nothing new is accepted, ms. */
const LAME_DUCK_MS = 500
/** A body under way at the drain has this long to arrive, ms. */
const LATE_BODY_MS = 2_000

/** Starts the collector of this process; resolved once it listens. */
export async function startCollector({
  config,
  clock,
  logger,
  metrics,
}: RoleContext): Promise<RunningRole & { url: string }> {
  const schemas = await openSchemas(config.registryUrl, logger)
  const own = config.of(COLLECTOR)
  const geo = await openGeo({ country: own.countryFile, asn: own.asnFile })
  // The collector's own budget is the limit; the producer's is above it, so that two do not shed at different places.
  const log = createProducer(config.kafka.brokers, {
    clientId: 'playloop-collector',
    clock,
    maxInflightBytes: 2 * own.maxInflightBytes,
  })
  const auth = openAuth(config.http.auth, clock)
  const { app, cutOff } = buildCollector({
    log,
    schemas,
    clock,
    metrics,
    logger,
    geo,
    auth,
    config: { ...own, trustedProxies: config.http.trustedProxies },
  })
  const { promise: done, resolve: end } = Promise.withResolvers<void>()
  const close = async (): Promise<void> => {
    await log.close()
    await schemas.close()
  }
  const server = await listen(app, {
    host: config.host,
    port: own.port,
    variable: '--collector-port or PLAYLOOP_COLLECTOR_PORT',
    clock,
    lameDuckMs: LAME_DUCK_MS,
    graceMs: LATE_BODY_MS,
    onLate: cutOff,
  }).catch(async (error: unknown) => {
    await close()
    throw error
  })
  logger.info({ url: server.url }, 'the collector listens')

  /** Not ready → nothing new accepted → requests under way answered → producer flushed → closed: in this order. */
  const drain = async (): Promise<void> => {
    await server.stop()
    await close()
    end()
  }
  let stopping: Promise<void> | undefined
  return { url: server.url, done, stop: () => (stopping ??= drain()) }
}
