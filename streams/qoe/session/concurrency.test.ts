import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, distinct, START } from '../../../producers/player/testing.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { CONCURRENCY, type Rule } from '../metrics/concurrency.ts'
import { migrations } from '../migrations.ts'
import type { MetricsRow, StoredRow } from './answer.ts'
import { concurrencyQuery, readConcurrency, type ConcurrencyAsk } from './concurrency.ts'
import { landRecords, settle } from './fixture.ts'
import { LEFT_MS } from './presence.ts'
import { segmentsOf, type TelemetryRecord } from './record.ts'
import { reduceSession, type Session } from './reduce.ts'
import { IDLE_MS } from './rules.ts'

/** A whole minute. */
const T0 = 1_700_000_040_000
const HOUR_MS = 3_600_000
const own = (rule: Rule): ConcurrencyAsk['metrics'] => CONCURRENCY.filter((each) => each.rule === rule)

describe('how many are there at once', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-concurrency-'))
  let store: Store
  let [offset, clocks] = [0, 0]
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await migrate(store, [
      ...(['playback.telemetry', 'delivery.decisions', 'delivery.requests', 'viewer.actions'] as const).flatMap(
        (topic) => landingMigrations(topic),
      ),
      ...migrations,
    ])
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Lands records on a clock of their own. */
  const landed = async (records: readonly TelemetryRecord[]): Promise<string> => {
    const clock = `replay:concurrency-${clocks++}`
    await landRecords(
      store,
      records.map((record) => ({ ...record, clock })),
      { offset },
    )
    offset += records.length
    await settle(store)
    return clock
  }
  const ask = async (question: Omit<ConcurrencyAsk, 'now'> & { now?: number }): Promise<MetricsRow[]> => {
    const whole = { now: question.to + HOUR_MS, ...question }
    return readConcurrency(await store.rows<StoredRow>(concurrencyQuery(whole)), whole)
  }
  /** Second of the interval, peak, average. */
  const shown = (rows: readonly MetricsRow[], period = 0): (number | null)[][] =>
    rows
      .filter((row) => row.period === period)
      .map(({ at, values }) => [
        (at - T0) / 1_000,
        ...values.map(({ value }) => (value === null ? null : Math.round(value * 1_000) / 1_000)),
      ])

  /** A session of the states [seconds after T0, state]; it is over with 'q', 'e' or 'f'. */
  const playing = (
    id: string,
    states: readonly (readonly [number, string])[],
    parts: Partial<TelemetryRecord> = {},
  ): TelemetryRecord[] => {
    const spent = { starting_ms: 0, playing_ms: 0, stall_connection_ms: 0, paused_ms: 0 }
    const start = T0 + states[0]![0] * 1_000
    const names: Readonly<Record<string, keyof typeof spent>> = {
      s: 'starting_ms',
      p: 'playing_ms',
      r: 'stall_connection_ms',
      a: 'paused_ms',
    }
    return states.map(([at, state], seq) => {
      const [since, was] = states[seq - 1] ?? [at, 's']
      spent[names[was]!] += (at - since) * 1_000
      const shown = states.slice(0, seq + 1).find(([, each]) => each === 'p')
      return {
        clock: '',
        session_id: id,
        instance: start,
        segment: 0,
        seq,
        event_time: T0 + at * 1_000,
        session_start: start,
        segment_start: start,
        event: 'ps',
        state,
        ...spent,
        ...(shown === undefined ? {} : { startup_ms: T0 + shown[0] * 1_000 - start }),
        ...parts,
      }
    })
  }

  it('counts two that overlap, the peak reached in the middle of an interval, and mean over its length', async () => {
    const clock = await landed([
      ...playing(
        'a',
        [
          [0, 's'],
          [2, 'p'],
          [100, 'q'],
        ],
        { country: 'DE' },
      ),
      ...playing(
        'b',
        [
          [68, 's'],
          [70, 'p'],
          [90, 'q'],
        ],
        { country: 'FR' },
      ),
    ])
    const question = { clock, from: T0, to: T0 + 180_000, interval: 60_000 }
    assert.deepEqual(shown(await ask({ ...question, metrics: own('conviva') })), [
      [0, 1, 0.967],
      [60, 2, 1],
    ])
    assert.deepEqual(
      shown(await ask({ ...question, metrics: own('playloop') })),
      [
        [0, 1, 1],
        [60, 2, 1.033],
      ],
      'from the request on',
    )
    const [whole] = await ask({ ...question, interval: 180_000, metrics: own('conviva') })
    assert.deepEqual(
      [
        whole!.sessions,
        whole!.values[0]!.value,
        whole!.values[1]!.numerator,
        whole!.values[1]!.denominator,
        whole!.completeness,
      ],
      [2, 2, 118_000, 180_000, 1],
    )
    const parted = await ask({ ...question, metrics: own('conviva'), groupBy: ['country'] })
    assert.deepEqual(
      parted.map(({ dimensions, values }) => [dimensions['country'], values[0]!.value, values[1]!.numerator]),
      [
        ['DE', 1, 58_000],
        ['DE', 1, 40_000],
        ['FR', 1, 20_000],
      ],
    )
    assert.deepEqual(shown(await ask({ ...question, metrics: own('conviva'), filters: { country: ['FR'] } })), [
      [60, 1, 0.333],
    ])
  })

  it('leaves out who paused by the rule of Mux, and nobody by that of Conviva', async () => {
    const clock = await landed(
      playing('a', [
        [0, 's'],
        [2, 'p'],
        [60, 'a'],
        [120, 'a'],
        [180, 'p'],
        [240, 'q'],
      ]),
    )
    const question = { clock, from: T0, to: T0 + 300_000, interval: 60_000 }
    assert.deepEqual(shown(await ask({ ...question, metrics: own('conviva') })), [
      [0, 1, 0.967],
      [60, 1, 1],
      [120, 1, 1],
      [180, 1, 1],
    ])
    assert.deepEqual(
      shown(await ask({ ...question, metrics: own('mux') })),
      [
        [0, 1, 1],
        [60, 0, 0],
        [120, 0, 0],
        [180, 1, 1],
      ].filter(([, peak]) => peak! > 0),
    )
  })

  it('leaves out who stalls for more than five minutes, by the rule of Mux', async () => {
    const beats = Array.from({ length: 9 }, (_, i) => [60 + i * 60, 'r'] as const)
    const clock = await landed(playing('a', [[0, 's'], [2, 'p'], ...beats, [600, 'p'], [660, 'q']]))
    const rows = await ask({ clock, from: T0, to: T0 + 660_000, interval: 60_000, metrics: own('mux') })
    assert.deepEqual(
      shown(rows).map(([at]) => at),
      [0, 60, 120, 180, 240, 300, 600],
    )
  })

  it('puts who leaves at an edge before it and who comes at it after it: nobody is there twice', async () => {
    const clock = await landed([
      ...playing('a', [
        [0, 's'],
        [0, 'p'],
        [60, 'q'],
      ]),
      ...playing('b', [
        [60, 's'],
        [60, 'p'],
        [120, 'q'],
      ]),
    ])
    for (const rule of ['conviva', 'playloop', 'mux'] as const) {
      assert.deepEqual(
        shown(await ask({ clock, from: T0, to: T0 + 180_000, interval: 60_000, metrics: own(rule) })),
        [
          [0, 1, 1],
          [60, 1, 1],
        ],
        rule,
      )
    }
  })

  it('takes who is silent for there for 30 s; at least with the last record gone, at most there for half an hour', async () => {
    const clock = await landed(
      playing('a', [
        [0, 's'],
        [0, 'p'],
        [60, 'p'],
      ]),
    )
    for (const rule of ['conviva', 'playloop', 'mux'] as const) {
      const [row] = await ask({ clock, from: T0, to: T0 + HOUR_MS, metrics: own(rule) })
      assert.deepEqual(
        row!.values.map(({ low, value, high }) => [low, value, high]),
        [[1, 1, 1], [60_000, 60_000 + LEFT_MS, 60_000 + IDLE_MS].map((ms) => ms / HOUR_MS)],
        rule,
      )
      const [young] = await ask({ clock, from: T0, to: T0 + HOUR_MS, now: T0 + 70_000, metrics: own(rule) })
      assert.deepEqual(
        young!.values.map(({ value }) => value),
        [1, 1],
        `${rule}: the interval ends now`,
      )
    }
  })

  it('compares with another period, and sorts cells by how many', async () => {
    const clock = await landed(
      ['a', 'b', 'c'].flatMap((id, i) => [
        ...playing(
          id,
          [
            [0, 's'],
            [0, 'p'],
            [60, 'q'],
          ],
          { device: i === 0 ? 'tv' : 'phone' },
        ),
        ...(i === 0
          ? playing(
              'd',
              [
                [600, 's'],
                [600, 'p'],
                [630, 'q'],
              ],
              { device: 'tv' },
            )
          : []),
      ]),
    )
    const rows = await ask({
      clock,
      from: T0 + 600_000,
      to: T0 + 660_000,
      compare: { from: T0, to: T0 + 60_000 },
      interval: 30_000,
      metrics: own('conviva'),
    })
    assert.deepEqual(
      [shown(rows, 0), shown(rows, 1)],
      [
        [[600, 1, 1]],
        [
          [0, 3, 3],
          [30, 3, 3],
        ],
      ],
    )
    const cells = await ask({ clock, from: T0, to: T0 + 60_000, groupBy: ['device'], metrics: own('conviva') })
    assert.deepEqual(
      cells.map(({ dimensions, values }) => [dimensions['device'], values[0]!.value]),
      [
        ['phone', 2],
        ['tv', 1],
      ],
    )
  })

  it('is what counting every millisecond gives, whatever the order, copies and batches of the records, and what is lost of them', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            any: anySetup,
            shift: fc.integer({ min: -100_000, max: 60_000 }),
            country: fc.constantFrom('DE', 'FR'),
            cmcd: fc.integer({ max: 9, min: 0 }),
          }),
          { minLength: 2, maxLength: 8 },
        ),
        fc.constantFrom(['country'] as const, ['oca'] as const, ['oca', 'country'] as const, [] as const),
        fc.constantFrom(7_000, 60_000, 400_000),
        fc.integer({ min: 0, max: 300_000 }),
        lots,
        async (plays, groupBy, interval, later, stream) => {
          const sent = plays
            .flatMap(({ any, shift, country, cmcd }, i) =>
              distinct(playAll(any).beacons).map((record): TelemetryRecord => ({
                ...record,
                session_id: `s${i}`,
                country,
                source: cmcd === 0 ? 'cmcd' : '',
                event_time: record.event_time + shift,
                instance: record.instance + shift,
                session_start: record.session_start + shift,
                segment_start: record.segment_start + shift,
              })),
            )
            .filter(() => next(stream) >= 10)
          const twisted = [...sent, ...sent.filter(() => next(stream) < 20)]
            .map((record) => ({ record, lot: next(stream) }))
            .sort((a, b) => a.lot - b.lot)
            .map(({ record }) => record)
          const half = Math.floor(twisted.length / 2)
          const clock = await landed(twisted.slice(0, half))
          await landRecords(
            store,
            twisted.slice(half).map((record) => ({ ...record, clock })),
            { offset },
          )
          offset += twisted.length - half
          await settle(store)
          const [from, to, now] = [START, START + 200_000, START + 100_000 + later]
          for (const rule of ['conviva', 'playloop', 'mux'] as const) {
            const rows = await ask({ clock, from, to, now, interval, groupBy, metrics: own(rule) })
            const seen = rows.map(({ at, dimensions, values }) => [
              JSON.stringify([dimensions['oca'], dimensions['country']]),
              at,
              ...values.map(({ low, value, high }) => [low, value, high].map((each) => Math.round(each! * 1e6) / 1e6)),
            ])
            assert.deepEqual(
              seen.sort(),
              counted({ rule, records: sent, from, to: Math.min(to, now), now, interval, groupBy }).sort(),
              rule,
            )
          }
        },
      ),
      { numRuns: 10 },
    ))
})

const lots = fc.infiniteStream(fc.nat(99))
const next = (stream: Iterator<number>): number => stream.next().value as number

interface Stretch {
  readonly from: number
  readonly to: number
  readonly weights: readonly [number, number, number]
}
interface Counting {
  readonly rule: Rule
  readonly records: readonly TelemetryRecord[]
  readonly from: number
  readonly to: number
  readonly now: number
  readonly interval: number
  readonly groupBy: readonly ('oca' | 'country')[]
}

/**
 * Millisecond by millisecond: who is there, and what part of the session it is. [cell, interval, peak, average] with
 * the least, the likely and the most.
 */
function counted({ rule, records, from, to, now, interval, groupBy }: Counting): unknown[] {
  const cells = new Map<string, Float64Array[]>()
  for (const [, of] of Map.groupBy(records, ({ session_id: id }) => id)) {
    const states = segmentsOf(of).sort((a, b) => a.segment - b.segment)
    const session = reduceSession(states, now)!
    for (const { from: since, to: until, weights } of rule === 'mux'
      ? watched(of, session, now)
      : present(session, rule)) {
      for (let ms = Math.max(since, from); ms < Math.min(until, to); ms++) {
        const at = Math.max(
          0,
          states.findLastIndex(({ most }) => most.segment_start <= ms),
        )
        const key = JSON.stringify([
          groupBy.includes('oca') ? states[at]!.dimensions.oca : undefined,
          groupBy.includes('country') ? session.dimensions.country : undefined,
        ])
        const levels =
          cells.get(key) ??
          cells
            .set(
              key,
              weights.map(() => new Float64Array(to - from)),
            )
            .get(key)!
        weights.forEach((weight, i) => {
          levels[i]![ms - from]! += weight
        })
      }
    }
  }
  return [...cells].flatMap(([key, levels]) =>
    Array.from({ length: Math.ceil((to - from) / interval) }, (_, i) => {
      const own = levels.map((each) => each.subarray(i * interval, (i + 1) * interval))
      const [peaks, sums] = [
        own.map((each) => each.reduce((a, b) => Math.max(a, b), 0)),
        own.map((each) => each.reduce((a, b) => a + b, 0)),
      ]
      return {
        most: peaks[2]!,
        row: [
          key,
          from + i * interval,
          ...[peaks.map((each) => each / 10_000), sums.map((each) => each / own[0]!.length / 10_000)].map((three) =>
            three.map((each) => Math.round(each * 1e6) / 1e6),
          ),
        ],
      }
    })
      .filter(({ most }) => most > 0)
      .map(({ row }) => row),
  )
}

function present({ numbers: n }: Session, rule: 'conviva' | 'playloop'): Stretch[] {
  if (rule === 'conviva' && n.play === 0) return []
  return [
    {
      from: n.session_start + (rule === 'conviva' ? n.startup_ms : 0),
      to: n.last_time,
      weights: [10_000, 10_000, 10_000],
    },
    ...tail(n, now_(n), 10_000),
  ]
}
const now_ = ({ last_time: last, tail_ms: ms }: Session['numbers']): number => last + ms
const tail = (n: Session['numbers'], gone: number, weight: number): Stretch[] => {
  const left = n.ended === 1 ? n.last_time : Math.min(gone, n.last_time + LEFT_MS)
  return [
    { from: n.last_time, to: left, weights: [0, weight, 10_000] },
    { from: left, to: gone, weights: [0, 0, 10_000] },
  ]
}

/** From the last record of each minute of each segment to that of the next. */
function watched(records: readonly TelemetryRecord[], { numbers: n }: Session, now: number): Stretch[] {
  const [found, cmcd] = [[] as (Stretch & { readonly stalled: boolean })[], n.exact === 0]
  for (const [, of] of [...Map.groupBy(records, ({ segment }) => segment)].sort(([a], [b]) => a - b)) {
    let told = { at: of[0]!.segment_start, watched: 0, wall: 0, stall: 0 }
    for (const [, minute] of [...Map.groupBy(of, ({ event_time: at }) => Math.floor(at / 60_000))].sort(
      ([a], [b]) => a - b,
    )) {
      const most = (names: readonly (keyof TelemetryRecord)[]): number =>
        Math.max(...minute.map((record) => names.reduce((sum, name) => sum + Number(record[name] ?? 0), 0)))
      const then = {
        at: most(['event_time']),
        watched: most(WATCHED),
        wall: most([...WATCHED, 'paused_ms', 'waiting_ms']),
        stall: most(STALLED),
      }
      const grown = { watched: Math.max(0, then.watched - told.watched), wall: Math.max(0, then.wall - told.wall) }
      const length = Math.max(then.at - told.at, grown.wall, 1)
      const unknown = cmcd || then.at - told.at > 300_000
      const [share, most_] = unknown
        ? [0, 10_000]
        : [
            Math.floor((10_000 * grown.watched) / length),
            Math.floor((10_000 * (grown.watched + length - grown.wall)) / length),
          ]
      found.push({
        from: told.at,
        to: Math.min(then.at, told.at + IDLE_MS),
        weights: [share, share, most_],
        stalled: then.stall - told.stall >= Math.max(then.at - told.at, 1),
      })
      told = then
    }
  }
  const untold = found.slice(1).map((stretch, i): Stretch => ({
    from: found[i]!.to,
    to: Math.min(stretch.from, found[i]!.to + IDLE_MS),
    weights: [0, 0, 10_000],
  }))
  const cut = found.map((stretch, i) => {
    const run = found.slice(found.slice(0, i + 1).findLastIndex(({ stalled }) => !stalled) + 1, i + 1)
    return stretch.stalled ? { ...stretch, to: Math.min(stretch.to, run[0]!.from + 300_000) } : stretch
  })
  const paused = records.find(({ seq }) => seq === Math.max(...records.map((record) => record.seq)))!.state === 'a'
  return [
    ...cut,
    ...untold,
    ...tail(n, n.ended === 1 ? n.last_time : Math.min(now, n.last_time + IDLE_MS), cmcd || paused ? 0 : 10_000),
  ]
}

const STALLED = ['stall_connection_ms', 'stall_decoder_ms', 'stall_ad_ms'] as const
const WATCHED = ['starting_ms', 'playing_ms', 'seeking_ms', ...STALLED] as const
