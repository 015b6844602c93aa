import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { seeded } from '../../platform/random.ts'
import { DAY_MS } from '../../platform/time.ts'
import { encode, encodeRecord, type CmcdValues } from '../../producers/cmcd/index.ts'
import { playAll, type PlaybackTelemetryInput, type SessionTotals } from '../../producers/player/index.ts'
import { distinct } from '../../producers/player/testing.ts'
import { delivered, recordedSetups } from '../../producers/replay/traces/testing.ts'
import { METRICS } from '../../streams/qoe/index.ts'
import type { MetricsAnswer, SessionsAnswer } from '../../web/shell/answers.ts'
import { startLoop, type Loop } from './loop.ts'

/** Recorded 3G and 4G networks, where somebody has put them; seeded ones otherwise. */
const ARCHIVE = join(
  process.env['PLAYLOOP_TEST_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
  'cdn/network-traces.tar.gz',
)
const [EXACT, ROUGH] = ['replay:exact', 'replay:rough']

interface Played {
  readonly id: string
  readonly records: readonly PlaybackTelemetryInput[]
  readonly heard: readonly PlaybackTelemetryInput[]
  readonly totals: SessionTotals
  readonly end: number
}

/** What a row of the list says, and what the player counted apart from all records. */
const SAME = {
  stall_ms: ({ stallConnectionMs: a, stallDecoderMs: b, stallAdMs: c }) => a + b + c,
  stall_count: ({ stallConnectionCount: a, stallDecoderCount: b, stallAdCount: c }) => a + b + c,
  startup_ms: ({ startupMs }) => startupMs ?? -1,
  watched_ms: ({ watchedTimeMs }) => watchedTimeMs,
  wall_ms: ({ wallMs }) => wallMs,
  playing_ms: ({ playingMs }) => playingMs,
  media_ms: ({ mediaMs }) => mediaMs,
  bits_played: ({ bitsPlayed }) => bitsPlayed,
  unique_ms: ({ uniqueMediaMs }) => uniqueMediaMs,
  switches_up: ({ switchesUp }) => switchesUp,
  switches_down: ({ switchesDown }) => switchesDown,
  frames_dropped: ({ framesDropped }) => framesDropped,
} as const satisfies Record<string, (totals: SessionTotals) => number>
const names = Object.keys(SAME) as (keyof typeof SAME)[]

/**
 * What a player without keys of ours sends in event mode: counters since the session began, whatever segment its
 * records are of.
 */
function plainLines({ id, records }: Played, later: number): string[] {
  const done = { stalls: 0, stalledMs: 0, dropped: 0 }
  let [last, started]: [PlaybackTelemetryInput | undefined, boolean] = [undefined, false]
  return records.map((record) => {
    if (last !== undefined && last.segment !== record.segment) {
      done.stalls += last.stall_connection_count ?? 0
      done.stalledMs += last.stall_connection_ms ?? 0
      done.dropped += last.frames_dropped ?? 0
    }
    last = record
    // Once a session, as the standard says.
    const delay = started || record.state === 's' ? null : (record.startup_ms ?? null)
    started ||= delay !== null
    const values: CmcdValues = {
      v: 2,
      sid: id,
      ts: record.event_time + later,
      sn: record.seq,
      e: record.event as 'ps',
      sta: record.state as 'p',
      cid: id,
      st: 'v',
      sf: 'h',
      bsa: [{ value: done.stalls + (record.stall_connection_count ?? 0) }],
      bsda: [{ value: done.stalledMs + (record.stall_connection_ms ?? 0) }],
      dfa: done.dropped + (record.frames_dropped ?? 0),
      ...(delay === null ? {} : { msd: delay }),
      ...(record.bitrate_kbps === null || record.bitrate_kbps === undefined
        ? {}
        : { br: [{ value: record.bitrate_kbps, type: 'v' as const }] }),
      ...(record.playhead_ms === null || record.playhead_ms === undefined ? {} : { pt: record.playhead_ms }),
    }
    return encode(values)
  })
}

describe('recorded sessions through collector, broker, store and API', { timeout: 300_000 }, () => {
  const played: Played[] = []
  let loop: Loop

  before(async () => {
    loop = await startLoop()
    for (const setup of await recordedSetups(ARCHIVE)) {
      const { beacons, totals } = playAll(setup)
      const records = distinct(beacons)
      played.push({
        id: setup.sessionId,
        records,
        heard: delivered(records, seeded(`delivery of ${setup.sessionId}`)),
        totals,
        end: setup.at + totals.wallMs,
      })
    }
    for (const each of played) {
      const { records, heard } = each
      // As our own players tell by default, and as those who speak JSON.
      await loop.send(
        'cmcd',
        'application/cmcd',
        records.map((record) => encodeRecord({ ...record, clock: EXACT, title_id: each.id })),
      )
      await loop.send(
        'events/playback.telemetry',
        'application/x-ndjson',
        heard.map((record) => JSON.stringify({ ...record, clock: ROUGH, event_id: undefined })),
      )
    }
    const later = Date.now() - 60_000 - Math.max(...played.map(({ end }) => end))
    for (const each of played) await loop.send('cmcd', 'application/cmcd', plainLines(each, later))
    await loop.settle()
  })
  after(() => loop.stop())

  const get: Loop['get'] = (path) => loop.get(path)
  const period = (): string =>
    `from=${Math.min(...played.map(({ records }) => records[0]!.session_start)) - DAY_MS}&to=${Math.max(...played.map(({ end }) => end)) + DAY_MS}`
  type Row = SessionsAnswer['sessions'][number] & Record<string, number>
  const listed = async (clock: string): Promise<Map<string, Row>> => {
    const rows = new Map<string, Row>()
    for (let next: string | null = ''; next !== null;) {
      const page: SessionsAnswer = await get(
        `sessions?clock=${clock}&${period()}&limit=200${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`,
      )
      for (const row of page.sessions) rows.set(row.session_id, row as Row)
      next = page.next
    }
    return rows
  }
  const metric = async (clock: string, id: string, more = ''): Promise<{ numerator: number; denominator: number }> =>
    (await get<MetricsAnswer>(`metrics?clock=${clock}&${period()}&metric=${id}${more}`)).answers[0]!.rows[0]!.values[0]!
  type Bounded = MetricsAnswer['answers'][number]['rows'][number]['values'][number]
  const total = (of: (each: Played) => number): number => played.reduce((sum, each) => sum + of(each), 0)

  it("equal the player's own totals exactly, one by one and summed", async () => {
    const rows = await listed(EXACT)
    assert.equal(rows.size, played.length)
    for (const { id, totals } of played)
      for (const name of names) assert.equal(rows.get(id)![name], SAME[name](totals), `${id}: ${name}`)
    const ratio = await metric(EXACT, 'rebuffer_ratio:cta2066')
    assert.deepEqual(
      [ratio.numerator, ratio.denominator],
      [total(({ totals }) => SAME.stall_ms(totals)), total(({ totals }) => totals.watchedTimeMs)],
    )
    const bitrate = await metric(EXACT, 'average_bitrate:cta2066')
    assert.deepEqual(
      [bitrate.numerator, bitrate.denominator],
      [total(({ totals }) => totals.bitsPlayed), total(({ totals }) => totals.mediaMs)],
    )
  })

  it('equal them with 30 % shuffled, 10 % doubled and 5 % lost, but for a tail that was never heard, which is bounded', async (test) => {
    const rows = await listed(ROUGH)
    let [exact, cut] = [0, 0]
    for (const { id, heard, totals, end } of played) {
      const row = rows.get(id)!
      if (heard.some(({ state }) => ['e', 'f', 'q'].includes(state))) {
        exact++
        for (const name of names) assert.equal(row[name], SAME[name](totals), `${id}: ${name}`)
        continue
      }
      cut++
      const unheard = end - Math.max(...heard.map(({ event_time: at }) => at))
      assert.ok(row['hidden_ms'] >= unheard, id)
      for (const name of ['stall_ms', 'watched_ms', 'wall_ms', 'playing_ms'] as const)
        assert.ok(
          row[name]! <= SAME[name](totals) && SAME[name](totals) <= row[name]! + row['hidden_ms'],
          `${id}: ${name}`,
        )
    }
    test.diagnostic(`${exact} of ${played.length} sessions exact, ${cut} without their end`)
    assert.ok(exact > 10 * cut)
  })

  it('of players without keys of ours, lie between what the API says they can be, in 99 of 100 sessions', async (test) => {
    const now = Date.now()
    const widths = new Map<string, number[]>()
    const [asked, outside] = [
      METRICS.filter(({ loss, numerator }) => loss !== 'none' || numerator !== '1'),
      new Map<string, string[]>(),
    ]
    const values = async (clock: string, range: string, ids: string): Promise<Map<string, Bounded>> =>
      new Map(
        (await get<MetricsAnswer>(`metrics?clock=${clock}&${range}&group=title_id&limit=5000${ids}`)).answers.flatMap(
          ({ rows }) =>
            rows.flatMap(({ dimensions, values: all }) =>
              all.map((value) => [`${dimensions['title_id']} ${value.metric}`, value] as const),
            ),
        ),
      )
    for (let at = 0; at < asked.length; at += 12) {
      const ids = asked
        .slice(at, at + 12)
        .map((each) => `&metric=${encodeURIComponent(each.id)}`)
        .join('')
      const truth = await values(EXACT, period(), ids)
      for (const [key, { metric: name, low, high }] of await values(
        'live',
        `from=${now - DAY_MS}&to=${now + DAY_MS}`,
        ids,
      )) {
        const value = truth.get(key)?.value
        if (value === null || value === undefined) continue
        const id = key.slice(0, key.indexOf(' '))
        if ((low !== null && value < low - 1e-9) || (high !== null && value > high + 1e-9))
          outside.set(id, [...(outside.get(id) ?? []), `${name} ${value} not in ${low} to ${high}`])
        if (low !== null && high !== null) widths.set(name, [...(widths.get(name) ?? []), high - low])
      }
    }
    for (const [name, all] of widths)
      test.diagnostic(
        `width of ${name}: median ${all.sort((a, b) => a - b)[all.length >> 1]!.toPrecision(3)}, greatest ${all.at(-1)!.toPrecision(3)}, ${all.length} sessions`,
      )
    for (const [id, faults] of [...outside].slice(0, 5))
      test.diagnostic(`outside: ${id}: ${faults.slice(0, 4).join('; ')}`)
    assert.ok(
      widths.size >= 5 && outside.size <= played.length / 100,
      `${outside.size} of ${played.length} sessions have a metric outside its bounds`,
    )
  })

  it('show the requests that an appliance logged of them, each once, however often its log is sent', async () => {
    const { id } = played[0]!
    const lines = [1, 2, 3].map((n) =>
      JSON.stringify({
        time: (Date.now() - 60_000 + n) / 1_000,
        oca: 'oca-1',
        url: `/film/${n}.m4s?CMCD=${encodeURIComponent(`br=3000,cid="film",sid="${id}"`)}`,
        status: 200,
        bytes: 1_000 * n,
        cache: 'HIT',
      }),
    )
    for (let times = 0; times < 2; times++) await loop.send('cmcd/requests', 'application/x-ndjson', lines)
    await loop.settle()
    const [{ landed } = assert.fail()] = await loop.store.rows<{ landed: number }>({
      sql: 'SELECT toFloat64(count()) AS landed FROM delivery_requests',
    })
    assert.equal(landed, lines.length)
    const { tracks } = await get<{ tracks: { requests: Record<string, unknown>[] } }>(
      `sessions/${encodeURIComponent(id)}?clock=live`,
    )
    assert.deepEqual(
      tracks.requests.map(({ path, bytes, oca, title_id, cache, cmcd }) => ({
        path,
        bytes,
        oca,
        title_id,
        cache,
        cmcd,
      })),
      [1, 2, 3].map((n) => ({
        path: `/film/${n}.m4s`,
        bytes: 1_000 * n,
        oca: 'oca-1',
        title_id: 'film',
        cache: 'hit',
        cmcd: { br: '3000', cid: 'film', sid: id, v: '1' },
      })),
    )
  })
})
