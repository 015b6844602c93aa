import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MINUTE_MS, minuteOf, SUMS } from '../definitions.ts'
import type { StateRow } from '../state.ts'
import type { Bounds } from './bounds.ts'
import { CHANGE, stateNumber } from '../plain/record.ts'
import { createLiveClock, type LiveClock } from './clock.ts'
import { T0 } from './fixture.ts'
import { OTHERS } from './places.ts'

/** A hash as the store makes it: bits without a pattern (splitmix64). */
function mixed(session: number): bigint {
  const turn = (value: bigint, shift: bigint, factor: bigint): bigint =>
    BigInt.asUintN(64, (value ^ (value >> shift)) * factor)
  const seed = BigInt.asUintN(64, BigInt(session + 1) * 0x9e3779b97f4a7c15n)
  const last = turn(turn(seed, 30n, 0xbf58476d1ce4e5b9n), 27n, 0x94d049bb133111ebn)
  return last ^ (last >> 31n)
}

/** The record of a session that has played since `start`, `at` ms of the clock. */
const rowOf = (session: number, at: number, more: Partial<StateRow> = {}, start = T0): StateRow => ({
  clock: 'world',
  partition: 0,
  offset: 0,
  received: at,
  sender: 1,
  key: mixed(session),
  country: 'DE',
  asn: 1,
  oca: 'oca-1',
  device: 'tv',
  app_version: '1',
  segment: 0,
  session_start: start,
  segment_start: start,
  startup_ms: 100,
  // minute, last_time, stall, watched, wall, media, bits, errors …, ended, clamped
  minute_state: [minuteOf(at), at, 0, at - start, at - start, at - start, 4 * (at - start), 0, 0, 0, 0, 0],
  plain: [],
  ...more,
})

/** Sums of a minute over all its cells. */
const sums = (live: LiveClock, minute: number): number[] =>
  SUMS.map((name) => live.cells(minute).reduce((sum, cell) => sum + cell[name], 0))
const bounded = (bounds: Bounds): LiveClock => createLiveClock(T0, 15, { bounds: () => bounds })
const OPEN: Bounds = { sessions: Infinity, values: Infinity, places: Infinity }

describe('a clock with more names than it holds', () => {
  const names = fc.array(
    fc.record({
      session: fc.nat(60),
      oca: fc.nat(20),
      country: fc.nat(20),
      second: fc.nat(600),
      roll: fc.boolean(),
    }),
    { maxLength: 150 },
  )

  it('has the same totals as one without bounds, at any time, and keeps to its bounds', () => {
    fc.assert(
      fc.property(names, (records) => {
        const bounds = { sessions: Infinity, values: 5, places: 8 }
        const [live, open] = [bounded(bounds), bounded(OPEN)]
        for (const { session, oca, country, second, roll } of records.toSorted((a, b) => a.second - b.second)) {
          const row = rowOf(session, T0 + second * 1_000, { oca: `o${oca}`, country: `c${country}` })
          for (const each of [live, open]) {
            each.take(row)
            if (roll) each.roll()
          }
          assert.deepEqual(live.minutes(), open.minutes())
          for (const minute of live.minutes()) {
            assert.deepEqual(sums(live, minute), sums(open, minute))
            assert.ok(live.cells(minute).length <= bounds.places + 1)
          }
        }
      }),
    )
  })

  it('keeps apart those with the most sessions, and says how many it does not', () => {
    const live = bounded({ sessions: Infinity, values: 10, places: 100 })
    for (let i = 0; i < 500; i++) live.take(rowOf(i, T0 + 5_000, { oca: `invented-${i}` }))
    for (let i = 500; i < 600; i++) live.take(rowOf(i, T0 + 5_000, { oca: `oca-${i % 4}` }))
    live.roll()
    const ocas = live.cells(T0).map(({ oca, attempts }) => `${oca} ${attempts}`)
    assert.deepEqual(ocas.filter((name) => !name.endsWith(' 0')).sort(), [
      `${OTHERS} 500`,
      'oca-0 25',
      'oca-1 25',
      'oca-2 25',
      'oca-3 25',
    ])
    assert.deepEqual(live.leftOut().values, { country: 0, asn: 0, oca: 500, device: 0, app_version: 0 })
  })
})

describe('a clock whose names change their places', () => {
  /** A record of plain CMCD: in turn playing, rebuffering and paused, as changes. */
  const plainOf = (session: number, at: number): Partial<StateRow> => ({
    startup_ms: -1,
    session_start: 0,
    segment_start: 0,
    minute_state: [minuteOf(at), at, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    plain: [(at - T0) / 10_000, at, CHANGE + (['s', 'p', 'r', 'p', 'a'] as const).map(stateNumber)[session % 5]!, -1],
  })
  const crowds = fc.array(fc.record({ oca: fc.nat(6), from: fc.nat(150), beats: fc.integer({ min: 1, max: 160 }) }), {
    minLength: 5,
    maxLength: 20,
  })

  it('tells the totals of one without bounds, and nothing below 0, of plain CMCD too', () => {
    fc.assert(
      fc.property(crowds, (all) => {
        const [live, open] = [bounded({ sessions: Infinity, values: 3, places: 3 }), bounded(OPEN)]
        for (let beat = 0; beat < 200; beat++) {
          const at = T0 + beat * 10_000
          for (const [session, { oca, from, beats }] of [{ oca: 9, from: 0, beats: 200 }, ...all].entries()) {
            if (beat < from || beat > from + beats) continue
            const plain = session % 2 === 0 ? {} : plainOf(session + beat, at)
            const row = rowOf(session, at, { oca: `o${oca}`, ...plain }, 'plain' in plain ? 0 : T0)
            for (const each of [live, open]) each.take(row)
          }
          for (const each of [live, open]) each.roll()
        }
        assert.deepEqual(live.minutes(), open.minutes())
        for (const minute of live.minutes()) {
          assert.deepEqual(sums(live, minute), sums(open, minute))
          for (const cell of live.cells(minute))
            for (const name of SUMS) assert.ok(cell[name] >= 0, `${name} ${cell[name]}`)
        }
      }),
      { numRuns: 5, endOnFailure: true },
    )
  })
})

describe('a clock with more sessions than it follows', () => {
  const bounds = { sessions: 100, values: 1_000, places: 1_000 }

  it('counts all of them, keeps those that were heard last, and leaves out what the others say later', () => {
    const live = bounded(bounds)
    const honest = Array.from({ length: 20 }, (_, i) => i)
    for (let second = 1; second <= 50; second++) {
      for (const session of honest) live.take(rowOf(session, T0 + second * 1_000))
      for (let i = 0; i < 40; i++) live.take(rowOf(1_000 + second * 40 + i, T0 + second * 1_000))
    }
    const [attempts, watched] = [SUMS.indexOf('attempts'), SUMS.indexOf('watched_ms')]
    assert.equal(sums(live, T0)[attempts], 20 + 50 * 40)
    assert.ok(live.segments <= bounds.sessions)
    assert.equal(live.leftOut().sessions, 0)
    const before = sums(live, T0)
    live.take(rowOf(1_040, T0 + 51_000))
    assert.deepEqual(sums(live, T0), before)
    assert.equal(live.leftOut().sessions, 1)
    live.take(rowOf(0, T0 + 51_000))
    assert.equal(sums(live, T0)[watched], before[watched]! + 1_000)
  })

  it('estimates how many it leaves out, and forgets them once its window has passed', () => {
    const live = bounded(bounds)
    const many = 2_000
    for (let i = 0; i < many; i++) live.take(rowOf(i, T0 + 1_000))
    for (let round = 0; round < 2; round++) for (let i = 0; i < many; i++) live.take(rowOf(i, T0 + 2_000))
    const { sessions } = live.leftOut()
    assert.ok(Math.abs(sessions - many) < many * 0.1, `${sessions} of about ${many}`)
    for (let minute = 1; minute <= 50; minute++) {
      for (let i = 0; i < 10; i++) live.take(rowOf(5_000 + i, T0 + minute * MINUTE_MS, {}, T0 + MINUTE_MS))
      live.roll()
    }
    assert.equal(live.leftOut().sessions, 0)
  })
})
