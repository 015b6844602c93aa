import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { segmentsOf } from '../session/record.ts'
import { reduceSession, type Session } from '../session/reduce.ts'
import { IDLE_MS } from '../session/rules.ts'
import { anyTold, plainRecords, T, type Told } from './testing.ts'

const sessionOf = (told: readonly Told[], later = IDLE_MS): Session => {
  const records = plainRecords(told)
  const now = Math.max(...records.map(({ event_time: at }) => at)) + later
  return reduceSession(segmentsOf(records), now) ?? assert.fail('no session')
}
const numbers = (told: readonly Told[], later?: number): Session['numbers'] => sessionOf(told, later).numbers
/** The figures under these names. */
const figures = (told: readonly Told[], names: readonly (keyof Session['numbers'])[]): Record<string, number> => {
  const all = numbers(told)
  return Object.fromEntries(names.map((name) => [name, all[name]]))
}
/** A beat every 10 s, from and to in ms. */
const beats = (from: number, to: number, sta = 'p'): Told[] =>
  Array.from({ length: Math.floor((to - from) / 10_000) }, (_, i) => ({ at: from + (i + 1) * 10_000, sta, e: 't' }))

describe('the timeline of plain CMCD', () => {
  it('tells a play from its states alone: hls.js sends no start-up delay', () => {
    const told: Told[] = [{ at: 0, sta: 's' }, { at: 900, sta: 'p' }, ...beats(900, 60_900), { at: 65_000, sta: 'e' }]
    assert.deepEqual(
      figures(told, [
        'session_start',
        'play',
        'startup_ms',
        'finished',
        'ebvs',
        'starting_ms',
        'playing_ms',
        'hidden_ms',
      ]),
      {
        session_start: T,
        play: 1,
        startup_ms: 900,
        finished: 1,
        ebvs: 0,
        starting_ms: 900,
        playing_ms: 64_100,
        hidden_ms: 0,
      },
    )
  })

  it('tells stalls to the ms from changes of state, and neither start-up nor a seek as one', () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 300, sta: 'r' },
      { at: 440, sta: 'p' },
      { at: 10_000, sta: 'r' },
      { at: 12_000, sta: 'r', e: 't' },
      { at: 17_000, sta: 'p' },
      { at: 20_000, sta: 'k' },
      { at: 20_100, sta: 'r' },
      { at: 21_000, sta: 'p' },
      { at: 30_000, sta: 'a' },
      { at: 36_000, sta: 'p' },
      { at: 37_000, sta: 'r' },
      { at: 37_500, sta: 'p' },
      { at: 40_000, sta: 'e' },
    ]
    assert.deepEqual(
      figures(told, [
        'stall_count',
        'stall_ms',
        'starting_ms',
        'seeking_ms',
        'seek_count',
        'paused_ms',
        'pause_count',
        'wall_ms',
        'hidden_ms',
      ]),
      {
        stall_count: 2,
        stall_ms: 7_500,
        starting_ms: 440,
        seeking_ms: 1_000,
        seek_count: 1,
        paused_ms: 6_000,
        pause_count: 1,
        wall_ms: 40_000,
        hidden_ms: 0,
      },
    )
  })

  it('is there from its first record on where nothing tells the request, with an unknown start-up', () => {
    const told: Told[] = [
      { at: 0, sta: 'p', e: 't', sn: 5 },
      { at: 4_000, sta: 'q', sn: 6 },
    ]
    assert.deepEqual(
      figures(told, ['session_start', 'startup_ms', 'play', 'quit', 'ebvs', 'hidden_ms', 'playing_ms']),
      {
        session_start: T,
        startup_ms: -2,
        play: 1,
        quit: 1,
        ebvs: 0,
        hidden_ms: 0,
        playing_ms: 4_000,
      },
    )
  })

  it('takes a start-up delay only as of the first frame: dash.js sends the wait so far', () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 3, sta: 'r', msd: 1 },
      { at: 2_433, sta: 'p' },
    ]
    assert.deepEqual(figures(told, ['session_start', 'startup_ms']), { session_start: T, startup_ms: 2_433 })
    assert.deepEqual(figures(told.slice(0, 2), ['play', 'startup_ms']), { play: 0, startup_ms: -1 })
  })

  it('finds the request before the first frame by a delay that is told long after: shaka', () => {
    const told: Told[] = [
      { at: 30, sta: 'r' },
      { at: 800, sta: 'p' },
      { at: 10_000, sta: 'p', e: 't', msd: 800 },
    ]
    assert.deepEqual(figures(told, ['session_start', 'startup_ms', 'starting_ms', 'hidden_ms']), {
      session_start: T,
      startup_ms: 800,
      starting_ms: 800,
      hidden_ms: IDLE_MS,
    })
  })

  it('counts the first delay that is told, however often it is repeated', () => {
    const told = [{ at: 700, sta: 'p', sn: 2, msd: 700 }, ...beats(700, 60_700)].map((each, i) => ({
      ...each,
      sn: i + 2,
      msd: 700 + i,
    }))
    assert.deepEqual(figures(told, ['session_start', 'startup_ms']), { session_start: T, startup_ms: 700 })
  })

  it('hides the time before a record that lost ones precede, and a change that no record announced', () => {
    const lost: Told[] = [
      { at: 0, sta: 's' },
      { at: 500, sta: 'p' },
      { at: 10_500, sta: 'p', e: 't' },
      { at: 20_500, sta: 'r', e: 't', sn: 4 },
      { at: 22_000, sta: 'p', sn: 5 },
      { at: 32_000, sta: 'a', e: 't', sn: 6 },
      { at: 33_000, sta: 'q', sn: 7 },
    ]
    // The lost record may have been a seek: what followed it may be no stall.
    assert.deepEqual(figures(lost, ['stall_ms', 'stall_count', 'playing_ms', 'paused_ms', 'hidden_ms']), {
      stall_ms: 0,
      stall_count: 0,
      playing_ms: 10_000,
      paused_ms: 1_000,
      hidden_ms: 21_500,
    })
  })

  it('bounds a start-up whose end was lost by the first frame that is seen', () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 9_000, sta: 'p', e: 't', sn: 3 },
      { at: 19_000, sta: 'q', sn: 4 },
    ]
    assert.deepEqual(figures(told, ['play', 'startup_ms', 'ebvs', 'quit']), {
      play: 1,
      startup_ms: -9_002,
      ebvs: 0,
      quit: 1,
    })
  })

  it('takes a player at its word that counts its stalls itself', () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 500, sta: 'p' },
      { at: 30_500, sta: 'p', e: 't', sn: 9, bsa: 2, bsda: 3_000 },
    ]
    assert.deepEqual(figures(told, ['stall_count', 'stall_ms', 'hidden_ms']), {
      stall_count: 2,
      stall_ms: 3_000,
      hidden_ms: 27_000 + IDLE_MS,
    })
  })

  it('survives what the standard shows: a stall that ends before it began, a sequence from 1', () => {
    const told = [
      { at: 0, sta: 's' },
      { at: 500, sta: 'p' },
      { at: 9_000, sta: 'r' },
      { at: 8_223, sta: 'p' },
      { at: 19_000, sta: 'e' },
    ].map((each, i) => ({ ...each, sn: i + 1 }))
    assert.deepEqual(figures(told, ['startup_ms', 'stall_ms', 'stall_count', 'playing_ms', 'wall_ms']), {
      startup_ms: 500,
      stall_ms: 0,
      stall_count: 1,
      playing_ms: 18_500,
      wall_ms: 19_000,
    })
  })

  it('orders records without numbers by time, and knows no loss among them', () => {
    const told = [
      { at: 0, sta: 's' },
      { at: 400, sta: 'p' },
      { at: 5_400, sta: 'r' },
      { at: 6_000, sta: 'p' },
      { at: 9_000, sta: 'e' },
    ].map((each) => ({ ...each, sn: 0 }))
    assert.deepEqual(figures(told.toReversed(), ['startup_ms', 'stall_ms', 'playing_ms', 'finished', 'hidden_ms']), {
      startup_ms: 400,
      stall_ms: 600,
      playing_ms: 8_000,
      finished: 1,
      hidden_ms: 0,
    })
  })

  it('goes on in the state before a response, which is dated by its request: time neither hides nor counts twice', () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 500, sta: 'p' },
      { at: 3_000, e: 'rr' },
      { at: 2_000, e: 'rr' },
      { at: 4_000, sta: 'r' },
      { at: 600, sta: 'p', e: 'rr' },
      { at: 6_500, sta: 'p' },
      { at: 10_000, sta: 'e' },
    ]
    assert.deepEqual(figures(told, ['stall_ms', 'playing_ms', 'wall_ms', 'hidden_ms']), {
      stall_ms: 2_500,
      playing_ms: 7_000,
      wall_ms: 10_000,
      hidden_ms: 0,
    })
  })

  it('knows no state from a response after a lost record', () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 500, sta: 'p' },
      { at: 3_000, e: 'rr', sn: 3 },
      { at: 9_000, sta: 'p', sn: 4 },
      { at: 10_000, sta: 'e', sn: 5 },
    ]
    assert.deepEqual(figures(told, ['playing_ms', 'stall_ms', 'hidden_ms']), {
      playing_ms: 1_000,
      stall_ms: 0,
      hidden_ms: 8_500,
    })
  })

  it('does not take a sleeping machine for a play', () => {
    const told: Told[] = [
      { at: 0, sta: 's' },
      { at: 400, sta: 'p' },
      { at: 8 * 3_600_000, sta: 'p', e: 't' },
    ]
    assert.equal(numbers(told).playing_ms, 0)
  })

  it('reads a player that loses its states by the start-up delay alone: the minified shaka', () => {
    const told: Told[] = [
      { at: 50, e: 'rr' },
      { at: 900, msd: 900 },
      { at: 10_000, e: 't' },
    ]
    assert.deepEqual(figures(told, ['play', 'startup_ms', 'session_start', 'wall_ms']), {
      play: 1,
      startup_ms: 900,
      session_start: T,
      wall_ms: 50,
    })
  })

  it('is a function of the set of its records, and hides no less than is missing', () =>
    fc.assert(
      fc.property(anyTold, fc.infiniteStream(fc.nat(99)), (told, stream) => {
        const lot = (): number => stream.next().value as number
        const twisted = [...told, ...told.filter(() => lot() < 30)]
          .map((each) => ({ each, at: lot() }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each)
        assert.deepEqual(sessionOf(twisted), sessionOf(told))
        const { numbers: n } = sessionOf(told)
        assert.equal(n.play === 1 ? n.ebvs : 0, 0)
        assert.ok(n.hidden_ms >= 0 && n.session_start >= T - 2_000_000, String(n.session_start - T))
      }),
      { numRuns: 500 },
    ))
})
