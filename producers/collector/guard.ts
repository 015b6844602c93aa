import type { TopicName } from '../../schemas/topics.ts'
import type { Fault } from './faults.ts'

/**
 * Guard for counters that are stored as their maximum, where one absurd record would stay for ever. It refuses values
 * that cannot have been reached in the time since the segment began. All times are from the client's own clock.
 */
export type Guard = (numbers: Float64Array) => Fault | undefined

/** Tolerance: a beacon may be stamped a little after its counters were read, and timers are coarse. */
export const SLACK_MS = 5_000

/** Mutually exclusive states: together they cannot exceed the wall time of the segment. */
const STATES = [
  'starting_ms',
  'playing_ms',
  'stall_connection_ms',
  'stall_decoder_ms',
  'stall_ad_ms',
  'seeking_ms',
  'paused_ms',
  'waiting_ms',
] as const

/** Browsers play at up to 16x (HTMLMediaElement.playbackRate). */
const MAX_RATE = 16
/** 1 Gbit/s of media and 10 Gbit/s of network: far above any player, far below what spoils a sum. */
const MAX_BITS_PER_MS = 1e6 * MAX_RATE
const MAX_BYTES_PER_MS = 1.25e6

/** Maximum growth of each counter per millisecond. */
const RATES: Readonly<Record<string, number>> = {
  media_ms: MAX_RATE,
  bits_played: MAX_BITS_PER_MS,
  vmaf_centi_ms: 10_000 * MAX_RATE,
  vmaf_known_ms: MAX_RATE,
  upscale_permille_ms: 100_000 * MAX_RATE,
  downscale_permille_ms: 1_000 * MAX_RATE,
  bytes_loaded: MAX_BYTES_PER_MS,
  ad_playing_ms: 1,
  frames_dropped: 1,
  frames_rendered: 1,
  stall_connection_count: 1,
  stall_decoder_count: 1,
  stall_ad_count: 1,
  seek_count: 1,
  pause_count: 1,
  switches_up: 1,
  switches_down: 1,
  requests: 1,
  requests_failed: 1,
  errors_technical: 1,
  errors_business: 1,
  errors_fatal: 1,
  ad_count: 1,
  ad_errors: 1,
}

/** Start-up times are measured from the start of the session, except for the page's part before it. */
const SINCE_SESSION = ['startup_ms', 'startup_player_ms', 'startup_drm_ms', 'startup_ad_ms'] as const

const none: Guard = () => undefined

/** The guard of a topic; `indexOf` returns a field's index in the numbers. */
export function guardOf(topic: TopicName, indexOf: (field: string) => number): Guard {
  if (topic !== 'playback.telemetry') return none
  const [now, segment, session] = [indexOf('event_time'), indexOf('segment_start'), indexOf('session_start')]
  const states = Int32Array.from(STATES, indexOf)
  const limited = Object.keys(RATES)
  const counters = Int32Array.from(limited, indexOf)
  const rates = Float64Array.from(Object.values(RATES))
  const startups = Int32Array.from(SINCE_SESSION, indexOf)

  return (numbers) => {
    const inSegment = numbers[now]! - numbers[segment]! + SLACK_MS
    const inSession = numbers[now]! - numbers[session]! + SLACK_MS
    if (inSession < 0) return { code: 'time_exceeds_wall', field: 'session_start' }
    let spent = 0
    for (let i = 0; i < states.length; i++) spent += numbers[states[i]!]!
    if (spent > inSegment || spent > inSession) return { code: 'time_exceeds_wall', field: 'segment_start' }
    for (let i = 0; i < counters.length; i++) {
      if (numbers[counters[i]!]! > inSegment * rates[i]!) return { code: 'counter_exceeds_time', field: limited[i]! }
    }
    // An unknown start-up time is null, stored as NaN, which exceeds nothing.
    for (let i = 0; i < startups.length; i++) {
      if (numbers[startups[i]!]! > inSession) return { code: 'counter_exceeds_time', field: SINCE_SESSION[i]! }
    }
    return undefined
  }
}
