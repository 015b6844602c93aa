import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../../platform/clock.ts'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Query, type Store } from '../../../platform/clickhouse/index.ts'
import { silentLogger } from '../../../platform/logger.ts'
import { openMetrics } from '../../../platform/metrics.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { beaconsOf, land, type Beacon } from '../fixture.ts'
import { migrations } from '../migrations.ts'
import { inOrder } from './fixture.ts'
import { MAX_CELLS, minuteRollups, type Minute } from './rollups.ts'
import { startLive } from './service.ts'
import { readMinutes } from './stored.ts'
import { readBoundedMinutes } from './bounded-minutes.ts'

const T0 = Date.UTC(2026, 10, 23, 20)

describe('minute rollups of the store', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-rollups-'))
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
  const minutesIn = (clock: string): Promise<Minute[]> => readMinutes(store, { clock, from: T0, to: T0 })

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
    const [minute] = await minutesIn(clock)
    const none = { errors_business: 0, stall_ms: 0, unknown: 0, clamped: 0 }
    assert.deepEqual(minute!.cells, [
      {
        ...none,
        country: 'DE',
        asn: 0,
        oca: 'oca-0',
        device: '',
        app_version: '',
        attempts: 3,
        plays: 1,
        startup_ms: 9_000,
        startups: new Map([[8_960, 1]]),
        vsf: 1,
        vsf_technical: 1,
        ebvs: 1,
        concurrent_plays: 1,
        watched_ms: 47_000,
        wall_ms: 47_000,
        media_ms: 20_000,
        bits_played: 80_000_000,
        vpf_technical: 1,
        errors_technical: 2,
        errors_fatal: 2,
      },
      {
        ...none,
        country: 'DE',
        asn: 64_512,
        oca: 'oca-0',
        device: 'tv',
        app_version: '9.5.0',
        attempts: 1,
        plays: 1,
        startup_ms: 2_000,
        startups: new Map([[1_984, 1]]),
        vsf: 0,
        vsf_technical: 0,
        ebvs: 0,
        concurrent_plays: 1,
        watched_ms: 30_000,
        wall_ms: 30_000,
        media_ms: 0,
        bits_played: 0,
        vpf_technical: 0,
        errors_technical: 0,
        errors_fatal: 0,
      },
    ])
  })

  it('leave out the dimensions that are not asked for', async () => {
    const range = { clock: 'replay:dimensions', from: T0, to: T0 }
    const [minute] = await readMinutes(store, range, ['country'])
    assert.deepEqual(
      minute!.cells.map(({ country, asn, oca, attempts, startups }) => ({ country, asn, oca, attempts, startups })),
      [
        {
          country: 'DE',
          asn: 0,
          oca: '',
          attempts: 4,
          startups: new Map([
            [8_960, 1],
            [1_984, 1],
          ]),
        },
      ],
    )
  })

  it('are the same as the live view keeps them, which asks for what it does not keep', async () => {
    const range = { clock: 'replay:dimensions', from: T0, to: T0 }
    const asked: string[] = []
    const watched: Store = {
      ...store,
      bytes: (query, format) => {
        if (typeof query !== 'string' && query.sql === minuteRollups(range).sql)
          asked.push(String(query.params!['clock']))
        return store.bytes(query, format)
      },
    }
    const live = await startLive({ store: watched, clock: systemClock, logger: silentLogger, metrics: openMetrics() })
    const sorted = (minutes: readonly Minute[]): Minute[] =>
      minutes.map(({ minute, cells }) => ({ minute, cells: inOrder(cells) }))
    try {
      assert.deepEqual(sorted(await live.minutes(range)), sorted(await minutesIn(range.clock)))
      assert.deepEqual(asked, [])
      // What is no longer kept is not an empty minute.
      const before = { ...range, from: T0 - 3_600_000 }
      assert.deepEqual(await live.minutes(before), await readMinutes(store, before))
      assert.deepEqual(await live.minutes({ ...range, clock: 'replay:nobody' }), [])
      assert.deepEqual(asked, ['replay:dimensions', 'replay:nobody'])
    } finally {
      await live.stop()
    }
  })

  it('keep the values with the most sessions apart where clients invented too many', async () => {
    const [clock, invented] = ['replay:invented', 3_000]
    const row = `'${clock}', fromUnixTimestamp64Milli(toInt64(${T0} + 30000)), fromUnixTimestamp64Milli(toInt64(${T0} + 30000)), ${T0}, 0, 0, fromUnixTimestamp64Milli(toInt64(${T0})), fromUnixTimestamp64Milli(toInt64(${T0})), 't', 'p', 'DE', 500, 500, 29500`
    for (const [of, oca, sessions, first] of [
      ['invented', "concat('x', toString(number))", invented, 0],
      ['honest', "concat('oca-', toString(number % 3))", 30, invented],
    ] as const)
      await store.exec(`INSERT INTO playback_telemetry (event_id, oca, session_id, clock, event_time, received_time, instance, segment, seq, session_start, segment_start, event, state, country, startup_ms, starting_ms, playing_ms, _partition, _offset)
SETTINGS async_insert = 0 SELECT unhex(leftPad(hex(number), 32, '5')), ${oca}, concat('${of}', toString(number)), ${row}, 8, number + ${first} FROM numbers(${sessions})`)
    const range = { clock, from: T0, to: T0 }
    // The engine's own refusal, at a lower limit than that of the statement.
    const strict: Store = {
      ...store,
      bytes: (query, format) => {
        const { sql, params } = query as Query
        const lower = sql.replace(`max_result_rows = ${MAX_CELLS}`, 'max_result_rows = 1000')
        return store.bytes({ sql: lower, ...(params && { params }) }, format)
      },
    }
    await assert.rejects(readMinutes(strict, range), { engineCode: 396 })
    const [minute] = await readBoundedMinutes(strict, range)
    assert.deepEqual(
      minute!.cells.map(({ oca, attempts }) => [oca, attempts]),
      [
        ['(others)', invented],
        ['oca-0', 10],
        ['oca-1', 10],
        ['oca-2', 10],
      ],
    )
  })

  it('say in their own text how much they may read, answer and take', () => {
    const { sql } = minuteRollups({ clock: 'live', from: T0, to: T0 })
    for (const setting of ['max_execution_time', 'max_rows_to_read', `max_result_rows = ${MAX_CELLS}`])
      assert.match(sql, new RegExp(setting))
  })
})
