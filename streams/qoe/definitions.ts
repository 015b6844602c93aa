/** A minute, ms. */
export const MINUTE_MS = 60_000

export const minuteOf = (time: number): number => Math.floor(time / MINUTE_MS) * MINUTE_MS

/**
 * A player silent for longer has told nothing of the time between: its growth there is unknown, not spread.
 * Source: Mux counts nobody as watching after 5 min without a sign (monitoring metrics).
 */
export const SILENCE_MS = 300_000

/** No player shows 9e12 bits in minutes; the bound keeps growth x ms within 64 bits. */
export const MAX_GROWTH = 9_000_000_000_000

/** Counters whose growth is spread over the time it took. Nested: stall <= watched <= wall. */
export const SPREAD = ['stall_ms', 'watched_ms', 'wall_ms', 'media_ms', 'bits_played'] as const

/** Counters whose growth belongs to the minute that reported it. */
export const COUNTED = ['errors_technical', 'errors_business', 'errors_fatal'] as const

/** All counters that a live answer carries from minute to minute. */
export const CARRIED = [...SPREAD, ...COUNTED] as const

/**
 * What is summed over segments: integers, so that the sum is the same in any order. `startup_ms` of plays;
 * `vsf_technical` and
 * `vpf_technical` of attempts and plays that a fatal error ended which no business error (a limit, a right) explains.
 */
export const SUMS = [
  'attempts',
  'plays',
  'concurrent_plays',
  'ebvs',
  'vsf',
  'vsf_technical',
  'vpf_technical',
  'startup_ms',
  ...CARRIED,
  'unknown',
  'clamped',
] as const
export type SumName = (typeof SUMS)[number]
export type Sums = Readonly<Record<SumName, number>>

/** What minutes can be told apart by: values that are constant within a segment. */
export interface MinutePlace {
  readonly country: string
  /** Autonomous system number (the ISP); 0 unknown. */
  readonly asn: number
  readonly oca: string
  readonly device: string
  readonly app_version: string
}
export type MinuteDimension = keyof MinutePlace

/** What a metric's name means; the part after the colon names the definition, since peers differ in it. */
export const DEFINITIONS = {
  attempts: 'Playback requests (CTA-2066 playbackRequest) made in the minute.',
  plays: 'First frames shown in the minute.',
  'concurrent_plays:active_minute':
    'Plays with a first frame that were starting, playing, stalled or seeking in the minute, each counted once: where the minute found it, or where its first frame was.',
  ebvs: 'Exits before video start: attempts that ended in the minute without a first frame and without a fatal error.',
  vsf: 'Video start failures: attempts that ended in the minute without a first frame, by a fatal error.',
  'startup:cta2066':
    'Playback request to first frame, ms, over plays whose first frame was in the minute; attempts without a first frame are shown beside, never counted as 0. Quantiles from integer buckets at most 3.2 % wide.',
  'rebuffer_ratio:cta2066':
    'Time stalled divided by watched time (start-up, playing, stalled, seeking; pauses excluded): ratio of sums.',
  'average_bitrate:cta2066': 'Bits played divided by media time played, kbit/s: ratio of sums.',
  errors: 'Technical, business and fatal errors, in the minute that reported them.',
  unknown:
    'Players heard in the minute whose time in it is unknown, because they were silent for more than 5 minutes before.',
} as const
