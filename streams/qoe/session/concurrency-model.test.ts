import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, distinct, START } from '../../../producers/player/testing.ts'
import type { Rule } from '../metrics/concurrency.ts'
import { LEFT_MS } from './presence.ts'
import { segmentsOf, type TelemetryRecord } from './record.ts'
import { firstFrameBy, reduceSession, type Session } from './reduce.ts'
import { IDLE_MS } from './rules.ts'
import { ask, landed, landOn, own, useStore } from './testing-concurrency.ts'

describe('how many are there at once, on any sessions', () => {
  useStore()

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
                // Plain CMCD has one segment a session.
                ...(cmcd === 0 ? { source: 'cmcd', segment: 0, oca: '', pathway: '' } : { source: '' }),
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
          await landOn(clock, twisted.slice(half))
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
      from: n.session_start + (rule === 'conviva' ? firstFrameBy(n.startup_ms) : 0),
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
