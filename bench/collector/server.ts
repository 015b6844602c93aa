/**
 * One collector in a process of its own, for the benchmark: ours or a peer, over a real Kafka. Tells its parent what it
 * used.
 */
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { COLLECTOR } from '../../producers/collector/settings.ts'
import { nowhere } from '../../platform/geo/port.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import { openLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { buildCollector } from '../../producers/collector/app.ts'
import { ajvCollector, avscCollector } from './peers.ts'

export interface Usage {
  /** Process CPU, microseconds: user and system, every thread, garbage collection and zlib included. */
  readonly cpu: number
  readonly rss: number
}

const [kind, brokers = ''] = process.argv.slice(2)
const log = createProducer(brokers.split(','), { maxInflightBytes: 1 << 26 })
const ours = async () =>
  (
    await buildCollector({
      log,
      schemas: openCatalogue(),
      clock: systemClock,
      metrics: openMetrics({ process: true }),
      logger: openLogger('bench', 'warn'),
      geo: nowhere,
      config: { ...readConfig({}).of(COLLECTOR), trustedProxies: [] },
    })
  ).app
const app = kind === 'ajv' ? ajvCollector(log) : kind === 'avsc' ? avscCollector(log) : await ours()

const url = await app.listen({ host: '127.0.0.1', port: 0 })
process.send!({ port: Number(new URL(url).port) })
process.on('message', () => {
  const { user, system } = process.cpuUsage()

  process.send!({ cpu: user + system, rss: process.memoryUsage.rss() } satisfies Usage)
})
process.on('disconnect', () => process.exit(0))
