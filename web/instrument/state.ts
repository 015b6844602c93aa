import type { Dimensions, Gauges, Phase, Sight } from './types.ts'

/** Absolute counters of one segment, named as the schema names them; whole units. */
export const ZERO = {
  starting_ms: 0,
  playing_ms: 0,
  stall_connection_ms: 0,
  stall_decoder_ms: 0,
  seeking_ms: 0,
  paused_ms: 0,
  waiting_ms: 0,
  stall_connection_count: 0,
  stall_decoder_count: 0,
  seek_count: 0,
  pause_count: 0,
  media_ms: 0,
  bits_played: 0,
  upscale_permille_ms: 0,
  downscale_permille_ms: 0,
  upscale_max_permille: 0,
  downscale_max_permille: 0,
  switches_up: 0,
  switches_down: 0,
  frames_dropped: 0,
  frames_rendered: 0,
  bytes_loaded: 0,
  requests: 0,
  requests_failed: 0,
  errors_technical: 0,
  errors_business: 0,
  errors_fatal: 0,
}
export type Counters = Readonly<typeof ZERO>
export type CounterName = keyof Counters

export interface State extends Dimensions, Gauges {
  readonly phase: Phase
  readonly cause: 'connection' | 'decoder'
  readonly counters: Counters
  /** Time up to which the counters hold; while playing, that of the last progress seen. */
  readonly at: number
  /** Time of the last look. */
  readonly seen: number
  readonly last: Sight
  readonly instance: number
  readonly segment: number
  readonly segmentStart: number
  readonly seq: number
  /** Playback request to first frame; null before it. */
  readonly startup: number | null
  /** Time in state s of segments that are over. */
  readonly startingBefore: number
  readonly watchedFrom: number
  /** When the viewer last sought. */
  readonly soughtAt: number
  /** The host says which bitrate plays, so that a change of size is none of its own. */
  readonly bitrateTold: boolean
}

/** A new instance: the playback request. */
export function begin(sight: Sight, outset: Dimensions & Gauges): State {
  return {
    phase: 's',
    cause: 'connection',
    counters: ZERO,
    at: sight.at,
    seen: sight.at,
    last: sight,
    instance: sight.at,
    segment: 0,
    segmentStart: sight.at,
    seq: 0,
    startup: null,
    startingBefore: 0,
    watchedFrom: sight.position,
    soughtAt: sight.seeking ? sight.at : -Infinity,
    bitrateTold: outset.bitrate_kbps !== null,
    ...outset,
  }
}

export const isOver = ({ phase }: State): boolean => phase === 'e' || phase === 'f' || phase === 'q'

export const add = (state: State, growth: Partial<Counters>): State => {
  const counters: Record<CounterName, number> = { ...state.counters }
  for (const [name, value] of Object.entries(growth)) counters[name as CounterName] += value
  return { ...state, counters }
}
