import { reduce, type Step } from './reduce.ts'
import type { State } from './state.ts'
import type { Action, Facts, Sight } from './types.ts'

/** A playback as observed by a page, look by look. */
export const T0 = 1_790_000_000_000
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
export const TIMES = [
  'starting_ms',
  'playing_ms',
  'stall_connection_ms',
  'stall_decoder_ms',
  'seeking_ms',
  'paused_ms',
  'waiting_ms',
] as const

export type Heard = readonly [change: Partial<Sight>, action?: Action['type'] | Action]
interface Played {
  readonly state: State
  readonly records: readonly Facts[]
  readonly finals: readonly Facts[]
}

/** Replays a history; each look repeats the previous one except for what changed, `at` is relative to T0. */
export function play(history: readonly Heard[]): Played {
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

export const spent = (counters: Readonly<Record<string, unknown>>): number =>
  TIMES.reduce((sum, name) => sum + Number(counters[name] ?? 0), 0)
/** Request at 0, first frame at 800. */
export const START: readonly Heard[] = [
  [{ at: 0 }, 'play'],
  [{ at: 800 }, 'playing'],
]
/** Looks every 100 ms in which the playhead moves. */
export const playing = (from: number, to: number, position: number): Heard[] =>
  Array.from({ length: (to - from) / 100 }, (_, i) => [
    { at: from + (i + 1) * 100, position: position + (i + 1) * 100 },
  ])
export const frozen = (from: number, to: number): Heard[] =>
  Array.from({ length: (to - from) / 100 }, (_, i) => [{ at: from + (i + 1) * 100 }])
