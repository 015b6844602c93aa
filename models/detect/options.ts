import type { Cause, Dimension } from './cells.ts'
import type { Watch } from './evidence.ts'

/** An alert on a fixed limit: a metric by dimensions. */
export interface ThresholdRule {
  readonly name: string
  readonly metric: string
  /** Events per trial, or ms for the mean start-up. */
  readonly limit: number
  /** Minimum attempts or concurrent plays in the minute. */
  readonly leastSamples: number
  /** Consecutive minutes that must exceed the limit; the open one counts as soon as it has enough samples. */
  readonly minutes: number
  /**
   * The limit applies to each value of these dimensions; without `by` and `cause`, to everything and to every value of
   * every dimension.
   */
  readonly by?: readonly Dimension[]
  /** Only sessions with these values, such as `{ asn: '64512' }`; without `by`, the limit applies to their total. */
  readonly cause?: Cause
}

export interface Options {
  /**
   * Minimum attempts a minute (start-up, failures) or concurrent plays (stalls) for a group to be judged. Source:
   * Conviva's alert cohorts.
   */
  readonly leastSamples: number
  /**
   * Excess, in plays, that one minute needs to start an alarm in a metric that hits the same play in several minutes
   * (stalls, errors): its minutes are not independent, so a few viewers on a bad evening would accumulate as much
   * evidence as a fault that affects many.
   */
  readonly leastRepeaters: number
  /** A rate up to this multiple of the expected rate is not an incident. */
  readonly margin: number
  readonly watch: Watch
  /** Minutes that stay open for late records, including the newest. */
  readonly openMinutes: number
  /** Minutes after which history counts half. */
  readonly halfLife: number
  /** Minutes of history required before anomalies are reported. */
  readonly warmUp: number
  /** Minutes without excess that end an alarm and an incident. */
  readonly calmMinutes: number
  /**
   * Bounds of the state: combinations of values per minute and in history, values with seasonal data, evidence kept,
   * incidents.
   */
  readonly mostLeaves: number
  readonly mostSeasons: number
  readonly mostIncidents: number
  readonly rules: readonly ThresholdRule[]
}

export const DEFAULTS: Options = {
  leastSamples: 25,
  leastRepeaters: 20,
  margin: 1.5,
  watch: { share: [0.1, 0.6, 0.3], groups: [1, 500, 5_000], falseAlarmsPerDay: 0.2 },
  openMinutes: 4,
  halfLife: 45,
  warmUp: 15,
  calmMinutes: 5,
  mostLeaves: 8_000,
  mostSeasons: 600,
  mostIncidents: 500,
  rules: [],
}
