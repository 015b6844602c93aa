import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Query, type Store } from '../../../platform/clickhouse/index.ts'
import type { AuditQuery } from '../../../platform/audit.ts'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, distinct } from '../../../producers/player/testing.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { audits } from '../audits.ts'
import { migrations } from '../migrations.ts'
import { anyTold, plainRecords } from '../plain/testing.ts'
import { COUNTERS, GREATEST, INSTANCE_DIMENSIONS, STARTUPS } from './columns.ts'
import { sessionLevels, SESSIONS_NOW } from './facts.ts'
import { landRecords, LOGGED, settle } from './fixture.ts'
import { compose } from './levels.ts'
import { segmentsOf, type TelemetryRecord } from './record.ts'
import { FACTS, reduceSession } from './reduce.ts'

const NUMBERS = [...COUNTERS, ...STARTUPS, ...GREATEST, ...FACTS] as const
const lots = fc.infiniteStream(fc.nat(99))

describe('sessions by SQL', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-sessions-'))
  let store: Store
  let [offset, clocks] = [0, 0]
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

  /** Lands the records shuffled, doubled and in two inserts, then compares every session with its reduction. */
  const compare = async (records: readonly TelemetryRecord[], lot: () => number, later: number): Promise<void> => {
    if (records.length === 0) return
    const { clock } = records[0]!
    const twisted = [...records, ...records.filter(() => lot() < 30)]
      .map((record) => ({ record, at: lot() }))
      .sort((a, b) => a.at - b.at)
      .map(({ record }) => record)
    const half = lot() % twisted.length
    await land(twisted.slice(0, half))
    if (lot() < 50) await settle(store)
    await land(twisted.slice(half), 1)
    await settle(store)
    const now = Math.max(...records.map(({ event_time: at }) => at)) + later
    const rows = await store.rows<Record<string, unknown>>({
      sql: `SELECT *, mapKeys(errors) AS codes FROM (${compose(SESSIONS_NOW, sessionLevels('1'), ['session_id', 'instance', 'end_reason', 'errors', ...INSTANCE_DIMENSIONS, ...NUMBERS])}) ORDER BY session_id`,
      params: { clock, now },
    })
    const sessions = [...Map.groupBy(segmentsOf(records), ({ session_id: id }) => id)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, own]) => reduceSession(own, now)!)
    assert.equal(rows.length, sessions.length)
    for (const [i, { numbers, dimensions, end_reason, errors, session_id }] of sessions.entries()) {
      const row = rows[i]!
      assert.deepEqual(
        Object.fromEntries(NUMBERS.map((name) => [name, Number(row[name])])),
        Object.fromEntries(NUMBERS.map((name) => [name, numbers[name]])),
      )
      assert.deepEqual(
        [row['session_id'], row['end_reason'], row['codes']],
        [session_id, end_reason, [...errors.keys()]],
      )
      for (const name of INSTANCE_DIMENSIONS) assert.equal(row[name], dimensions[name])
    }
  }

  it('are the same as by reduction of their records, on any history, shuffled, doubled and cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anySetup, { minLength: 1, maxLength: 4 }),
        lots,
        fc.constantFrom(0, 900_000, 2_000_000, 4_000_000, 100_000_000),
        fc.constantFrom('', 'cmcd'),
        async (all, stream, later, source) => {
          const clock = `replay:${++clocks}`
          const lot = (): number => stream.next().value as number
          const records: TelemetryRecord[] = all.flatMap((any, i) =>
            distinct(playAll(any).beacons)
              .filter(() => lot() >= 10)
              .map((record) => ({ ...record, session_id: `s${i}`, clock, source })),
          )
          await compare(records, lot, later)
        },
      ),
      { numRuns: 12 },
    ))

  it('are the same of plain CMCD too, from timelines of any player', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyTold, { minLength: 20, maxLength: 40 }),
        lots,
        fc.constantFrom(0, 2_000_000),
        async (all, stream, later) => {
          const clock = `replay:${++clocks}`
          const records = all.flatMap((told, i) => plainRecords(told, `s${String(i).padStart(2, '0')}`, clock))
          await compare(records, () => stream.next().value as number, later)
        },
      ),
      { numRuns: 10 },
    ))

  it('clamps live times to their receipt, by the same rule', async () => {
    const odd: TelemetryRecord = {
      clock: 'live',
      event_time: Date.UTC(1811, 0),
      received_time: LOGGED,
      session_id: 'odd',
      instance: 0,
      segment: 0,
      seq: 0,
      session_start: 0,
      segment_start: 0,
      event: 't',
      state: 'p',
    }
    await land([odd])
    await settle(store)
    const now = LOGGED
    const [row] = await store.rows<{ last_time: string; clamped: number }>({
      sql: compose(SESSIONS_NOW, sessionLevels('1'), ['last_time', 'clamped']),
      params: { clock: 'live', now },
    })
    const session = reduceSession(segmentsOf([odd]), now)!
    assert.deepEqual([Number(row!.last_time), row!.clamped], [session.numbers.last_time, session.numbers.clamped])
    assert.equal(session.numbers.last_time, now - 86_400_000)
  })

  for (const [table, wrong] of [
    [
      'qoe_segment_v1',
      'INSERT INTO qoe_segment_v1 (clock, session_id, instance, segment, seqs) SETTINGS async_insert = 0 SELECT clock, session_id, instance, segment, bitmapBuild([toUInt32(999)]) FROM qoe_segment_v1 LIMIT 1',
    ],
    [
      'qoe_session_v1',
      'INSERT INTO qoe_session_v1 SETTINGS async_insert = 0 SELECT * REPLACE (version + 1 AS version, stall_ms + 1 AS stall_ms) FROM qoe_session_v1 FINAL LIMIT 1',
    ],
  ] as const) {
    it(`rest on ${table}, which the audit proves, and refuses with a wrong row planted`, async () => {
      const audit = audits.find(({ name }) => name === table)!
      const cut = [0, 1].map((partition) => ({ topic: 'playback.telemetry', partition, start: 0, end: offset }))
      const at = (query: AuditQuery): Query => (typeof query === 'function' ? query(cut, '1') : query)
      const sides = (): Promise<string[]> =>
        Promise.all([audit.stored, audit.recomputed].map(async (side) => JSON.stringify(await store.rows(at(side)))))
      const [stored, recomputed] = await sides()
      assert.ok(stored!.length > 1_000)
      assert.equal(stored, recomputed)
      await store.exec(wrong)
      assert.notEqual((await sides())[0], recomputed)
    })
  }
})
