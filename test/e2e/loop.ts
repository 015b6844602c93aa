import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MODULES } from '../../bin/composition.ts'
import { startParts } from '../../bin/roles/parts.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { createAdmin } from '../../platform/kafka/admin.ts'
import { startLocalKafka } from '../../platform/kafka/local/index.ts'
import { topicSettings } from '../../platform/kafka/topics.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { RoleContext } from '../../platform/role.ts'
import { startCollector } from '../../producers/collector/main.ts'
import { openLandedEnds } from '../../streams/qoe/session/landed.ts'
import { settleSessions } from '../../streams/qoe/index.ts'
import { SINK_REPORT } from '../../streams/sink/index.ts'
import { sinkPosition } from '../../streams/sink/position.ts'
import { startTestApi } from '../api-harness.ts'

/** For tests: the whole loop in this process, with a real broker and a real store. */
export interface Loop {
  readonly store: Store
  /** Sends lines to the collector in batches, which must be accepted. */
  send(path: string, type: string, lines: readonly string[]): Promise<void>
  /** Waits until all that the log holds has landed and its sessions are stored. */
  settle(): Promise<void>
  /** The API's answer to a path below /v1/qoe/. */
  get<T>(path: string): Promise<T>
  stop(): Promise<void>
}

const MAX_LINES = 400
const LANDED_WITHIN_MS = 60_000

export async function startLoop(): Promise<Loop> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-e2e-loop-'))
  const kafka = await startLocalKafka({ dataDir: dir, logger: silentLogger })
  const config = {
    ...readConfig({ PLAYLOOP_COLLECTOR_PORT: '0' }),
    host: '127.0.0.1',
    port: 0,
    dataDir: dir,
    kafka: { ...readConfig({}).kafka, brokers: kafka.brokers },
  }
  const context = (): RoleContext => ({ config, clock: systemClock, logger: silentLogger, metrics: openMetrics() })
  const admin = createAdmin(kafka.brokers)
  await admin.ensureTopics(topicSettings())
  await admin.close()
  const collector = await startCollector(context())
  const store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
  const landing = await startParts(context(), { modules: MODULES, roles: ['sink'], store })
  const api = await startTestApi(context(), { store, sink: landing.services.get(SINK_REPORT) })

  return {
    store,
    async send(path, type, lines) {
      for (let at = 0; at < lines.length; at += MAX_LINES) {
        const response = await fetch(`${collector.url}/v1/${path}`, {
          method: 'POST',
          headers: { 'content-type': type },
          body: lines
            .slice(at, at + MAX_LINES)
            .map((line) => `${line}\n`)
            .join(''),
        })
        assert.ok(response.ok, `${response.status} ${await response.clone().text()}`)
      }
    },
    async settle() {
      for (const end = Date.now() + LANDED_WITHIN_MS; (await sinkPosition(config)).ahead > 0;) {
        assert.ok(Date.now() < end, 'the log was not landed within a minute')
        await systemClock.sleep(200)
      }
      const landed = openLandedEnds(config)
      await settleSessions(store, landed.ends)
      await landed.close()
    },
    async get<T>(path: string) {
      const response = await fetch(`${api.url}/v1/qoe/${path}`)
      assert.equal(response.status, 200, path)
      return response.json() as Promise<T>
    },
    async stop() {
      await api.stop()
      await landing.stop()
      await store.close()
      await collector.stop()
      await kafka.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
