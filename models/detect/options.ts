import type { Cause, Dimension } from './cells.ts'
import type { Watch } from './evidence.ts'

/** An alert on a fixed limit: a metric by dimensions. */
export interface ThresholdRule {
  readonly name: string
  readonly metric: string
  /** Events a trial, or ms for the mean start-up. */
  readonly limit: number
  /** Attempts or concurrent plays that the minute must have. */
  readonly leastSamples: number
  /** Minutes in a row that must be over the limit, the open one counting as soon as it has the samples. */
  readonly minutes: number
  /** Each value of these is held to it; without `by` and `cause`, everything and every value of every dimension. */
  readonly by?: readonly Dimension[]
  /** Only sessions with these values, such as `{ asn: '64512' }`; without `by`, they are held to it together. */
  readonly cause?: Cause
}

export interface Options {
  /**
   * Attempts a minute (start-up, failures) or concurrent plays (stalls) below which a group is not judged. Source:
   * Conviva's alert cohorts.
   */
  readonly leastSamples: number
  /**
   * Plays' worth of excess in one minute with which an alarm begins in a metric that hits the same play minute after
   * minute (stalls, errors): its minutes are not independent, so a few viewers on a bad evening would pile up evidence
   * like a fault of many.
   */
  readonly leastRepeaters: number
  /** A rate up to this multiple of what is usual is nobody's incident. */
  readonly margin: number
  readonly watch: Watch
  /** Minutes that stay open to late records; the newest among them. */
  readonly openMinutes: number
  /** Minutes after which history counts half. */
  readonly halfLife: number
  /** Minutes of history before anything is called an anomaly. */
  readonly warmUp: number
  /** Minutes without excess that end an alarm and an incident. */
  readonly calmMinutes: number
  /**
   * Bounds of the state: combinations of values a minute and in history, values with a season, evidence kept,
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
