/**
 * From an event to the interval that holds it: collector, broker, sink, jobs and API as they run, a scorecard watched
 * as a stream, and actions of units whose window has closed, which change its figures at once.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestApi } from '../../test/api-harness.ts'
import { SINK_REPORT } from '../../streams/sink/index.ts'
import { MODULES } from '../../bin/composition.ts'
import { startParts } from '../../bin/roles/parts.ts'
import { topicSettings } from '../../platform/kafka/topics.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { readConfig } from '../../platform/config.ts'
import { createAdmin } from '../../platform/kafka/admin.ts'
import { startLocalKafka } from '../../platform/kafka/local/index.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { RoleContext } from '../../platform/role.ts'
import { HOUR_MS } from '../../platform/time.ts'
import { startCollector } from '../../producers/collector/main.ts'
import { closeAll, type Closing } from './closing.ts'

const UNITS = 400

export async function live(events: number, tell: (text: string) => void): Promise<object> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-bench-live-'))
  const closing: Closing[] = [() => rmSync(dir, { recursive: true, force: true })]
  try {
    const kafka = await startLocalKafka({ dataDir: dir, logger: silentLogger })
    closing.push(() => kafka.stop())
    const config = {
      ...readConfig({ PLAYLOOP_COLLECTOR_PORT: '0' }),
      host: '127.0.0.1',
      port: 0,
      dataDir: dir,
      kafka: { ...readConfig({}).kafka, brokers: kafka.brokers },
    }
    const ctx: RoleContext = { config, clock: systemClock, logger: silentLogger, metrics: openMetrics() }
    const admin = createAdmin(kafka.brokers)
    await admin.ensureTopics(topicSettings())
    await admin.close()
    const collector = await startCollector({ ...ctx, metrics: openMetrics() })
    closing.push(() => collector.stop())
    const store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    closing.push(() => store.close())
    const landing = await startParts(ctx, { modules: MODULES, roles: ['sink'], store })
    closing.push(() => landing.stop())
    const api = await startTestApi(
      { ...ctx, metrics: openMetrics() },
      { store, sink: landing.services.get(SINK_REPORT) },
    )
    closing.push(() => api.stop())
    return await measure(collector.url, api.url, events, tell)
  } finally {
    await closeAll(closing)
  }
}

async function measure(collector: string, api: string, events: number, tell: (text: string) => void): Promise<object> {
  const post = async (url: string, body: object): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok || /"rejected":[1-9]/.test(text))
      throw new Error(`${url}: ${response.status} ${text.slice(0, 500)}`)
  }
  const T = Date.now() - 2 * HOUR_MS
  const metric = {
    id: 'plays',
    version: 1,
    name: 'Plays',
    description: '',
    kind: 'count',
    value: { from: 'action', column: 'acts', actions: ['play'] },
    window: { fromMs: 0, toMs: HOUR_MS },
    better: 'up',
    unit: 'events',
  }
  await post(`${api}/v1/experiments/metrics`, { by: 'bench', metric })
  await post(`${api}/v1/experiments`, {
    by: 'bench',
    id: 'x',
    name: 'x',
    clock: 'live',
    unit: 'profile',
    variations: [{ key: 'a' }, { key: 'b' }],
    metrics: { primary: ['plays'] },
    plannedUnits: 1_000,
  })
  await post(`${api}/v1/experiments/x/start`, { by: 'bench' })
  const play = (unit: number, n: number): object => ({
    clock: 'live',
    event_time: T + 60_000 + n,
    profile_id: `u${unit}`,
    action: 'play',
    title_id: 't',
  })
  await post(
    `${collector}/v1/events/experiment.exposures`,
    Array.from({ length: UNITS }, (_, unit) => ({
      clock: 'live',
      event_time: T,
      unit_type: 'profile',
      unit_id: `u${unit}`,
      experiment_id: 'x',
      variation: unit % 2,
      profile_id: `u${unit}`,
    })),
  )
  const first = Array.from({ length: UNITS }, (_, unit) =>
    Array.from({ length: 1 + ((unit >> 1) % 3) }, (_each, n) => play(unit, n)),
  ).flat()
  await post(`${collector}/v1/events/viewer.actions`, first)
  const reader = openCards(await fetch(`${api}/v1/experiments/x/scorecard/stream?as_of=${Date.now()}`))
  /** Waits for a scorecard with so many plays in the treatment. */
  const plays = async (wanted: number): Promise<void> => {
    for (let seen = -1; seen < wanted;) {
      const {
        cells: [cell],
      } = await reader.next()
      seen = Math.round((cell?.treatment ?? 0) * (UNITS / 2))
    }
  }
  const before = first.filter(
    (_, at) => (first[at] as { profile_id: string }).profile_id.match(/[13579]$/) !== null,
  ).length
  await plays(before)
  tell('the scorecard speaks')
  const waits: number[] = []
  for (let event = 1; event <= events; event++) {
    // A time between two events that no clock of the house divides.
    await systemClock.sleep(300 + ((event * 37) % 211))
    const from = performance.now()
    await post(`${collector}/v1/events/viewer.actions`, [play((event * 2 + 1) % UNITS, 1_000 + event)])
    await plays(before + event)
    waits.push(performance.now() - from)
  }
  await reader.cancel()
  waits.sort((a, b) => a - b)
  const at = (level: number): number => Math.round(waits[Math.min(waits.length - 1, Math.floor(level * waits.length))]!)
  return { events, p50_ms: at(0.5), p90_ms: at(0.9), p99_ms: at(0.99), greatest_ms: at(1) }
}

interface Card {
  readonly cells: readonly { readonly treatment: number | null }[]
}

/** Scorecards of a stream, one after the other. */
function openCards(response: Response): { next(): Promise<Card>; cancel(): Promise<void> } {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end < 0) {
          const { value, done } = await reader.read()
          if (done) throw new Error('the stream ended')
          text += value
          continue
        }
        const data = text
          .slice(0, end)
          .split('\n')
          .find((line) => line.startsWith('data: '))
        text = text.slice(end + 2)
        if (data !== undefined) return JSON.parse(data.slice(6)) as Card
      }
    },
    cancel: () => reader.cancel(),
  }
}
