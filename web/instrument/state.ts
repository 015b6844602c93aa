import type { Dimensions, Gauges, Phase, Sight } from './types.ts'

/** Absolute counters of one segment, with the names of the schema; integers. */
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
  /** Time up to which the counters are valid; while playing, the time of the last observed progress. */
  readonly at: number
  /** Time of the last look. */
  readonly seen: number
  readonly last: Sight
  readonly instance: number
  readonly segment: number
  readonly segmentStart: number
  readonly seq: number
  /** Time from playback request to first frame; null before it. */
  readonly startup: number | null
  /** Time in state s in earlier segments. */
  readonly startingBefore: number
  readonly watchedFrom: number
  /** Time of the viewer's last seek. */
  readonly soughtAt: number
  /** The host reports the bitrate, so a change of size does not count as a switch. */
  readonly bitrateTold: boolean
}

/** A new instance, at the playback request. */
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
