/** Tables of experiments that several modules read; each is made by the module that writes it. */

/** Revisions of experiments: made by models/experiments/definitions. */
export const REVISIONS = 'experiment_revision_v1'
/** Versions of metrics that users defined: made by models/experiments/definitions. */
export const METRICS = 'experiment_metric_v1'
/** First exposures: made by streams/experiments. */
export const EXPOSURES = 'unit_exposure_v2'
/** Outcomes by unit and metric: made by streams/experiments. */
export const OUTCOMES = 'unit_outcome_v1'

/** Time before a unit's first exposure that its covariate is made of, ms. */
export const BEFORE_MS = 14 * 86_400_000

/** Stands for a session that never showed a frame, where a quantile metric counts start-ups. */
export const NEVER = 2 ** 53 - 1

/**
 * Bands of the bitrate that a unit watched before, kbit/s, as SQL over an expression of it: fixed, so that nobody picks
 * them afterwards.
 */
export const bitrateBand = (kbps: string): string =>
  `multiIf(${kbps} < 0, 'unknown', ${kbps} < 1500, 'below 1.5 Mbit/s', ${kbps} < 4000, '1.5 to 4 Mbit/s', 'above 4 Mbit/s')`
