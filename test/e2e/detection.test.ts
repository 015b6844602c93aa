import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ROUND_MS } from '../../models/detect/role.ts'
import { startParts } from '../../bin/roles/parts.ts'
import { detection } from '../../models/detect/module.ts'
import {
  incidentsQuery,
  migrations as detect,
  readIncident,
  type BodyRow,
  type Incident,
} from '../../models/detect/index.ts'
import type { NotificationBody } from '../../models/detect/notifications.ts'
import { systemClock, type Clock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { seeded } from '../../platform/random.ts'
import type { RunningRole } from '../../platform/role.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { migrations as qoe } from '../../streams/qoe/index.ts'
import { LIVE, startLive, type LiveService } from '../../streams/qoe/live/index.ts'

const T0 = Date.UTC(2026, 10, 23, 20)
const MINUTE = 60_000
const DEAD = 'c001.us'
const OCAS = [DEAD, 'c002.us', 'c003.us']
const NETWORKS = [64_512, 64_513]
const PLAYS = 40

describe('detection in its role, over a real store', { timeout: 300_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-detection-'))
  const random = seeded(7)
  const got: NotificationBody[] = []
  /** Answers of the receiver to come; 200 when there are none. */
  const answers: number[] = []
  const receiver = createServer(
    (request, response) =>
      void request
        .setEncoding('utf8')
        .toArray()
        .then((parts) => {
          const status = answers.shift() ?? 200
          if (status === 200) got.push(JSON.parse(parts.join('')) as NotificationBody)
          response.writeHead(status).end()
        }),
  )
  let store: Store
  let live: LiveService
  let offset = 0
  let rounds = 0
  let now = T0
  /** Telemetry is received as it is sent; a minute's rest takes none. */
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      systemClock.sleep(Math.min(ms, 5), signal).finally(() => {
        if (ms === ROUND_MS) rounds++
      }),
  }

  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [...landingMigrations('playback.telemetry'), ...qoe, ...detect])
    await once(receiver.listen(0, '127.0.0.1'), 'listening')
    live = await startLive({ store, clock, logger: silentLogger, metrics: openMetrics() })
  })
  after(async () => {
    receiver.close()
    await live.stop()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const start = (): Promise<RunningRole> => {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    const config = readConfig({ PLAYLOOP_WEBHOOK_URL: url })
    return startParts(
      { config, clock, logger: silentLogger, metrics: openMetrics() },
      {
        modules: [{ ...detection(LIVE), after: [] }],
        roles: ['detect'],
        store,
        prepare: ({ services }) => services.provide(LIVE, live),
      },
    )
  }
  const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
    for (const end = Date.now() + 60_000; !(await holds());) {
      assert.ok(Date.now() < end, `not within a minute: ${what}`)
      await systemClock.sleep(20)
    }
  }
  /** Rounds that began after the call, and all they sent. */
  const settled = async (): Promise<void> => {
    const from = rounds
    await until('two more rounds', () => rounds >= from + 3)
  }
  /** Minutes of plays, some of which fail; on the dead appliance most do. */
  const play = async (from: number, minutes: number, dead: boolean): Promise<void> => {
    const rows = []
    for (let minute = from; minute < from + minutes * MINUTE; minute += MINUTE) {
      for (const oca of OCAS)
        for (const asn of NETWORKS)
          for (let n = 0; n < PLAYS; n++) {
            const failed = random.next() < (dead && oca === DEAD ? 0.7 : 0.004)
            rows.push(record(minute + Math.floor(random.next() * 25_000), failed, { oca, asn }, offset++))
          }
    }
    now = from + minutes * MINUTE - 1
    await store.exec(
      `INSERT INTO playback_telemetry SETTINGS async_insert = 0 FORMAT JSONEachRow\n${rows.map((row) => JSON.stringify(row)).join('\n')}`,
    )
  }
  const incidents = async (): Promise<Incident[]> =>
    (await store.rows<BodyRow>(incidentsQuery({ clock: 'live', state: 'all', limit: 9 }))).map(readIncident)

  it('tells once that an appliance failed and once that it is over, across restarts and a receiver that was away', async () => {
    await play(T0, 30, false)
    let role = await start()
    await settled()
    assert.deepEqual(await incidents(), [])

    answers.push(503, 503)
    await play(T0 + 30 * MINUTE, 3, true)
    await until('the incident is told', () => got.length > 0)
    await settled()
    await role.stop()
    const [opened, ...others] = await incidents()
    assert.deepEqual([opened!.cause, opened!.end, others], [{ oca: DEAD }, null, []])
    assert.deepEqual(answers, [], 'it was sent again')

    role = await start()
    await settled()
    await role.stop()
    assert.equal(got.length, 1, 'a restart tells nothing again')

    await play(T0 + 33 * MINUTE, 9, false)
    role = await start()
    await until('the end is told', () => got.length > 1)
    await settled()
    await role.stop()
    const [ended, ...more] = await incidents()
    assert.deepEqual([ended!.id, more], [opened!.id, []])
    assert.ok(
      Math.abs(ended!.end! - (T0 + 33 * MINUTE)) <= MINUTE,
      `it ended ${(ended!.end! - T0) / MINUTE} minutes after the start`,
    )
    assert.deepEqual(
      got.map(({ type, id, incident }) => [type, id, incident.title]),
      [
        ['incident.opened', `${opened!.id}:1`, `${opened!.metric}: oca ${DEAD}`],
        ['incident.ended', `${opened!.id}:2`, `${opened!.metric}: oca ${DEAD}`],
      ],
    )
  })
})

/** All that is known of a play of half a minute: its last record. */
function record(
  start: number,
  failed: boolean,
  place: { oca: string; asn: number },
  offset: number,
): Record<string, string | number | null> {
  const at = start + (failed ? 3_000 : 30_000)
  return {
    event_id: String(offset).padStart(16, '0'),
    clock: 'live',
    event_time: at,
    received_time: at + 150,
    session_id: `s${offset}`,
    instance: start,
    segment: 0,
    seq: 0,
    session_start: start,
    segment_start: start,
    event: 't',
    state: failed ? 'f' : 'q',
    country: 'US',
    device: 'tv',
    app_version: '9.5.0',
    ...place,
    startup_ms: failed ? null : 1_500,
    starting_ms: failed ? 3_000 : 1_500,
    playing_ms: failed ? 0 : 28_500,
    media_ms: failed ? 0 : 28_500,
    errors_technical: failed ? 1 : 0,
    errors_fatal: failed ? 1 : 0,
    _partition: 0,
    _offset: offset,
  }
}
