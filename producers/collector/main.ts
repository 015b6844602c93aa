import { openSchemas } from '../../platform/avro/registry.ts'
import { openGeo } from '../../platform/geo/mmdb.ts'
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
  const { app, drain, cutOff } = buildCollector({ log, schemas, clock, metrics, logger, geo, config: own })
  const { promise: done, resolve: end } = Promise.withResolvers<void>()
  const url = await app.listen({ host: config.host, port: own.port })
  logger.info({ url }, 'the collector listens')

  /** Not ready → nothing new accepted → requests under way answered → producer flushed → closed: in this order. */
  const drainAll = async (): Promise<void> => {
    drain()
    await clock.sleep(LAME_DUCK_MS)
    const late = setTimeout(cutOff, LATE_BODY_MS)
    await app.close()
    clearTimeout(late)
    await log.close()
    await schemas.close()
    end()
  }
  let stopping: Promise<void> | undefined
  return { url, done, stop: () => (stopping ??= drainAll()) }
}
