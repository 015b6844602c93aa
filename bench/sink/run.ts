/**
 * One measured run, in a process of its own: `node bench/sink/run.ts ours|engine BROKERS TOPIC ROWS DIR REGISTRY GROUP`.
 * Prints JSON: wall ms and process CPU (user + system, garbage collection and engine threads included) from the first
 * fetch to the last row visible, and the resident memory at its highest.
 */
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { openCluster } from '../../platform/kafka/cluster.ts'
import { openPartitionReader } from '../../platform/kafka/fetch.ts'
import { openGroup } from '../../platform/kafka/group.ts'
import { openLogger, silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { createReport } from '../../streams/sink/report.ts'
import { openPlans } from '../../streams/sink/plans.ts'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { landingDdl } from '../../schemas/landing.ts'
import { runSink } from '../../streams/sink/sink.ts'
import { benchPlans, kafkaDdl, NAMES, tableDdl } from './dataset.ts'
import { telemetryKafkaDdl, telemetryViewDdl } from './telemetry.ts'

const [mode = 'ours', brokers = '', topic = '', rowsText = '0', dir = '', registry = '', group = 'bench'] =
  process.argv.slice(2)
const rows = Number(rowsText)
const telemetry = topic === 'playback.telemetry'
const store = await openEmbedded({ dataDir: dir, database: 'bench' })

async function consumeOurs(): Promise<() => Promise<void>> {
  const table = telemetry ? 'playback_telemetry' : 'rows'
  await store.exec(telemetry ? landingDdl('playback.telemetry') : tableDdl(table, true))
  const cluster = openCluster(brokers.split(','), 'bench')
  const stop = new AbortController()
  const report = createReport(openMetrics())
  const plans = telemetry ? openPlans('playback.telemetry', openCatalogue()) : benchPlans(table)
  const running = runSink(
    {
      clock: systemClock,
      logger: process.env['SHOW'] === undefined ? silentLogger : openLogger('bench'),
      report,
      plans: () => plans,
      member: openGroup(
        cluster,
        { group, instanceId: group, topics: [topic], sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 10_000 },
        systemClock,
      ),
      openReader: (at) => openPartitionReader(cluster, at.topic, at.partition),
      insert: (insert) => store.insertAvro(insert),
      deadLetter: () => Promise.reject(new Error('the bench has no poison')),
      gap: () => Promise.reject(new Error('the bench has a whole log')),
    },
    { limits: { rows: 65_536, bytes: 8_388_608 }, insertsPerSecond: 100, sessionTimeoutMs: 30_000 },
    stop.signal,
  )
  return async () => {
    stop.abort()
    await running
    await cluster.close()
  }
}

async function consumeEngine(): Promise<() => Promise<void>> {
  await store.exec(telemetry ? landingDdl('playback.telemetry') : tableDdl('rows', false))
  await store.exec(
    telemetry ? telemetryKafkaDdl(brokers, topic, registry, group) : kafkaDdl(brokers, topic, registry, group),
  )
  await store.exec(
    telemetry ? telemetryViewDdl() : `CREATE MATERIALIZED VIEW pump TO rows AS SELECT ${NAMES.join(', ')} FROM source`,
  )
  return async () => {
    await store.exec('DROP TABLE pump')
  }
}

async function landed(from: Store): Promise<number> {
  const [row] = await from.rows<{ n: number }>(
    `SELECT toUInt32(count()) AS n FROM ${telemetry ? 'playback_telemetry' : 'rows'}`,
  )
  return row?.n ?? 0
}

const begun = performance.now()
const cpu = process.cpuUsage()
const stop = mode === 'ours' ? await consumeOurs() : await consumeEngine()
let highest = 0
const samples: number[] = []
while ((await landed(store)) < rows) {
  if (performance.now() - begun > 300_000)
    throw new Error(`only ${await landed(store)} of ${rows} rows after 5 minutes`)
  const rss = process.memoryUsage.rss()
  samples.push(rss)
  highest = Math.max(highest, rss)
  await systemClock.sleep(50)
}
const wall = performance.now() - begun
const used = process.cpuUsage(cpu)
const exact = await landed(store)
await stop()
await store.close()
process.stdout.write(
  `${JSON.stringify({ mode, rows: exact, wallMs: wall, cpuUs: used.user + used.system, rssBytes: highest, rssAt: [0.25, 0.5, 0.75, 1].map((p) => samples[Math.max(0, Math.ceil(p * samples.length) - 1)] ?? 0) })}\n`,
)
process.exit(0)
