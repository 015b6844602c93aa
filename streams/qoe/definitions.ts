import { LIVE_FIELDS, MINUTE_METRICS, type MinuteMetricId } from '../../schemas/metrics/index.ts'

export const MINUTE_MS = 60_000

export const minuteOf = (time: number): number => Math.floor(time / MINUTE_MS) * MINUTE_MS

/**
 * After a longer silence of a player, the growth in between is unknown and not spread. Source: Mux stops counting a
 * viewer as watching after 5 min without a beacon (monitoring metrics).
 */
export const SILENCE_MS = 300_000

/** No player shows 9e12 bits in minutes; the limit keeps growth x ms within 64 bits. */
export const MAX_GROWTH = 9_000_000_000_000

/** Counters whose growth is spread over the time it took. Nested: stall <= watched <= wall. */
export const SPREAD = ['stall_ms', 'watched_ms', 'wall_ms', 'media_ms', 'bits_played'] as const

/** Counters whose growth belongs to the minute that reported it. */
export const COUNTED = ['errors_technical', 'errors_business', 'errors_fatal'] as const

/** All counters that a live answer carries from minute to minute. */
export const CARRIED = [...SPREAD, ...COUNTED] as const

/**
 * Sums over segments: integers, so that the sum is the same in any order. `startup_ms` is summed over plays;
 * `vsf_technical` and `vpf_technical` count attempts and plays ended by a fatal error that no business error (a limit,
 * a right) explains.
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

/** Dimensions of a minute: values that are constant within a segment. */
export interface MinutePlace {
  readonly country: string
  /** Autonomous system number (the ISP); 0 = unknown. */
  readonly asn: number
  readonly oca: string
  readonly device: string
  readonly app_version: string
}
export type MinuteDimension = keyof MinutePlace

const LIVE_METRICS = Object.values(MINUTE_METRICS).filter(({ servedBy }) => servedBy.includes('live'))
const ofField = (ids: readonly MinuteMetricId[]): string =>
  `${ids.map((id) => MINUTE_METRICS[id].definition).join(' ')} ${ids.length === 1 ? 'Id' : 'Ids'}: ${ids.join(', ')}.`

/** The fields of a live minute, each with the ids of its metrics, and each of those metrics by id. */
export const DEFINITIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(LIVE_FIELDS).map(([field, ids]) => [field, ofField(ids)])),
  ...Object.fromEntries(LIVE_METRICS.map(({ id, definition }) => [id, definition])),
}
