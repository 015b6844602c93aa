/**
 * Evidence against "nothing is worse than expected", as e-detectors: sequential tests that may be evaluated at any time
 * and as often as needed, with a bounded mean time to a false alarm (Shin, Ramdas & Rinaldo 2023, "E-detectors: a
 * nonparametric framework for sequential change detection").
 *
 * Let x be the events of a minute so far and m the most that history can explain. If plays are independent and no play
 * adds more than `dispersion` events, then for every theta > 1 the number exp((x ln theta - m (theta - 1)) /
 * dispersion) has mean 1 at most, in every part of a minute (compound Poisson: E theta^(Y/d) - 1 <= E Y (theta - 1) / d
 * for 0 <= Y <= d, by convexity). The Shiryaev-Roberts sum of its products over all starts is an e-detector; the
 * largest product (CUSUM, Page 1954) is below that sum, so the bound holds for it too, and its last zero estimates when
 * the change began.
 */

/**
 * Rate ratios against the most that history explains: a mixture, since the size of a change is not known in advance.
 */
export const THETAS: readonly number[] = [1.5, 2.5, 5, 12]
const LOGS = THETAS.map(Math.log)

/** Logs of the largest product, one for each theta. */
export type Evidence = readonly number[]
export const NONE: Evidence = THETAS.map(() => 0)

/**
 * Adds the `events` of a minute (or of its beginning), given the most that history explains; a product below 1 restarts
 * at 1.
 */
export function grow(evidence: Evidence, events: number, explained: number, dispersion: number): Evidence {
  return evidence.map((log, i) => Math.max(0, log) + gain(i, events, explained, dispersion))
}

const gain = (i: number, events: number, explained: number, dispersion: number): number =>
  (events * LOGS[i]! - explained * (THETAS[i]! - 1)) / dispersion

/** Log of the mixture. */
export function logOf(evidence: Evidence): number {
  const most = Math.max(...evidence)
  return most + Math.log(evidence.reduce((sum, log) => sum + Math.exp(log - most), 0) / evidence.length)
}

/**
 * Whether a minute supports a change: the smallest theta gains evidence, and there are more than three lumps of excess.
 */
export const isExcess = (events: number, explained: number, dispersion: number): boolean =>
  gain(0, events, explained, dispersion) > 0 && events - explained >= 3 * dispersion

/**
 * Log likelihood ratio of the best theta against `explained`, 0 if there is no excess: for a single test of one window.
 */
export function bestGain(events: number, explained: number, dispersion: number): number {
  if (events <= explained) return 0
  // Rounding can make a tiny excess negative.
  return Math.max(0, events * Math.log(events / Math.max(explained, 1e-9)) - (events - explained)) / dispersion
}

/**
 * How the false alarm budget is shared: a hypothesis (group x metric) has the weight share / (groups x metrics) of its
 * order. The weights sum to 1, so the weighted sum of all detectors is one e-detector; if a single one exceeds
 * `threshold`, that sum exceeds the mean time between false alarms. The number of watched groups of each order is
 * bounded by `groups`, so every hypothesis is counted.
 */
export interface Watch {
  /** Share of the false alarms, by order: everything, values, pairs. */
  readonly share: readonly [number, number, number]
  readonly groups: readonly [number, number, number]
  readonly falseAlarmsPerDay: number
}

const MINUTES_A_DAY = 1_440

/** Log of the evidence that one hypothesis must reach. */
export const threshold = ({ share, groups, falseAlarmsPerDay }: Watch, order: 0 | 1 | 2, metrics: number): number =>
  Math.log((MINUTES_A_DAY / falseAlarmsPerDay) * ((groups[order] * metrics) / share[order]))
