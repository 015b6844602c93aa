import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Query, type Store } from '../../platform/clickhouse/index.ts'
import type { AuditQuery } from '../../platform/audit.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { audits } from './audits.ts'
import { beaconsOf, land, type Beacon } from './fixture.ts'
import { history, minutesOf, storedCells } from './live/fixture.ts'
import { migrations } from './migrations.ts'

describe('quality of experience by minute', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-qoe-'))
  let store: Store
  let clockNumber = 0
  let offset = 0
  const freshClock = (): string => `replay:${++clockNumber}`
  const put = async (beacons: readonly Beacon[], partition = 0): Promise<void> => {
    await land(store, beacons, { partition, offset })
    offset += beacons.length
  }
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [...landingMigrations('playback.telemetry'), ...migrations])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const stateOf = (clock: string): Promise<unknown[]> =>
    store.rows({
      sql: 'SELECT * EXCEPT clock FROM qoe_minute_v1 FINAL WHERE clock = {clock:String} ORDER BY ALL',
      params: { clock },
    })

  it('is a function of the set of records: shuffled, doubled, cut elsewhere and replayed, state is the same bytes and answers are equal', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async ({ playbacks, lost }, lots) => {
        const [plain, twisted] = [freshClock(), freshClock()]
        const beacons = lost(playbacks.flatMap((each) => beaconsOf(each, plain)))
        if (beacons.length === 0) return
        await put(beacons)
        const doubled = [...beacons, ...beacons.filter(() => (lots.next().value as number) % 2 === 0)]
          .map((each) => ({ each: { ...each, clock: twisted }, lot: lots.next().value as number }))
          .sort((a, b) => a.lot - b.lot)
          .map(({ each }) => each)
        const cut = (lots.next().value as number) % (doubled.length + 1)
        const at = offset
        await put(doubled.slice(0, cut), 1)
        await put(doubled.slice(cut), 1)
        await land(store, doubled.slice(0, cut), { partition: 1, offset: at })
        const minutes = minutesOf(beacons)
        assert.equal(JSON.stringify(await stateOf(twisted)), JSON.stringify(await stateOf(plain)))
        assert.deepEqual(await storedCells(store, twisted, minutes), await storedCells(store, plain, minutes))
      }),
      { numRuns: 8 },
    )
  })

  it('clamps live times to their receipt and flags them; other clocks are taken as told', async () => {
    const [odd] = beaconsOf(
      { session: 'odd', country: 'DE', start: Date.UTC(1811, 0), startup: 1, phases: [], cuts: [], end: 'q' },
      'live',
    )
    const received = Date.UTC(2026, 10, 23, 12)
    await put([
      { ...odd!, received },
      { ...odd!, clock: 'replay:odd' },
    ])
    assert.deepEqual(
      await store.rows(
        `SELECT clock, minute, clamped FROM qoe_minute_v1 FINAL WHERE session_id = 'odd' ORDER BY clock`,
      ),
      [
        { clock: 'live', minute: String(received - 86_400_000), clamped: 1 },
        { clock: 'replay:odd', minute: String(Date.UTC(1811, 0)), clamped: 0 },
      ],
    )
  })

  it('is proved by the audit: equal to its recomputation, and not once a wrong row is planted', async () => {
    const [audit] = audits
    const cut = [
      { topic: 'playback.telemetry', partition: 0, start: 0, end: offset },
      { topic: 'playback.telemetry', partition: 1, start: 0, end: offset },
    ]
    const at = (query: AuditQuery): Query => (typeof query === 'function' ? query(cut, '1') : query)
    const sides = async (): Promise<string[]> =>
      Promise.all([audit!.stored, audit!.recomputed].map(async (side) => JSON.stringify(await store.rows(at(side)))))
    const [stored, recomputed] = await sides()
    assert.ok(stored!.length > 1_000)
    assert.equal(stored, recomputed)
    await store.exec(
      `INSERT INTO qoe_minute_v1 (clock, minute, session_id, instance, segment, stall_ms) SETTINGS async_insert = 0 SELECT clock, minute, session_id, instance, segment, stall_ms + 1 FROM qoe_minute_v1 LIMIT 1`,
    )
    const [wrong] = await sides()
    assert.notEqual(wrong, recomputed)
  })
})
