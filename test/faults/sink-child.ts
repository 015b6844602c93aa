/**
 * The sink in a process of its own: says 'loaded', is sent its SinkOptions, says 'ready', answers 'stats', ends on
 * SIGTERM.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { allMigrations } from '../../bin/composition.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { openServer } from '../../platform/clickhouse/server.ts'
import { readConfig } from '../../platform/config.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import { openLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { prepareTables } from '../../streams/sink/boot.ts'
import { startSink } from '../../streams/sink/main.ts'
import type { SinkPorts } from '../../streams/sink/sink.ts'
import type { ChildStats, SinkOptions } from './child-options.ts'
import { killAt } from './kill-points.ts'
import { openTwoVersions } from './schemas.ts'

// A parent that is gone leaves nobody to stop this process.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.send?.('loaded')
const [options] = (await once(process, 'message')) as [SinkOptions]
const logger = openLogger('sink', process.env['SINK_LOG'] ?? 'error')
const { brokers, group, instanceId } = options
const config = readConfig({
  KAFKA_BROKERS: brokers.join(','),
  PLAYLOOP_SINK_GROUP: group,
  PLAYLOOP_SINK_INSTANCE: instanceId,
  PLAYLOOP_SINK_SESSION_TIMEOUT: String(options.sessionTimeoutMs ?? 6_000),
  PLAYLOOP_SINK_INSERTS: String(options.insertsPerSecond ?? 20),
  ...(options.batchRows !== undefined && { PLAYLOOP_SINK_BATCH_ROWS: String(options.batchRows) }),
})

// The server of these tests writes its log of statements at once.
const openStore = (): Promise<Store> =>
  options.url === ''
    ? openEmbedded({ dataDir: join(options.dataDir, 'clickhouse'), database: 'playloop' })
    : openServer(
        {
          url: options.url,
          database: 'playloop',
          user: 'default',
          password: '',
          fate: { pollMs: 25, logDelayMs: 300 },
        },
        logger,
      )

let epochs = 0
function counted(ports: SinkPorts): SinkPorts {
  return {
    ...ports,
    member: {
      ...ports.member,
      async join() {
        const generation = await ports.member.join()
        epochs++
        return generation
      },
    },
  }
}

let stalled = false
/** Every insert from that one on waits until the stall is over. */
function stalling(ports: SinkPorts): SinkPorts {
  const { stall } = options
  if (stall === undefined) return ports
  let [inserts, over] = [0, Promise.resolve()]
  return {
    ...ports,
    async insert(insert) {
      if (++inserts === stall.pass) {
        stalled = true
        over = systemClock.sleep(stall.ms).then(() => {
          stalled = false
        })
      }
      await over
      return ports.insert(insert)
    },
  }
}

const store = await openStore()
const cluster = openCluster(brokers, 'boot')
await prepareTables(store, cluster, group, allMigrations).finally(() => cluster.close())
const producer = createProducer(brokers)
const { kill } = options
const sink = startSink(
  { config, clock: systemClock, logger, metrics: openMetrics() },
  {
    store,
    producer,
    schemas: openTwoVersions(),
    ...(options.topics !== undefined && { topics: options.topics }),
    wrap: (ports) => counted(stalling(kill === undefined ? ports : killAt(ports, kill))),
  },
)
sink.done.catch((error: unknown) => {
  process.stderr.write(`the sink ended: ${String(error)}\n`)
  process.exit(3)
})

async function end(): Promise<void> {
  await sink.stop()
  await producer.close()
  await store.close()
  process.exit(0)
}
process.on('SIGTERM', () => void end())
process.on('message', (message) => {
  if (message === 'stats')
    process.send?.({ ...sink.stats(), rssBytes: process.memoryUsage.rss(), epochs, stalled } satisfies ChildStats)
})
process.send?.('ready')
