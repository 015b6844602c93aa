import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startLive } from '../../api/qoe/service.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { beaconsOf, land, type Beacon } from '../../streams/qoe/fixture.ts'
import { migrations, minuteCubes, type CubeRow } from '../../streams/qoe/index.ts'
import { MAX_CUBES } from '../../streams/qoe/queries.ts'
import { DIMENSIONS, type Dimension } from './cells.ts'
import { minutesOfCells, minutesOfLive } from './cubes.ts'
import type { MinuteOfCells } from './detector.ts'

const T0 = Date.UTC(2026, 10, 23, 20)

describe('minute cells from the minute cubes of the store', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-detect-'))
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
  const put = async (beacons: readonly Beacon[]): Promise<void> => {
    await land(store, beacons, { offset })
    offset += beacons.length
  }
  const cellsIn = async (clock: string): Promise<MinuteOfCells[]> =>
    minutesOfCells(await store.rows<CubeRow<Dimension>>(minuteCubes({ clock, from: T0, to: T0 }, DIMENSIONS)))

  it('tell operators, devices and versions apart, and a failure before the first frame from one after it', async () => {
    const clock = 'replay:dimensions'
    const base = { country: 'DE', start: T0, startup: 9_000, cuts: [] }
    await put([
      ...beaconsOf({ ...base, session: 'left', phases: [], end: 'q' }, clock),
      ...beaconsOf({ ...base, session: 'failed', phases: [], end: 'f' }, clock),
      ...beaconsOf({ ...base, session: 'broke', phases: [{ state: 'p', ms: 20_000 }], end: 'f' }, clock),
    ])
    await store.exec(`INSERT INTO playback_telemetry SETTINGS async_insert = 0 FORMAT JSONEachRow
${JSON.stringify({ event_id: 'other-0123456789', clock, event_time: T0 + 30_000, received_time: T0 + 30_000, session_id: 'other', instance: T0, segment: 0, seq: 0, session_start: T0, segment_start: T0, event: 't', state: 'p', country: 'DE', asn: 64_512, oca: 'oca-0', device: 'tv', app_version: '9.5.0', startup_ms: 2_000, starting_ms: 2_000, playing_ms: 28_000, _partition: 9, _offset: 0 })}`)
    const [minute] = await cellsIn(clock)
    assert.deepEqual(minute!.cells, [
      {
        country: 'DE',
        asn: 0,
        oca: 'oca-0',
        device: '',
        app_version: '',
        attempts: 3,
        plays: 1,
        startup_ms: 9_000,
        startups: [[8_960, 1]],
        start_failures: 1,
        ebvs: 1,
        concurrent_plays: 1,
        stall_ms: 0,
        watched_ms: 47_000,
        playback_failures: 1,
        errors: { technical: 2 },
      },
      {
        country: 'DE',
        asn: 64_512,
        oca: 'oca-0',
        device: 'tv',
        app_version: '9.5.0',
        attempts: 1,
        plays: 1,
        startup_ms: 2_000,
        startups: [[1_984, 1]],
        start_failures: 0,
        ebvs: 0,
        concurrent_plays: 1,
        stall_ms: 0,
        watched_ms: 30_000,
        playback_failures: 0,
        errors: {},
      },
    ])
  })

  it('are the same as the live view keeps them', async () => {
    const live = await startLive({ store, clock: systemClock, logger: silentLogger, metrics: openMetrics() })
    try {
      const kept = await live.minutes({ clock: 'replay:dimensions', from: T0, to: T0 })
      const inOrder = (minutes: readonly MinuteOfCells[]): unknown =>
        minutes.map(({ minute, cells }) => ({ minute, cells: cells.toSorted((a, b) => a.asn - b.asn) }))
      assert.deepEqual(inOrder(minutesOfLive(kept ?? [])), inOrder(await cellsIn('replay:dimensions')))
      assert.equal(
        await live.minutes({ clock: 'replay:dimensions', from: T0 - 3_600_000, to: T0 }),
        undefined,
        'what is no longer kept is not an empty minute',
      )
      assert.equal(await live.minutes({ clock: 'replay:nobody', from: T0, to: T0 }), undefined)
    } finally {
      await live.stop()
    }
  })

  it('say in their own text how much they may read, answer and take', () => {
    const { sql } = minuteCubes({ clock: 'live', from: T0, to: T0 }, DIMENSIONS)
    for (const setting of ['max_execution_time', 'max_rows_to_read', `max_result_rows = ${MAX_CUBES}`])
      assert.match(sql, new RegExp(setting))
  })
})
