import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MODULES } from '../../bin/composition.ts'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Query, Store } from '../../platform/clickhouse/port.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { eraseRows } from '../../streams/audit/index.ts'
import { reportOf } from '../../streams/rebuild/report.ts'
import { rebuildTable, type RebuiltPartition } from '../../streams/rebuild/rebuild.ts'
import type { KnownTopic } from '../faults/events.ts'
import { verify } from '../faults/verify.ts'
import { bench, send, useBench } from './sink-bench.ts'

useBench()

const TOPICS = ['playback.telemetry', 'viewer.actions', 'experiment.exposures'] as const satisfies readonly KnownTopic[]
const settings = { group: 'rebuild', topics: [...TOPICS] as TopicName[] }

const rebuild = (topic: TopicName, store: Store = bench.store): Promise<readonly RebuiltPartition[]> => {
  const config = readConfig({ KAFKA_BROKERS: bench.broker.brokers.join(','), PLAYLOOP_SINK_GROUP: settings.group })
  const ctx = { config, clock: systemClock, logger: silentLogger, metrics: openMetrics(), store, modules: MODULES }
  return rebuildTable(ctx, topic, { cluster: bench.broker.cluster, schemas: openCatalogue() })
}
const land = async (count: number): Promise<void> => {
  for (const topic of TOPICS) await send(topic, count)
  const sink = bench.sink({ ...settings, batchRows: 200 })
  await bench.landed(settings)
  await sink.stop()
}
const cut = async () => (await bench.broker.ends()).filter(({ topic }) => settings.topics.includes(topic as TopicName))
/** What the audit and the count of every place say. */
const account = async (): Promise<{ lost: number; twice: number; faults: readonly string[] }> => {
  const { lost, twice, faults } = await verify(bench.store, await cut(), [])
  return { lost, twice, faults }
}
const EXACT = { lost: 0, twice: 0, faults: [] }
const wipe = (table: string, condition: string): Promise<void> =>
  bench.store.exec(`ALTER TABLE ${table} DELETE WHERE ${condition} SETTINGS mutations_sync = 1`)
const rows = async (partitions: Promise<readonly RebuiltPartition[]>): Promise<number[]> =>
  (await partitions).map((each) => each.rows)

const ALL_ONCE = { rows: 800, places: 800, index: 800, ledger: 800 }
const places = (): Promise<object> =>
  bench.row(`SELECT count() AS rows, uniqExact(_offset) AS places,
    (SELECT uniqExact(_offset) FROM viewer_actions WHERE _offset IN (SELECT _offset FROM title_hour_events_v1)) AS index,
    (SELECT sum(l.rows) FROM sink_ledger_v1 AS l WHERE topic = 'viewer.actions') AS ledger FROM viewer_actions`)

describe('rows that a table lost', () => {
  it('come back from the log once, with everything derived from them', async () => {
    await land(800)
    assert.deepEqual(await account(), EXACT)
    for (const topic of TOPICS) await wipe(landingTable(topic), '_offset % 7 = 3 OR _offset BETWEEN 100 AND 300')
    const red = await account()
    assert.ok(red.lost > 600 && red.faults.length >= 4, JSON.stringify(red))
    for (const topic of TOPICS) {
      const partitions = await rebuild(topic)
      assert.ok(partitions.every(({ missing, rows, ledger }) => missing === rows && missing > 0 && !ledger))
      assert.ok(reportOf(landingTable(topic), partitions).whole)
    }
    assert.deepEqual(await account(), EXACT)
  })

  it('come back where views lost theirs too, or views alone did, or the ledger', async () => {
    await wipe('viewer_actions', '_offset < 100')
    await wipe('title_hour_events_v1', '_offset BETWEEN 50 AND 150')
    await wipe('title_hour_v1', 'cityHash64(title_id) % 3 = 0')
    await wipe('qoe_minute_v1', 'cityHash64(session_id) % 3 = 0')
    await wipe('qoe_segment_v1', 'cityHash64(session_id) % 3 = 1')
    await wipe('qoe_session_v1', 'cityHash64(session_id) % 3 = 2')
    await wipe('sink_ledger_v1', 'cityHash64(min_offset) % 2 = 0')
    assert.ok((await account()).faults.length >= 5)
    const [telemetry, actions] = [await rebuild('playback.telemetry'), await rebuild('viewer.actions')]
    await rebuild('experiment.exposures')
    assert.deepEqual(
      telemetry.map(({ rows, ledger }) => [rows, ledger]),
      [
        [0, true],
        [0, true],
      ],
    )
    assert.deepEqual(
      actions.map(({ rows, ledger }) => [rows, ledger]),
      [[100, true]],
    )
    assert.deepEqual(await account(), EXACT)
  })

  it('come back once, wherever the command is killed before: it goes on', async (test) => {
    let kills = 0
    for (let survived = 0, killed = true; killed; survived++) {
      await wipe('viewer_actions', '_offset BETWEEN 40 AND 90 OR _offset BETWEEN 300 AND 340')
      await wipe('title_hour_events_v1', '_offset % 5 = 0')
      await wipe('sink_ledger_v1', "topic = 'viewer.actions' AND min_offset % 2 = 0")
      killed = await rebuild('viewer.actions', dyingAfter(survived)).then(
        () => false,
        (error: unknown) => String(error).includes('killed'),
      )
      kills += Number(killed)
      await rebuild('viewer.actions')
      assert.deepEqual(await places(), ALL_ONCE, `killed after ${survived} statements`)
    }
    test.diagnostic(`killed at ${kills} statements`)
    assert.ok(kills > 8)
    assert.deepEqual(await account(), EXACT)
  })

  it('stay away when they were removed on purpose', async () => {
    const until = Date.now() + 86_400_000
    const erasure = { topic: 'viewer.actions', clock: 'world', profile: 'profile-7', until, id: 'e', now: Date.now() }
    await eraseRows(bench.store, { ...erasure, topic: 'viewer.actions' })
    assert.deepEqual(await rows(rebuild('viewer.actions')), [0])
    const { n } = await bench.row("SELECT count() AS n FROM viewer_actions WHERE profile_id = 'profile-7'")
    assert.equal(n, 0)
  })

  it('that left the log are told; the others come back', async () => {
    await wipe('experiment_exposures', '_offset BETWEEN 90 AND 109')
    await bench.deleteRecords('experiment.exposures', 100)
    const partitions = await rebuild('experiment.exposures')
    assert.deepEqual(partitions, [
      { partition: 0, missing: 20, rows: 10, dead: 0, gone: [{ first: 90, last: 99 }], ledger: false },
    ])
    const { lines, whole } = reportOf('experiment_exposures', partitions)
    assert.equal(whole, false)
    assert.match(lines.join('\n'), /20 missing, 10 brought back[^]*no longer holds offsets 90 to 99/)
  })
})

/** A store that takes so many writing statements, then dies as a process does: before the next one, or after it. */
function dyingAfter(statements: number): Store {
  let left = statements
  const take = (): void => {
    if (left-- <= 0) throw new Error('killed')
  }
  return {
    ...bench.store,
    async exec(query: Query | string) {
      take()
      await bench.store.exec(query)
    },
    async insertAvro(insert) {
      take()
      await bench.store.insertAvro(insert)
    },
  }
}
