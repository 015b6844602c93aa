import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { OpenFeature } from '@openfeature/server-sdk'
import { startTestApi } from '../api-harness.ts'
import { auditAll } from '../../streams/audit/whole.ts'
import { sinkPosition } from '../../streams/sink/position.ts'
import { settle } from '../../streams/touched/index.ts'
import { allDomains, MODULES } from '../../bin/composition.ts'
import { startParts, type RunningParts } from '../../bin/roles/parts.ts'
import { topicSettings } from '../../platform/kafka/topics.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { createAdmin } from '../../platform/kafka/admin.ts'
import { startLocalKafka, type LocalKafka } from '../../platform/kafka/local/index.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { RoleContext, RunningRole } from '../../platform/role.ts'
import { DAY_MS } from '../../platform/time.ts'
import { startCollector } from '../../producers/collector/main.ts'
import { runReplay } from '../../producers/replay/main.ts'
import { PlayloopProvider } from '../../sdk/openfeature/server.ts'
import { settleOutcomes } from '../../streams/experiments/index.ts'

/** A real experiment with 90,189 players, where somebody has put it. */
const FILE = join(
  process.env['PLAYLOOP_TEST_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
  'ab/cookie-cats.csv.gz',
)
const absent = existsSync(FILE) ? false : `NOT PROVED: ${FILE} is absent; set PLAYLOOP_TEST_DATA`
if (absent) console.error(`\n*** ${absent} ***\n`)

interface Cell {
  metric: string
  variation: number
  family: string
  units: { control: number; treatment: number }
  control: number
  treatment: number
  absolute: { effect: number; se: number; interval: [number, number] } | null
  p: number | null
  discovery: boolean
  openUnits: number
  once: { p: number } | null
  plannedUnits: number
}
interface Card {
  watermark: number
  settled: boolean
  offsets: { topic: string; partition: number; offset: number }[]
  cells: Cell[]
}

/** A finished experiment through collector, broker, store and API. */
describe('a real experiment through the real path', { timeout: 400_000, skip: absent }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-e2e-experiments-'))
  let [kafka, store, landing, collector, api]: [
    LocalKafka,
    Store,
    RunningParts,
    RunningRole & { url: string },
    RunningRole & { url: string },
  ] = [undefined!, undefined!, undefined!, undefined!, undefined!]
  let ctx: RoleContext
  const get = async <T>(path: string, status = 200): Promise<T> => {
    const response = await fetch(`${api.url}/v1/experiments${path}`)
    const text = await response.text()
    assert.equal(response.status, status, text)
    return JSON.parse(text) as T
  }
  const post = async <T>(path: string, body: object, status = 200): Promise<T> => {
    const response = await fetch(`${api.url}/v1/experiments${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada', ...body }),
    })
    const text = await response.text()
    assert.equal(response.status, status, text)
    return JSON.parse(text) as T
  }
  const near = (seen: number | undefined, wanted: number, error: number): void =>
    assert.ok(Math.abs(seen! - wanted) <= error, `${seen}, wanted ${wanted}`)
  const LAST = Date.UTC(2017, 0, 1) + 3_600_000 + 20 * DAY_MS
  const CARD = `/cookie-cats/scorecard?as_of=${LAST}`

  before(async () => {
    kafka = await startLocalKafka({ dataDir: dir, logger: silentLogger })
    const config = {
      ...readConfig({ PLAYLOOP_COLLECTOR_PORT: '0', PORT: '0' }),
      dataDir: dir,
      kafka: { ...readConfig({}).kafka, brokers: kafka.brokers },
    }
    ctx = { config, clock: systemClock, logger: silentLogger, metrics: openMetrics() }
    const admin = createAdmin(kafka.brokers)
    await admin.ensureTopics(topicSettings())
    await admin.close()
    collector = await startCollector(ctx)
    store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    landing = await startParts(ctx, { modules: MODULES, roles: ['sink'], store })
    api = await startTestApi(ctx, { store })
  })
  after(async () => {
    await api.stop()
    await collector.stop()
    await landing.stop()
    await store.close()
    await kafka.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  it('is defined, refused where it is wrong, and started', async () => {
    const returned = (day: number) => ({
      id: `day_${day}`,
      version: 1,
      name: `Back on day ${day}`,
      description: '',
      kind: 'retention',
      value: { from: 'action', column: 'acts', actions: ['play'] },
      window: { fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS },
      better: 'up',
      unit: 'share',
    })
    const rounds = {
      ...returned(1),
      id: 'rounds',
      name: 'Rounds',
      kind: 'mean',
      value: { from: 'action', column: 'watched_ms', actions: ['progress'] },
      window: { fromMs: 0, toMs: 14 * DAY_MS },
    }
    for (const metric of [returned(1), returned(7), rounds]) await post('/metrics', { metric }, 201)
    await post('/metrics', { metric: returned(1) }, 409)
    const draft = {
      id: 'cookie-cats',
      name: 'Gate at level 40',
      clock: 'replay:experiment',
      unit: 'profile',
      variations: [{ key: 'gate_30' }, { key: 'gate_40' }],
      metrics: { primary: ['day_7'], secondary: ['day_1', 'rounds'] },
      plannedUnits: 90_189,
    }
    const { faults } = await post<{ faults: { at: string }[] }>(
      '/validate',
      { ...draft, metrics: { primary: ['nothing'] }, plannedUnits: 1 },
      422,
    )
    assert.deepEqual(
      faults.map(({ at }) => at),
      ['metrics.primary.0', 'metrics.primary', 'plannedUnits'],
    )
    await post('', draft, 201)
    await post('', draft, 409)
    await post('/cookie-cats/stop', {}, 422)
    assert.equal((await post<{ state: string }>('/cookie-cats/start', { revision: 0 })).state, 'running')
    await post('/cookie-cats/pause', { revision: 0 }, 409)
    assert.deepEqual(
      (await get<Card>(CARD)).cells.map(({ metric, units }) => [metric, units.control]),
      [
        ['day_7', 0],
        ['day_1', 0],
        ['rounds', 0],
      ],
    )
  })

  it('gives its known figures', async () => {
    const { done, accepted } = await runReplay(ctx, { source: 'experiment', from: FILE, collectorUrl: collector.url })
    assert.deepEqual([done, accepted > 200_000], [true, true])
    for (;;) {
      await systemClock.sleep(300)
      if ((await sinkPosition(ctx.config)).ahead === 0) break
    }
    for (const domain of allDomains) await settle(store, domain)
    await settleOutcomes(store)
    const card = await get<Card>(CARD)
    const cells = new Map(card.cells.map((cell) => [cell.metric, cell]))
    const [week, day, rounds] = [cells.get('day_7')!, cells.get('day_1')!, cells.get('rounds')!]
    assert.deepEqual([week.units, week.openUnits, card.settled], [{ control: 44_700, treatment: 45_489 }, 0, true])
    near(week.absolute?.effect, -0.0082013, 5e-8)
    near(week.absolute!.effect / week.absolute!.se, -3.16406, 5e-5)
    near(day.absolute!.effect / day.absolute!.se, -1.78409, 5e-4)
    // One player in 90,189 played 49,854 rounds: a mean over these says nothing until totals are capped.
    assert.equal(rounds.absolute, null)
    // Looked at all the time with N* = 90,189, day 7 is found and day 1 is not.
    assert.deepEqual([week.discovery, day.discovery, week.once], [true, false, null])
    assert.deepEqual(
      card.offsets.map(({ topic, offset }) => [topic, offset > 0]),
      [
        ['experiment.exposures', true],
        ['viewer.actions', true],
      ],
    )
  })

  it('is healthy for anytime evidence, though not by a test that is valid once', async () => {
    const health = await get<{
      exposed: { alert: boolean; pearsonP: number; leaked: number }
      counted: { alert: boolean }
      multiple: number
    }>('/cookie-cats/health?as_of=0')
    near(health.exposed.pearsonP, 0.008608, 5e-7)
    assert.deepEqual(
      [health.exposed.alert, health.counted.alert, health.exposed.leaked, health.multiple],
      [false, false, 0, 0],
    )
  })

  it('unveils what is valid once when it has ended, and stands over time as it stood', async () => {
    const { points } = await get<{ points: { at: number; cells: Cell[] }[] }>(
      `/cookie-cats/timeseries?metric=day_7&points=500&as_of=${LAST}`,
    )
    const seen = points.map(({ cells: [cell] }) => cell!.units.control + cell!.units.treatment)
    assert.ok(
      seen.length > 1 && seen.every((units, at) => at === 0 || units > seen[at - 1]!) && seen.at(-1) === 90_189,
      seen.join(' '),
    )
    await post('/cookie-cats/stop', {})
    const once = new Map((await get<Card>(CARD)).cells.map(({ metric, once: test }) => [metric, test?.p]))
    // Published ones pool the variance of both arms; Welch does not.
    near(once.get('day_7'), 0.00155583, 1e-6)
    near(once.get('day_1'), 0.0744079, 1e-5)
    assert.deepEqual(
      (await get<{ revisions: { action: string; by: string }[] }>('/cookie-cats/revisions')).revisions.map(
        ({ action, by }) => `${action} ${by}`,
      ),
      ['create ada', 'start ada', 'stop ada'],
    )
  })

  it('is met through OpenFeature: exposures of a real SDK land once each', async () => {
    await post(
      '',
      {
        id: 'buttons',
        name: 'Buttons',
        clock: 'live',
        unit: 'profile',
        variations: [{ key: 'control' }, { key: 'big' }],
        metrics: { primary: ['day_1'] },
        plannedUnits: 1_000,
      },
      201,
    )
    await post('/buttons/start', {})
    await OpenFeature.setProviderAndWait(new PlayloopProvider({ api: api.url, key: 'live', collector: collector.url }))
    const client = OpenFeature.getClient()
    const values = await Promise.all(
      Array.from({ length: 120 }, (_, n) => client.getStringValue('buttons', 'none', { targetingKey: `p${n % 60}` })),
    )
    assert.deepEqual([...new Set(values)].sort(), ['big', 'control'])
    interface Health {
      exposed: { phases: { units: number[] }[]; alert: boolean }
    }
    let units: number[] = []
    for (const end = Date.now() + 30_000; units.reduce((sum, each) => sum + each, 0) < 60 && Date.now() < end;) {
      await systemClock.sleep(300)
      const response = await fetch(`${api.url}/v1/experiments/buttons/health`)
      if (response.ok) units = ((await response.json()) as Health).exposed.phases[0]!.units
    }
    const big = new Set(values.flatMap((value, n) => (value === 'big' ? [n % 60] : []))).size
    assert.deepEqual(units, [60 - big, big])
    const [events] = await store.rows<{ n: number }>(
      "SELECT toFloat64(count()) AS n FROM experiment_exposures WHERE experiment_id = 'buttons'",
    )
    assert.equal(events!.n, 60)
    await OpenFeature.close()
  })

  it('is exported with what it was computed from, and equals its recomputation', async () => {
    const csv = await (await fetch(`${api.url}/v1/experiments/cookie-cats/export?format=csv&as_of=${LAST}`)).text()
    const [head, ...lines] = csv.trim().split('\n')
    for (const column of ['watermark', 'revision', 'offsets', 'definition', 'absolute_interval_low'])
      assert.ok(head!.includes(`"${column}"`), head)
    assert.equal(lines.length, 3)
    const parquet = Buffer.from(
      await (await fetch(`${api.url}/v1/experiments/cookie-cats/export?format=parquet&as_of=${LAST}`)).arrayBuffer(),
    )
    assert.equal(parquet.subarray(0, 4).toString(), 'PAR1')
    const { ok, faults, aggregates } = await auditAll({ ...ctx, store, modules: MODULES })
    assert.deepEqual([ok, faults], [true, []])
    const outcomes = aggregates.filter(({ name }) => name.startsWith('unit_outcome_v1 '))
    assert.equal(
      outcomes.reduce((sum, { rows }) => sum + rows, 0),
      3 * 90_189 + 60,
      JSON.stringify(aggregates),
    )
  })
})
