import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../platform/clock.ts'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, StoreError, type Store } from '../../../platform/clickhouse/index.ts'
import { silentLogger } from '../../../platform/logger.ts'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, distinct } from '../../../producers/player/testing.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { METRICS } from '../metrics.ts'
import { migrations } from '../migrations.ts'
import { plainRecords } from '../plain/testing.ts'
import { landedEnds, landRecords, settle } from './fixture.ts'
import { rebuildSessions, reduceStep, startSessions } from './job.ts'
import { SESSION_KEY } from './pipeline.ts'
import type { TelemetryRecord } from './record.ts'

const KEY = SESSION_KEY.join(', ')
const recordsOf = (seed: number, count: number, clock = 'world'): TelemetryRecord[] =>
  fc
    .sample(anySetup, { numRuns: count, seed })
    .flatMap((any, i) => distinct(playAll(any).beacons).map((record) => ({ ...record, clock, session_id: `s${i}` })))

describe('stored sessions', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-job-'))
  let store: Store
  let offset = 0
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [...landingMigrations('playback.telemetry'), ...migrations])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const land = async (records: readonly TelemetryRecord[], partition = 0): Promise<void> => {
    await landRecords(store, records, { partition, offset })
    offset += records.length
  }
  const stored = async (): Promise<string> =>
    JSON.stringify(await store.rows(`SELECT * FROM qoe_session_v1 FINAL ORDER BY ${KEY}`))
  const cursors = async (): Promise<unknown[]> =>
    store.rows(
      'SELECT partition, toFloat64(max(offset)) AS offset FROM qoe_session_progress_v1 GROUP BY partition ORDER BY partition',
    )

  it('follow the log in steps', async () => {
    await land(recordsOf(1, 400))
    const steps: number[] = []
    for (let more = true; more;) {
      const step = await reduceStep(store, landedEnds(store), 400)
      steps.push(step.places)
      more = step.more
    }
    assert.ok(steps.length > 1 && steps.every((places) => places <= 400))
    const [{ sessions } = { sessions: '' }] = await store.rows<{ sessions: string }>(
      `SELECT uniqExact(${KEY}) AS sessions FROM playback_telemetry`,
    )
    assert.equal((JSON.parse(await stored()) as unknown[]).length, Number(sessions))
    assert.deepEqual(await cursors(), [{ partition: 0, offset }])
    assert.deepEqual(await reduceStep(store, landedEnds(store)), { places: 0, more: false })
  })

  it('are the same rows after a kill anywhere, and of several jobs at once', async () => {
    await land(recordsOf(2, 30, 'replay:kill'))
    await land(recordsOf(3, 30, 'replay:kill'), 1)
    let left = 0
    // A store that dies at the n-th statement: everything before stands, as after a kill.
    const dying: Store = {
      ...store,
      exec: (query) => (left-- > 0 ? store.exec(query) : Promise.reject(new Error('killed'))),
      rows: (query) => store.rows(query),
    }
    for (const statements of [0, 1, 2, 3]) {
      left = statements
      await assert.rejects(reduceStep(dying, landedEnds(store)), /killed/)
    }
    await Promise.all([
      reduceStep(store, landedEnds(store), 50),
      reduceStep(store, landedEnds(store), 90),
      settle(store),
    ])
    await settle(store)
    const once = await stored()
    await store.exec('TRUNCATE TABLE qoe_session_v1')
    await store.exec('TRUNCATE TABLE qoe_session_progress_v1')
    await settle(store)
    assert.equal(await stored(), once, 'made anew')
  })

  it('are made again from rows that came back at places which the progress has passed, of plain CMCD too', async () => {
    const records = [
      ...recordsOf(5, 5, 'replay:back'),
      ...plainRecords(
        [
          { at: 0, sta: 's' },
          { at: 500, sta: 'p' },
          { at: 9_000, sta: 'e' },
        ],
        'plain',
        'replay:back',
      ),
    ]
    await land(records)
    await settle(store)
    const [once, timelines] = [await stored(), 'SELECT session_id, arraySort(records) FROM qoe_timeline_v1 FINAL']
    const known = await store.rows(timelines)
    for (const table of ['qoe_segment_v1', 'qoe_timeline_v1', 'qoe_session_v1'])
      await store.exec(`ALTER TABLE ${table} DELETE WHERE clock = 'replay:back' SETTINGS mutations_sync = 1`)
    assert.notEqual(await stored(), once)
    await rebuildSessions(store)
    assert.equal(await stored(), once)
    assert.deepEqual(await store.rows(timelines), known)
  })

  it('are the same where a step has more segments than one statement has memory for', async () => {
    await land(recordsOf(4, 20, 'replay:many'))
    const refused: string[] = []
    const small: Store = {
      ...store,
      rows: (query) => store.rows(query),
      exec: async (query) => {
        const sql = typeof query === 'string' ? query : query.sql
        if (!sql.startsWith('INSERT INTO qoe_segment_v1') || sql.includes('% 4 =')) return store.exec(query)
        refused.push(sql)
        throw new StoreError('Query memory limit exceeded', 241)
      },
    }
    await reduceStep(small, landedEnds(store))
    assert.equal(refused.length, 2, 'whole, then by halves')
    const once = await stored()
    for (const table of ['qoe_segment_v1', 'qoe_session_v1', 'qoe_session_progress_v1'])
      await store.exec(`TRUNCATE TABLE ${table}`)
    await settle(store)
    assert.equal(await stored(), once)
  })

  it('outlive their telemetry: a table made later is filled from the segments first', async () => {
    const before = await stored()
    for (const table of ['qoe_session_v1', 'qoe_session_progress_v1', 'playback_telemetry'])
      await store.exec(`TRUNCATE TABLE ${table}`)
    await reduceStep(store, () =>
      Promise.resolve([
        { partition: 0, offset },
        { partition: 1, offset },
      ]),
    )
    assert.equal(await stored(), before)
  })

  it('keep the row that knows more, whichever is written last: a version grows with what is known', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.infiniteStream(fc.nat(2)), async (seed, stream) => {
        const clock = `replay:version-${seed}`
        const records = recordsOf(seed, 3, clock)
        const lots = records.map(() => stream.next().value as number)
        const versions = (): Promise<{ id: string; version: string; rest: string }[]> =>
          store.rows(
            `SELECT session_id AS id, version, toString(tuple(* EXCEPT version)) AS rest FROM qoe_session_v1 FINAL WHERE clock = '${clock}' ORDER BY id`,
          )
        const seen = new Map<string, { version: string; rest: string }>()
        for (const round of [0, 1, 2]) {
          await land(
            records.filter((_, i) => lots[i] === round),
            round % 2,
          )
          await settle(store)
          for (const { id, version, rest } of await versions()) {
            const before = seen.get(id)
            if (before !== undefined) assert.equal(BigInt(version) > BigInt(before.version), rest !== before.rest, id)
            seen.set(id, { version, rest })
          }
        }
      }),
      { numRuns: 8 },
    )
  })

  it('are kept by a role that lives through a failure and ends when it is told', async () => {
    let failures = 1
    const flaky = (): Promise<{ partition: number; offset: number }[]> =>
      failures-- > 0
        ? Promise.reject(new Error('no broker'))
        : (landedEnds(store)() as Promise<{ partition: number; offset: number }[]>)
    const clock = {
      ...systemClock,
      sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 20), signal),
    }
    const role = startSessions({ store, clock, logger: silentLogger, ends: flaky })
    await land(recordsOf(4, 5, 'replay:role'))
    for (const end = Date.now() + 20_000; JSON.stringify(await cursors()).includes(`"offset":${offset}}`) === false;) {
      assert.ok(Date.now() < end, 'not within 20 s')
      await systemClock.sleep(20)
    }
    await role.stop()
    await role.done
    assert.match(await stored(), /replay:role/)
  })

  it('answer for their parts: every metric of segments is linear in their sums', async () => {
    const numbered = (sql: string, factor: number, more = 0): string =>
      sql.replace(/\bs_(\w+)/g, (name) => String(factor * name.length * name.charCodeAt(3) + more))
    const own = METRICS.filter(({ place }) => place === 'segment').flatMap(({ id, numerator, denominator }) => [
      { id, sql: numerator },
      { id, sql: denominator },
    ])
    for (const { id, sql } of own) assert.match(sql, /\bs_/, `${id}: a constant would count once a segment`)
    const parts = own.map(({ sql }) => `(${numbered(sql, 7)}) + (${numbered(sql, 11, 5)}) = (${numbered(sql, 18, 5)})`)
    const [row] = await store.rows<{ linear: number[] }>(`SELECT [${parts.join(', ')}] AS linear`)
    assert.deepEqual(
      own.filter((_, i) => row!.linear[i] !== 1),
      [],
    )
  })
})
