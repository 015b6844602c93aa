import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { reduce, type Step } from './reduce.ts'
import { isOver, type State } from './state.ts'
import type { Action, Facts, Sight } from './types.ts'

const T0 = 1_790_000_000_000
const OUTSET = {
  oca: 'oca-1',
  pathway: 'a',
  asn: 1,
  app_version: '1',
  bitrate_kbps: null,
  rendition: '',
  throughput_kbps: null,
}
const REST: Sight = {
  at: T0,
  position: 0,
  paused: false,
  seeking: false,
  ended: false,
  rate: 1_000,
  width: 640,
  height: 360,
  playerWidth: 1_280,
  playerHeight: 720,
  frames: 0,
  dropped: 0,
  buffer: 900,
  duration: 60_000,
}
const TIMES = [
  'starting_ms',
  'playing_ms',
  'stall_connection_ms',
  'stall_decoder_ms',
  'seeking_ms',
  'paused_ms',
  'waiting_ms',
] as const

type Heard = readonly [change: Partial<Sight>, action?: Action['type'] | Action]
interface Played {
  readonly state: State
  readonly records: readonly Facts[]
  readonly finals: readonly Facts[]
}

/** Plays a history; each look keeps what the one before saw but for what changed, `at` counted from T0. */
function play(history: readonly Heard[]): Played {
  let [step, sight]: [Step, Sight] = [{ state: undefined, out: [] }, REST]
  const [records, finals]: [Facts[], Facts[]] = [[], []]
  for (const [change, action = 'look'] of history) {
    sight = { ...sight, ...change, at: change.at === undefined ? sight.at : T0 + change.at }
    step = reduce(step.state, sight, typeof action === 'string' ? ({ type: action } as Action) : action, OUTSET)
    records.push(...step.out.map(({ facts }) => facts))
    finals.push(...step.out.filter(({ final }) => final).map(({ facts }) => facts))
  }
  return { state: step.state!, records, finals }
}

const spent = (counters: Readonly<Record<string, unknown>>): number =>
  TIMES.reduce((sum, name) => sum + Number(counters[name] ?? 0), 0)
/** Request at 0, first frame at 800. */
const START: readonly Heard[] = [
  [{ at: 0 }, 'play'],
  [{ at: 800 }, 'playing'],
]
/** Looks every 100 ms in which the playhead moves. */
const playing = (from: number, to: number, position: number): Heard[] =>
  Array.from({ length: (to - from) / 100 }, (_, i) => [
    { at: from + (i + 1) * 100, position: position + (i + 1) * 100 },
  ])
const frozen = (from: number, to: number): Heard[] =>
  Array.from({ length: (to - from) / 100 }, (_, i) => [{ at: from + (i + 1) * 100 }])

describe('what a playback comes to', () => {
  it('is start-up from the request to the first frame, then playing', () => {
    const { state, records } = play([...START, ...playing(800, 2_800, 0)])
    assert.deepEqual(
      [state.startup, state.counters.starting_ms, state.counters.playing_ms, state.counters.media_ms],
      [800, 800, 2_000, 2_000],
    )
    assert.deepEqual(
      records.map(({ event, state: phase, startup_ms: startup }) => [event, phase, startup]),
      [
        ['ps', 's', null],
        ['ps', 'p', 800],
      ],
    )
  })

  it('is nothing before it is asked for', () => {
    assert.deepEqual(play([[{ at: 0, paused: true }], [{ at: 9_000 }, 'beat'], [{ at: 9_100 }, 'leave']]).records, [])
  })

  it('has a stall where the playhead stands for a second, dated back to its last progress', () => {
    const before = play([...START, ...playing(800, 1_800, 0), ...frozen(1_800, 2_700)])
    assert.deepEqual(
      [before.state.phase, before.state.counters.playing_ms, before.state.counters.stall_connection_ms],
      ['p', 1_000, 0],
    )
    const { state, records } = play([
      ...START,
      ...playing(800, 1_800, 0),
      ...frozen(1_800, 3_800),
      ...playing(3_800, 4_800, 1_000),
    ])
    assert.deepEqual(
      [
        state.phase,
        state.counters.playing_ms,
        state.counters.stall_connection_ms,
        state.counters.stall_connection_count,
      ],
      ['p', 2_000, 2_000, 1],
    )
    assert.deepEqual(
      records.map(({ state: phase }) => phase),
      ['s', 'p', 'r', 'p'],
    )
  })

  it('credits a freeze of more than 250 ms, and none of less', () => {
    const of = (ms: number): unknown[] => {
      const { counters } = play([
        ...START,
        ...playing(800, 1_800, 0),
        ...frozen(1_800, 1_800 + ms),
        ...playing(1_800 + ms, 3_000 + ms, 1_000),
      ]).state
      return [counters.stall_connection_ms, counters.stall_connection_count, counters.playing_ms]
    }
    assert.deepEqual(of(600), [600, 1, 2_200])
    assert.deepEqual(of(200), [0, 0, 2_400])
  })

  it('blames the device where much is buffered', () => {
    const { counters } = play([
      ...START,
      ...playing(800, 1_800, 0),
      [{ at: 1_900, buffer: 8_000 }],
      ...frozen(1_900, 3_000),
    ]).state
    assert.deepEqual([counters.stall_decoder_count, counters.stall_connection_count], [1, 0])
  })

  it('has no stall in a seek, and one seek where seeks are close', () => {
    const { state, records } = play([
      ...START,
      ...playing(800, 1_800, 0),
      [{ at: 1_850, position: 30_000, seeking: true }, 'seeking'],
      [{ at: 2_850 }],
      [{ at: 3_000, position: 40_000 }, 'seeking'],
      [{ at: 4_300, seeking: false }],
      [{ at: 4_500 }, 'playing'],
      ...playing(4_500, 5_500, 40_000),
    ])
    assert.deepEqual(
      [state.counters.seek_count, state.counters.seeking_ms, state.counters.stall_connection_count, state.watchedFrom],
      [1, 2_650, 0, 40_000],
    )
    const seek = records.find(({ state: phase }) => phase === 'k')!
    assert.deepEqual([seek['watched_from_ms'], seek['playhead_ms']], [0, 1_000])
  })

  it('counts a seek that no look saw, and keeps a pause a pause while the viewer looks for a place', () => {
    const { state } = play([
      ...START,
      ...playing(800, 1_800, 0),
      [{ at: 1_900, paused: true }, 'pause'],
      [{ at: 5_000, position: 9_000 }, 'seeking'],
      [{ at: 6_900 }],
    ])
    assert.deepEqual(
      [state.counters.seek_count, state.counters.pause_count, state.counters.paused_ms, state.counters.seeking_ms],
      [1, 1, 5_000, 0],
    )
  })

  it('ends a stall by a pause', () => {
    const { state } = play([
      ...START,
      ...playing(800, 1_800, 0),
      ...frozen(1_800, 3_300),
      [{ at: 3_400, paused: true }, 'pause'],
      [{ at: 9_400 }],
    ])
    assert.deepEqual([state.counters.stall_connection_ms, state.counters.paused_ms], [1_600, 6_000])
  })

  it('takes a device that slept for waiting, unless media was played', () => {
    assert.equal(
      play([...START, ...playing(800, 1_800, 0), [{ at: 901_800, position: 1_000 }]]).state.counters.waiting_ms,
      900_000,
    )
    const { counters } = play([...START, ...playing(800, 1_800, 0), [{ at: 61_800, position: 61_000 }]]).state
    assert.deepEqual([counters.waiting_ms, counters.playing_ms, counters.stall_connection_count], [0, 61_000, 0])
  })

  it('is over with a reason, and begins anew when it is asked for again', () => {
    const { state, records } = play([
      ...START,
      ...playing(800, 1_800, 0),
      [{ at: 1_900, ended: true, paused: true }, 'pause'],
      [{ at: 4_000, ended: false, paused: false, position: 0 }, 'play'],
    ])
    assert.deepEqual(
      records.map(({ state: phase, end_reason: reason, seq, instance }) => [phase, reason, seq, Number(instance) - T0]),
      [
        ['s', undefined, 0, 0],
        ['p', undefined, 1, 0],
        ['e', 'finished', 2, 0],
        ['s', undefined, 0, 4_000],
      ],
    )
    assert.equal(state.counters.pause_count, 0)
  })

  it('has failed when it has not started in a minute, or by a fatal error; a business error is no technical one', () => {
    const late = play([[{ at: 0 }, 'play'], [{ at: 20_000 }], [{ at: 40_000 }], [{ at: 60_100 }]])
    assert.deepEqual(late.records.at(-1)!['end_reason'], 'start_timeout')
    const { records } = play([
      ...START,
      [{ at: 900 }, { type: 'error', failure: { code: 'NO_LICENCE', kind: 'business', fatal: false } }],
      [{ at: 1_000 }, { type: 'error', failure: { code: 'MEDIA_ERR_DECODE', kind: 'technical', fatal: true } }],
    ])
    assert.deepEqual(
      records
        .slice(-2)
        .map((each) => [
          each['error_code'],
          each['errors_business'],
          each['errors_technical'],
          each['errors_fatal'],
          each['state'],
        ]),
      [
        ['NO_LICENCE', 1, undefined, undefined, 'p'],
        ['MEDIA_ERR_DECODE', 1, 1, 1, 'f'],
      ],
    )
  })

  it('begins a segment where the appliance changes, and none where it does not', () => {
    const { state, finals } = play([
      ...START,
      ...playing(800, 1_800, 0),
      [{ at: 1_800 }, { type: 'update', dimensions: { oca: 'oca-1' } }],
      [{ at: 1_800 }, { type: 'update', dimensions: { oca: 'oca-2' } }],
      ...playing(1_800, 2_800, 1_000),
    ])
    assert.deepEqual(
      finals.map((each) => [each['oca'], each['segment'], each['starting_ms'], each['playing_ms']]),
      [['oca-1', 0, 800, 1_000]],
    )
    assert.deepEqual(
      [state.oca, state.segment, state.segmentStart - T0, state.counters.playing_ms, state.startup],
      ['oca-2', 1, 1_800, 1_000, 800],
    )
  })

  it('shows bits and switches where the host tells the bitrate, and switches by size where it does not', () => {
    const kbps = (bitrate_kbps: number): Action => ({ type: 'update', gauges: { bitrate_kbps } })
    const told = play([
      [{ at: 0 }, 'play'],
      [{ at: 0 }, kbps(1_000)],
      ...START.slice(1),
      ...playing(800, 1_800, 0),
      [{ at: 1_800 }, kbps(3_000)],
      [{ at: 1_850, height: 720, position: 1_050 }],
      ...playing(1_850, 2_850, 1_050),
    ]).state.counters
    assert.deepEqual([told.bits_played, told.switches_up, told.switches_down], [1_000_000 + 1_050 * 3_000, 1, 0])
    const seen = play([...START, ...playing(800, 1_800, 0), [{ at: 1_900, position: 1_100, height: 180 }]]).state
      .counters
    assert.deepEqual([seen.switches_down, seen.bits_played, seen.upscale_max_permille], [1, 0, 1_000])
  })
})

const media = fc.constantFrom<Action['type']>('look', 'look', 'look', 'play', 'playing', 'pause', 'seeking')
const any = fc.oneof(
  { weight: 8, arbitrary: media },
  fc.constantFrom<Action>(
    { type: 'beat' },
    { type: 'update', dimensions: { oca: 'oca-2' } },
    { type: 'update', dimensions: { oca: 'oca-1' }, gauges: { bitrate_kbps: 900 } },
    { type: 'error', failure: { code: 'X', kind: 'technical', fatal: false } },
  ),
)
const moment = fc.record({
  ms: fc.nat(3_000),
  moved: fc.integer({ min: -2_000, max: 6_000 }),
  paused: fc.boolean(),
  seeking: fc.boolean(),
  ended: fc.nat(40).map((n) => n === 0),
  rate: fc.constantFrom(500, 1_000, 2_000),
  frames: fc.nat(90),
  buffer: fc.constantFrom(null, 0, 9_000),
})
const histories = fc.array(fc.tuple(moment, any), { minLength: 1, maxLength: 60 }).map((steps): Heard[] => {
  let [at, position, frames] = [0, 0, 0]
  return [
    [{ at: 0 }, 'play'],
    ...steps.map(([{ ms, moved, frames: more, ...flags }, action]): Heard => [
      { ...flags, at: (at += ms), position: (position = Math.max(0, position + moved)), frames: (frames += more) },
      action,
    ]),
  ]
})

describe('any history', () => {
  it('has times of states that sum to wall time, over all segments', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { state, finals } = play(history.concat([[{ at: history.at(-1)![0].at! + 500 }, 'leave']]))
        const own = finals.filter(({ instance }) => instance === state.instance)
        const wall = state.seen - state.instance
        assert.ok(isOver(state))
        assert.equal(
          own.reduce((sum, facts) => sum + spent(facts), spent(state.counters)),
          wall,
        )
      }),
      { numRuns: 500 },
    )
  })

  it('tells at any moment of no more time than has passed, and keeps back no more than a second', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { state, finals } = play(history)
        const told = finals
          .filter(({ instance }) => instance === state.instance)
          .reduce((sum, facts) => sum + spent(facts), spent(state.counters))
        assert.ok(told <= state.seen - state.instance && told > state.seen - state.instance - 1_000)
      }),
      { numRuns: 500 },
    )
  })

  it('is the same when each media event comes twice', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const told = (action: Heard[1]): boolean =>
          action === undefined || (typeof action === 'string' && action !== 'beat')
        const twice = play(history.flatMap((heard): Heard[] => (told(heard[1]) ? [heard, heard] : [heard])))
        assert.deepEqual(twice, play(history))
      }),
      { numRuns: 500 },
    )
  })

  it('has counters that only grow within a segment, and numbers without a gap within an instance', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { records } = play(history)
        for (const [, own] of Map.groupBy(records, ({ instance }) => instance)) {
          assert.deepEqual(
            own.map(({ seq }) => seq),
            own.map((_, i) => i),
          )
          for (const [, segment] of Map.groupBy(own, (facts) => facts['segment']))
            for (const name of [
              ...TIMES,
              'media_ms',
              'seek_count',
              'pause_count',
              'frames_rendered',
              'upscale_max_permille',
            ]) {
              segment.reduce(
                (before, facts) => (assert.ok(Number(facts[name] ?? 0) >= before, name), Number(facts[name] ?? 0)),
                0,
              )
            }
        }
      }),
      { numRuns: 300 },
    )
  })
})
