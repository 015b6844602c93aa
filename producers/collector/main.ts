import path from 'node:path'
import { openSchemas } from '../../platform/avro/registry.ts'
import { openReserve } from '../../platform/disk/reserve.ts'
import { openGeo } from '../../platform/geo/mmdb.ts'
import { listen, openAuth } from '../../platform/http/index.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import type { RoleContext, RunningRole } from '../../platform/role.ts'
import { buildCollector } from './app.ts'
import type { ValuesOf } from '../../platform/settings.ts'
import { keyRing } from './keys.ts'
import { OPEN_TOPICS } from './pipeline.ts'
import { COLLECTOR } from './settings.ts'

/**
 * Time for which a draining collector still accepts requests, not ready and closing connections with its answers, ms.
 */
const LAME_DUCK_MS = 500
/** How long the answer of a file system holds, ms: a request may hold one event. */
const DISK_HOLD_MS = 100
/** Time that a body in transit has to arrive after the drain begins, ms. */
const LATE_BODY_MS = 2_000

/** Checks what the collector would refuse at its start: its MMDB files and the topics of its keys. */
export async function checkSettings({ countryFile, asnFile, ingestKeys }: ValuesOf<typeof COLLECTOR>): Promise<void> {
  keyRing(ingestKeys, OPEN_TOPICS)
  await openGeo({ country: countryFile, asn: asnFile })
}

/** Starts the collector of this process; resolves once it listens. */
export async function startCollector({
  config,
  clock,
  logger,
  metrics,
}: RoleContext): Promise<RunningRole & { url: string }> {
  const schemas = await openSchemas(config.registryUrl, logger)
  const own = config.of(COLLECTOR)
  const geo = await openGeo({ country: own.countryFile, asn: own.asnFile })
  // The collector's own budget is the limit. The producer's is higher, so that load is shed in one place only.
  const log = createProducer(config.kafka.brokers, {
    clientId: 'playloop-collector',
    clock,
    maxInflightBytes: 2 * own.maxInflightBytes,
  })
  const auth = openAuth(config.http.auth, clock)
  const { app, cutOff } = await buildCollector({
    log,
    schemas,
    clock,
    metrics,
    logger,
    geo,
    auth,
    // Brokers on other machines look after their own disks; there, these folders do not exist.
    reserve: openReserve({
      folders: [config.dataDir, path.join(config.dataDir, 'kafka')],
      bytes: config.diskReserveBytes,
      holdMs: DISK_HOLD_MS,
      metrics,
    }),
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

  /** The order of shutdown: not ready, accept nothing new, answer requests in flight, flush the producer, close. */
  const drain = async (): Promise<void> => {
    await server.stop()
    await close()
    end()
  }
  let stopping: Promise<void> | undefined
  return { url: server.url, done, stop: () => (stopping ??= drain()) }
}
