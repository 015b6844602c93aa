import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Action } from './types.ts'
import { T0, play, START, playing, frozen } from './testing.ts'

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
