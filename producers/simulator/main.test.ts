import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { journalTopics } from '../../platform/journal/journal.ts'
import { collector, type Harness } from '../collector/harness.ts'
import { catalogue } from './catalogue.ts'
import { startWorld, type StartWorldOptions, type WorldStats } from './main.ts'
import { readMovies } from './movies.ts'

const dir = mkdtempSync(join(tmpdir(), 'playloop-world-'))
after(() => rmSync(dir, { recursive: true }))
const limits = {
  maxBodyBytes: 1_048_576,
  maxInflatedBytes: 8_388_608,
  maxEvents: 2_000,
  maxInflightBytes: 33_554_432,
  duplicateCacheSize: 200_000,
}
const SENT: readonly TopicName[] = [
  'playback.telemetry',
  'viewer.actions',
  'experiment.exposures',
  'delivery.decisions',
  'delivery.requests',
  'oca.reports',
  'catalog.titles',
]

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2_400 && !holds(); i++) await systemClock.sleep(50)
  assert.ok(holds(), 'it took more than two minutes')
}

async function start(harness: Harness, options: Partial<StartWorldOptions> & { speed: number }, name: string) {
  const collectorUrl = await harness.app.listen({ port: 0, host: '127.0.0.1' })
  const ctx = {
    config: { ...readConfig({}), dataDir: join(dir, name) },
    clock: systemClock,
    logger: silentLogger,
    metrics: openMetrics(),
  }
  return startWorld(ctx, {
    collectorUrl,
    seed: 5,
    journalDir: join(dir, name, 'journal'),
    backfill: { requestPermille: 50 },
    ...options,
  })
}

const settled = ({ accepted, duplicates, rejected, abandoned }: WorldStats): number =>
  accepted + duplicates + abandoned + Object.values(rejected).reduce((a, b) => a + b, 0)

describe('the world and a collector', () => {
  it('tells its past, then lives; at the end every event is accounted for and none was refused', async () => {
    const harness = await collector(limits)
    const world = await start(harness, { speed: 120, backfillDays: 0.5 }, 'all')
    await until(() => world.stats().phase === 'live' && world.stats().world.playing > 0)
    const liveFrom = world.truth().liveFrom
    await until(() => world.stats().worldTime > liveFrom + 120_000)
    await world.stop()
    const stats = world.stats()
    assert.deepEqual([stats.rejected, stats.abandoned, stats.pending], [{}, 0, 0])
    assert.equal(settled(stats), stats.produced)
    assert.ok(stats.produced > 15_000 && stats.duplicates > 0 && stats.world.sessions > 300)
    const landed = SENT.map((topic) => harness.log.records(topic).length)
    assert.equal(
      landed.reduce((a, b) => a + b),
      stats.accepted,
    )
    assert.ok(landed.every((count) => count > 0))
  })

  it('writes the journal of what was acknowledged, and the truth of its faults', async () => {
    const topics = await journalTopics(join(dir, 'all', 'journal', 'world'))
    assert.equal(topics.get('catalog.titles'), 3_201)
    const truth = JSON.parse(readFileSync(join(dir, 'all', 'world', 'truth.json'), 'utf8')) as {
      faults: { id: string }[]
    }
    assert.ok(truth.faults.some(({ id }) => id === 'live-isp'))
  })

  it('asks a catalogue for its films, once', async () => {
    const harness = await collector(limits)
    let asked = 0
    const films = async () => (asked++, catalogue(readMovies().slice(0, 200)))
    const world = await start(harness, { speed: 60, backfillDays: 0, catalogue: { films } }, 'catalogue')
    await until(() => world.stats().worldTime > world.truth().liveFrom + 60_000)
    await world.stop()
    assert.deepEqual([asked, harness.log.records('catalog.titles').length], [1, 200])
  })

  it('stops at once when the collector is gone, and counts what it could not deliver', async () => {
    const harness = await collector(limits)
    const world = await start(harness, { speed: 60, backfillDays: 1 }, 'gone')
    await until(() => world.stats().accepted > 1_000)
    harness.app.server.closeAllConnections()
    await harness.app.close()
    const at = systemClock.now()
    await world.stop()
    assert.ok(systemClock.now() - at < 20_000)
    assert.equal(settled(world.stats()), world.stats().produced)
  })
})
