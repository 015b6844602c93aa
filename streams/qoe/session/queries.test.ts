import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Query, type Store } from '../../../platform/clickhouse/index.ts'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, distinct, START } from '../../../producers/player/testing.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { METRICS, type Metric } from '../metrics.ts'
import { migrations } from '../migrations.ts'
import { readMetrics, type MetricsRow, type StoredRow, type Value } from './answer.ts'
import type { Dimension } from './ask.ts'
import { landRecords, settle } from './fixture.ts'
import {
  errorsQuery,
  nextCursor,
  readSessions,
  readSums,
  sessionsQuery,
  sumsQuery,
  type Cursor,
  type ErrorRow,
  type SessionRow,
} from './list.ts'
import { byTime, metricsQuery, type MetricsAsk } from './queries.ts'
import { segmentsOf, type TelemetryRecord } from './record.ts'
import { reduceSession, type Session } from './reduce.ts'
import { readRecord, sessionsOf, timelineQueries } from './timeline.ts'

const CLOCK = 'replay:questions'
const OVER = START + 4_000_000
const SCOPE = { clock: CLOCK, from: START - 10_000, to: START + 10_000, now: OVER }
const COUNTRIES = ['DE', 'FR', 'NL']
const metric = (id: string): Metric => METRICS.find((each) => each.id === id) ?? assert.fail(id)

describe('questions about sessions', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-questions-'))
  let store: Store
  let sessions: Session[]
  let records: TelemetryRecord[]
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [
      ...(['playback.telemetry', 'delivery.decisions', 'delivery.requests', 'viewer.actions'] as const).flatMap(
        (topic) => landingMigrations(topic),
      ),
      ...migrations,
    ])
    records = fc.sample(anySetup, { numRuns: 120, seed: 7 }).flatMap((any, i): TelemetryRecord[] =>
      distinct(playAll(any).beacons)
        .filter(({ seq }) => (seq + i) % 13 !== 12 || i % 3 > 0)
        .map((record) => ({
          ...record,
          session_id: `s${String(i).padStart(3, '0')}`,
          clock: CLOCK,
          country: COUNTRIES[i % 3]!,
          profile_id: `profile-${i % 10}`,
          source: i % 20 === 19 ? 'cmcd' : '',
        })),
    )
    await landRecords(store, records, { offset: 0 })
    await settle(store)
    sessions = [...Map.groupBy(segmentsOf(records), ({ session_id: id }) => id).values()].map((own) =>
      reduceSession(own, OVER)!,
    )
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const ask = async (more: Partial<MetricsAsk> & Pick<MetricsAsk, 'metrics'>): Promise<MetricsRow[]> => {
    const whole = { ...SCOPE, ...(more.metrics[0]!.time === 'end' ? { to: OVER } : {}), ...more }
    return readMetrics(await store.rows<StoredRow>(metricsQuery(whole)), whole)
  }
  const only = ([row]: readonly MetricsRow[]): Value => row?.values[0] ?? assert.fail('no row')
  const sum = (of: readonly number[]): number => of.reduce((total, each) => total + each, 0)
  const exact = (): Session[] => sessions.filter(({ numbers }) => numbers.exact === 1)

  it('are answered of every metric there is, from the sums of the sessions', async () => {
    for (const own of byTime(METRICS)) {
      const [row] = await ask({ metrics: own, quantiles: [0.5, 0.95], histogram: true })
      assert.equal(row!.sessions, sessions.length)
      for (const { metric: id, value, low, high, denominator } of row!.values) {
        if (denominator === 0) continue
        assert.ok(value !== null && Number.isFinite(value), id)
        assert.ok(
          low === null ? metric(id).loss === 'net' : high === null || low <= high + 1e-9,
          `${id}: ${low} to ${high}`,
        )
      }
    }
    const ratio = only(await ask({ metrics: [metric('rebuffer_ratio:cta2066')] }))
    assert.deepEqual(
      [ratio.numerator, ratio.denominator],
      [sum(exact().map(({ numbers }) => numbers.stall_ms)), sum(exact().map(({ numbers }) => numbers.watched_ms))],
    )
    const startup = only(await ask({ metrics: [metric('startup.mean:cta2066')] }))
    const started = sessions.filter(({ numbers }) => numbers.play === 1).map(({ numbers }) => numbers.startup_ms)
    assert.deepEqual([startup.numerator, startup.denominator], [sum(started), started.length])
  })

  it('keep what Media3 promises: the wait ratio is the sum of its three parts', async () => {
    const [row] = await ask({
      metrics: ['wait_ratio:media3', 'join_ratio:media3', 'rebuffer_ratio:media3', 'seek_ratio:media3'].map(metric),
    })
    const [wait, ...parts] = row!.values.map(({ numerator }) => numerator)
    assert.equal(wait, sum(parts))
  })

  it('have cells that sum to the whole, by what is constant in a session and by what is not', async () => {
    for (const own of byTime(METRICS)) {
      const [whole] = await ask({ metrics: own })
      for (const dimension of ['country', 'oca', 'asn'] as const) {
        const cells = await ask({ metrics: own, groupBy: [dimension] })
        for (const [i, { metric: id, numerator, denominator }] of whole!.values.entries()) {
          assert.equal(sum(cells.map(({ values }) => values[i]!.numerator)), numerator, `${id} by ${dimension}`)
          assert.equal(sum(cells.map(({ values }) => values[i]!.denominator)), denominator, `${id} by ${dimension}`)
        }
        assert.equal(sum(cells.map(({ hidden_ms: hidden }) => hidden)), whole!.hidden_ms, dimension)
      }
    }
  })

  it('have rows under every cell that recompute to it, a page at a time', async () => {
    const metrics = [metric('rebuffer_ratio:cta2066'), metric('startup.mean:cta2066'), metric('ebvs_rate:conviva')]
    for (const groupBy of [['country', 'device'], ['oca', 'country'], ['pathway']] as Dimension[][]) {
      for (const cell of (await ask({ metrics, groupBy })).slice(0, 2)) {
        const filters = Object.fromEntries(Object.entries(cell.dimensions).map(([name, text]) => [name, [text]]))
        const rows: SessionRow[] = []
        for (let cursor: Cursor | undefined, first = true; first || cursor !== undefined; first = false) {
          const question = {
            ...SCOPE,
            filters,
            metrics,
            order: 'stalled' as const,
            limit: 20,
            ...(cursor === undefined ? {} : { after: cursor }),
          }
          const page = readSessions(await store.rows<StoredRow>(sessionsQuery(question)), question)
          rows.push(...page)
          cursor = nextCursor(page, question)
        }
        assert.equal(rows.length, cell.sessions)
        assert.equal(new Set(rows.map(({ session_id: id }) => id)).size, rows.length)
        const question = { ...SCOPE, filters, metrics, order: 'start' as const, limit: 1 }
        const sums = readSums(await store.rows<StoredRow>(sumsQuery(question)), question)
        assert.deepEqual(
          sums,
          {
            sessions: rows.length,
            parts: cell.values.map(({ metric: id, numerator, denominator }) => ({
              metric: id,
              numerator,
              denominator,
            })),
          },
          'of all pages, whatever the page',
        )
        for (const [i, { numerator, denominator }] of cell.values.entries()) {
          assert.deepEqual(
            [sum(rows.map(({ parts }) => parts[i]!.numerator)), sum(rows.map(({ parts }) => parts[i]!.denominator))],
            [numerator, denominator],
          )
        }
      }
    }
  })

  it('count those that were open in a period, whenever they began, as often as there are periods to compare', async () => {
    const [from, to] = [START + 30_000, START + 40_000]
    const open = sessions.filter(({ numbers }) => numbers.session_start < to && numbers.last_time >= from)
    assert.ok(open.length > 0 && open.length < sessions.length)
    const metrics = [metric('stall_count:cta2066'), metric('finish_rate:playloop')]
    const [row, before] = await ask({ metrics, from, to, time: 'open', compare: { from: from - 10_000, to: from } })
    assert.deepEqual(
      [row!.sessions, row!.values[0]!.numerator],
      [open.length, sum(open.map(({ numbers }) => numbers.stall_count))],
    )
    assert.equal(
      before!.sessions,
      sessions.filter(({ numbers }) => numbers.session_start < from && numbers.last_time >= from - 10_000).length,
    )
  })

  it('bound what lost telemetry hides: the truth lies between low and high', async () => {
    const whole = fc.sample(anySetup, { numRuns: 120, seed: 7 }).map((any) => playAll(any).totals)
    const stalls = sum(whole.map((totals) => totals.stallConnectionMs + totals.stallDecoderMs + totals.stallAdMs))
    const ratio = only(await ask({ metrics: [metric('rebuffer_ratio:cta2066')] }))
    const truth = stalls / sum(whole.map(({ watchedTimeMs }) => watchedTimeMs))
    assert.ok(ratio.low! <= truth && truth <= ratio.high!, `${ratio.low} <= ${truth} <= ${ratio.high}`)
    const [row] = await ask({ metrics: [metric('attempts:playloop')] })
    assert.ok(row!.completeness! < 1 && row!.completeness! > 0.9)
  })

  it('promise of plain CMCD bounds only, and what it counts exactly', async () => {
    const filters = { source: ['cmcd'] }
    const ratio = only(await ask({ metrics: [metric('rebuffer_ratio:cta2066')], filters }))
    assert.deepEqual([ratio.value, ratio.low! >= 0, ratio.high! > ratio.low!], [null, true, true])
    const startup = only(await ask({ metrics: [metric('startup.mean:cta2066')], filters }))
    assert.ok(startup.value! > 0)
  })

  it('have quantiles within half a percent, of any values', async () => {
    const [row] = await ask({ metrics: [metric('startup.mean:cta2066')], quantiles: [0.1, 0.5, 0.9, 1], histogram: true })
    const started = sessions
      .filter(({ numbers }) => numbers.play === 1)
      .map(({ numbers }) => numbers.startup_ms)
      .sort((a, b) => a - b)
    for (const [i, p] of [0.1, 0.5, 0.9, 1].entries()) {
      const [seen, true_] = [row!.values[0]!.quantiles![i]!, started[Math.ceil(p * started.length) - 1]!]
      assert.ok(Math.abs(seen - true_) <= Math.max(1, true_ * 0.005), `p${p}: ${seen} of ${true_}`)
    }
    assert.equal(sum(row!.values[0]!.histogram!.map(([, count]) => count)), started.length)
  })

  it('sort cells by what they cost the whole, and compare periods and intervals', async () => {
    const metrics = [metric('rebuffer_ratio:cta2066')]
    const cells = await ask({ metrics, groupBy: ['country'], sort: 'negative_impact' })
    const [n, d] = [
      sum(cells.map(({ values }) => values[0]!.numerator)),
      sum(cells.map(({ values }) => values[0]!.denominator)),
    ]
    const impacts = cells.map(({ values }) => values[0]!.numerator - (values[0]!.denominator * n) / d)
    assert.deepEqual(
      impacts,
      impacts.toSorted((a, b) => b - a),
    )
    assert.equal((await ask({ metrics, groupBy: ['country'], limit: 2 })).length, 2)
    const halves = await ask({ metrics, from: START - 10_000, to: START, compare: { from: START, to: START + 10_000 } })
    assert.equal(sum(halves.map(({ values }) => values[0]!.denominator)), d)
    assert.deepEqual(new Set(halves.map(({ period }) => period)), new Set([0, 1]))
    const steps = await ask({ metrics, interval: 1_000 })
    assert.equal(sum(steps.map(({ values }) => values[0]!.denominator)), d)
    assert.ok(steps.length > 5 && steps.every(({ at }) => (at - SCOPE.from) % 1_000 === 0))
  })

  it('score as Mux publishes it', async () => {
    const at = async (parts: Partial<TelemetryRecord>): Promise<(number | null)[]> => {
      const clock = `replay:score-${scores++}`
      await landRecords(
        store,
        [
          {
            clock,
            session_id: 'x',
            instance: START,
            segment: 0,
            seq: 0,
            event_time: START + 1,
            session_start: START,
            segment_start: START,
            event: 'ps',
            state: 'q',
            ...parts,
          },
        ],
        { offset: records.length + scores },
      )
      await settle(store)
      const [row] = await ask({
        clock,
        metrics: [
          'playback_success_score:mux',
          'startup_score:mux',
          'smoothness_score:mux',
          'video_quality_score:mux',
        ].map(metric),
      })
      return row!.values.map(({ value }) => (value === null ? null : Math.round(value * 10) / 10))
    }
    let scores = 0
    assert.deepEqual(
      await at({ startup_ms: 400, starting_ms: 400, playing_ms: 100_000, media_ms: 100_000 }),
      [100, 95.2, 100, 100],
    )
    assert.deepEqual(
      await at({
        startup_ms: 8_000,
        starting_ms: 8_000,
        playing_ms: 82_000,
        stall_connection_ms: 10_000,
        stall_connection_count: 2,
        media_ms: 82_000,
        upscale_permille_ms: 41_000_000,
        upscale_max_permille: 500,
      }),
      [100, 50, 53.7, 84.8],
    )
    assert.deepEqual(await at({ starting_ms: 5_000 }), [50, null, null, null])
    assert.deepEqual(await at({ starting_ms: 500 }), [null, null, null, null])
    assert.deepEqual(await at({ starting_ms: 500, state: 'f', errors_fatal: 1, errors_technical: 1 }), [
      0,
      null,
      null,
      null,
    ])
  })

  it('tell a session whole: its records, and what the metrics made of them', async () => {
    const wanted = sessions[4]!
    const tracks = timelineQueries({ clock: CLOCK, session_id: wanted.session_id })
    const found = await Promise.all(Object.values(tracks).map((query: Query) => store.rows<StoredRow>(query)))
    const own = found[0]!.map(readRecord)
    assert.equal(own.length, records.filter(({ session_id: id }) => id === wanted.session_id).length)
    const text = (session: Session | undefined): string =>
      JSON.stringify(session, (_, value: unknown) =>
        value instanceof Map ? [...(value as Map<unknown, unknown>)] : value,
      )
    assert.equal(text(sessionsOf(own, OVER)[0]), text(wanted))
  })

  it('list errors with who had them and when, and find the sessions of a code and of a profile', async () => {
    const rows = await store.rows<ErrorRow>(errorsQuery(SCOPE))
    const codes = sessions.flatMap(({ errors }) => [...errors.keys()])
    assert.deepEqual(
      rows.map(({ kind, code, sessions: count }) => [`${kind}:${code}`, count]).sort(),
      [...Map.groupBy(codes, (key) => key)].map(([key, all]) => [key, all.length]).sort(),
    )
    const [top] = rows
    const filters = { error_code: [top!.code] }
    const listed = readSessions(
      await store.rows<StoredRow>(sessionsQuery({ ...SCOPE, filters, order: 'errors', limit: 200 })),
      {},
    )
    assert.equal(
      listed.length,
      sessions.filter(({ errors }) => [...errors.keys()].some((key) => key.endsWith(`:${top!.code}`))).length,
    )
    assert.deepEqual([top!.first <= top!.last, top!.devices.length > 0], [true, true])
    const own = readSessions(
      await store.rows<StoredRow>(
        sessionsQuery({ ...SCOPE, filters: { profile_id: ['profile-3'] }, order: 'start', limit: 200 }),
      ),
      {},
    )
    assert.deepEqual(
      own.map(({ session_id: id }) => id).sort(),
      sessions
        .map(({ session_id: id }) => id)
        .filter((_, i) => i % 10 === 3)
        .sort(),
    )
  })
})
