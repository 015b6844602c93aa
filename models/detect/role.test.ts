import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics, type Metrics } from '../../platform/metrics.ts'
import { MINUTE_MS } from '../../platform/time.ts'
import type { Post } from '../../platform/webhook.ts'
import {
  describeCause,
  incidentsQuery,
  migrations,
  readIncident,
  startDetection,
  writeAction,
  type BodyRow,
  type Incident,
} from './index.ts'
import { CHECKPOINTS, INCIDENTS } from './migrations.ts'
import { sampleMinutes } from './samples.ts'

const T0 = Date.UTC(2026, 10, 20, 18)
const FAULT = {
  cause: { oca: 'c001.us' },
  from: T0 + 30 * MINUTE_MS,
  to: T0 + 34 * MINUTE_MS,
  errors: 40,
  startFailures: 20,
}
const MINUTES = [...sampleMinutes({ seed: 3, from: T0, minutes: 45, attempts: 400, faults: [FAULT] })]

describe('detection as it runs', { timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-detect-role-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, migrations)
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Runs over the minutes from `first` on, one a round, and `more` rounds that show nothing new. */
  const run = async (
    name: string,
    post: Post,
    {
      over = store,
      first = 1,
      last = MINUTES.length,
      more = 6,
      metrics = openMetrics(),
      beforeRound = () => Promise.resolve(),
    }: Run = {},
  ): Promise<void> => {
    const enough = Promise.withResolvers<void>()
    let seen = first
    const role = startDetection({
      store: over,
      logger: silentLogger,
      metrics,
      rules: [],
      post,
      clock: { now: () => Date.now(), sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 5), signal) },
      clocks: async () => {
        await beforeRound(seen)
        const upTo = Math.min(seen++, last)
        if (seen > last + more) enough.resolve()
        return [{ clock: name, received: Date.now(), watermark: T0 + upTo * MINUTE_MS - 1 }]
      },
      minutes: ({ from, to }) => Promise.resolve(MINUTES.filter(({ minute }) => minute >= from && minute <= to)),
    })
    await enough.promise
    await role.stop()
  }
  interface Run {
    readonly over?: Store
    readonly first?: number
    readonly last?: number
    readonly more?: number
    readonly metrics?: Metrics
    readonly beforeRound?: (minutes: number) => Promise<void>
  }

  const receiver = (): { post: Post; got: string[] } => {
    const got: string[] = []
    return {
      got,
      post: ({ id, body }) => (
        got.push(`${id} ${(JSON.parse(body) as { type: string }).type}`),
        Promise.resolve({ fate: 'taken', reason: '' })
      ),
    }
  }
  const stored = async (name: string): Promise<Incident[]> =>
    (await store.rows<BodyRow>(incidentsQuery({ clock: name, state: 'all', limit: 99 }))).map(readIncident)
  const OPEN_AND_END = (name: string): string[] => [`${name}-1:1 incident.opened`, `${name}-1:2 incident.ended`]

  it('tells the same, once, whichever write fails, before or after it was done', async () => {
    const { post: calmly, got } = receiver()
    await run('calm', calmly)
    const calm = await stored('calm')
    assert.deepEqual(got, OPEN_AND_END('calm'))
    assert.deepEqual(
      calm.map(({ cause }) => describeCause(cause)),
      ['oca c001.us'],
    )
    for (const done of [false, true]) {
      const name = `torn-${done}`
      const torn = receiver()
      let [rows, checkpoints, posted, before] = [0, 0, false, '']
      /** Incidents right after their checkpoint, every fourth checkpoint, and the one that would note a delivery. */
      const toFail = (sql: string): boolean => {
        const [last, written] = [before, sql.includes(CHECKPOINTS) ? CHECKPOINTS : INCIDENTS]
        before = written
        if (written === INCIDENTS) return ++rows > 0 && last === CHECKPOINTS
        const fails = posted || ++checkpoints % 4 === 0
        posted = false
        return fails
      }
      const over: Store = {
        ...store,
        async exec(query) {
          const fails = toFail(typeof query === 'string' ? query : query.sql)
          if (done || !fails) await store.exec(query)
          if (fails) throw new Error('the store is away')
        },
      }
      const post: Post = (message) => ((posted = true), torn.post(message))
      await run(name, post, { over, more: 20 })
      assert.ok(rows > 4 && checkpoints > 45, `${rows} and ${checkpoints} writes`)
      assert.deepEqual(torn.got, OPEN_AND_END(name))
      assert.deepEqual(
        (await stored(name)).map(({ id, cause, start, end }) => [id, cause, start, end]),
        calm.map(({ cause, start, end }) => [`${name}-1`, cause, start, end]),
      )
    }
  })

  it('finds and ends incidents while the receiver is away, and tells all of it to the next start', async () => {
    let tries = 0
    await run('away', () => (tries++, Promise.resolve({ fate: 'away', reason: 'HTTP 503' })))
    assert.ok(tries > 1)
    assert.equal((await stored('away'))[0]!.end! > FAULT.from, true)
    const { post, got } = receiver()
    await run('away', post, { first: MINUTES.length })
    assert.deepEqual(got, OPEN_AND_END('away'))
  })

  it('tells what was left untold of a clock that has fallen silent, though the store was away first', async () => {
    await run('silent', () => Promise.resolve({ fate: 'away', reason: 'HTTP 503' }))
    const { post, got } = receiver()
    let asked = 0
    const told = Promise.withResolvers<void>()
    const role = startDetection({
      store,
      logger: silentLogger,
      metrics: openMetrics(),
      rules: [],
      minutes: () => Promise.reject(new Error('nobody looks at a silent clock')),
      post: (message) =>
        post(message).finally(() => {
          if (got.length === 2) told.resolve()
        }),
      clock: { now: () => Date.now(), sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 5), signal) },
      clocks: () =>
        asked++ === 0
          ? Promise.reject(new Error('the store is away'))
          : Promise.resolve([{ clock: 'silent', received: Date.now() - 60 * MINUTE_MS, watermark: T0 }]),
    })
    await told.promise
    await role.stop()
    assert.deepEqual(got, OPEN_AND_END('silent'))
  })

  it('does not send again what was refused, and goes on with what comes next', async () => {
    const asked: string[] = []
    await run('refused', ({ id }) => (asked.push(id), Promise.resolve({ fate: 'refused', reason: 'HTTP 400' })))
    assert.deepEqual(asked, ['refused-1:1', 'refused-1:2'])
  })

  it('says what operators said, and keeps silent about what they muted', async () => {
    const { post, got } = receiver()
    const said = { incident: 'spoken-1', by: 'ada', until: null }
    await run('spoken', post, { last: 33 })
    assert.equal(got.length, 1)
    await store.exec(writeAction({ ...said, id: 'a', kind: 'acknowledge', at: 1 }))
    await run('spoken', post, { first: 33, last: 33 })
    assert.deepEqual(got.slice(1), ['spoken-1:2 incident.acknowledged'])
    await store.exec(writeAction({ ...said, id: 'b', kind: 'mute', at: 2, until: T0 + 99 * MINUTE_MS }))
    await run('spoken', post, { first: 33, last: 35 })
    assert.equal(got.length, 2)
  })

  it('begins anew when the clock is set back: what was open is over', async () => {
    const { post, got } = receiver()
    await run('again', post, { last: 33 })
    await run('again', post, { first: 5, last: 5 })
    assert.deepEqual(got, OPEN_AND_END('again'))
    await run('again', post, { first: 6 })
    assert.deepEqual(got.slice(2), ['again-2:1 incident.opened', 'again-2:2 incident.ended'])
  })

  it('counts what it does, and says what it knows, in its metrics', async () => {
    const metrics = openMetrics()
    const metered = async (): Promise<Map<string, number>> =>
      new Map(
        (await metrics.text())
          .split('\n')
          .filter((line) => line.startsWith('playloop_'))
          .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
      )
    let [tries, during, asked] = [0, new Map<string, number>(), 0]
    const post: Post = () =>
      Promise.resolve(
        tries++ === 0 ? { fate: 'away', reason: 'HTTP 503' } : { fate: tries === 2 ? 'taken' : 'refused', reason: '' },
      )
    await run('metered', post, {
      metrics,
      beforeRound: async (seen) => {
        asked++
        if (seen === 34) during = await metered()
        if (seen === 3 && asked === 3) throw new Error('the store is away')
      },
    })
    const after = await metered()
    const [last] = await store.rows<{ bytes: number; state: string }>(
      `SELECT toFloat64(length(state)) AS bytes, state FROM ${CHECKPOINTS} WHERE clock = 'metered' ORDER BY version DESC LIMIT 1`,
    )
    const { history } = (JSON.parse(last!.state) as { monitor: { detector: { history: object } } }).monitor.detector
    assert.deepEqual(
      ['rounds_total', 'failures_total', 'round_seconds_count'].map((name) => after.get(`playloop_detect_${name}`)),
      [asked - 1, 1, asked - 1],
    )
    assert.deepEqual(
      [during, after].map((each) => each.get('playloop_detect_incidents_open')),
      [1, 0],
    )
    assert.ok(Object.keys(history).length > 100)
    assert.equal(after.get('playloop_detect_combinations'), Object.keys(history).length)
    assert.equal(after.get('playloop_detect_checkpoint_bytes'), last!.bytes)
    assert.deepEqual(
      ['away', 'taken', 'refused'].map((fate) => after.get(`playloop_detect_deliveries_total{fate="${fate}"}`)),
      [1, 1, 1],
    )
  })
})
