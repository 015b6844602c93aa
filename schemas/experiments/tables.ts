/** Experiment tables that several modules read; each is created by the module that writes it. */

/** Revisions of experiments, written by models/experiments/definitions. */
export const REVISIONS = 'experiment_revision_v1'
/** Revisions of flags and saved groups, by kind, written by models/experiments/definitions. */
export const DEFINITIONS = 'definition_revision_v1'
/** Versions of user-defined metrics, written by models/experiments/definitions. */
export const METRICS = 'experiment_metric_v1'
/** First exposures, written by streams/experiments. */
export const EXPOSURES = 'unit_exposure_v2'
/** Outcomes by unit and metric, written by streams/experiments. */
export const OUTCOMES = 'unit_outcome_v1'

/** Length of the time before a unit's first exposure from which its covariate is computed, ms. */
export const BEFORE_MS = 14 * 86_400_000

/** Value of a session without a first frame in a quantile metric of start-up times. */
export const NEVER = 2 ** 53 - 1

/**
 * Bands of the bitrate that a unit watched before its exposure, kbit/s, as SQL over an expression of it. Fixed, so that
 * nobody can choose them after seeing the results.
 */
export const bitrateBand = (kbps: string): string =>
  `multiIf(${kbps} < 0, 'unknown', ${kbps} < 1500, 'below 1.5 Mbit/s', ${kbps} < 4000, '1.5 to 4 Mbit/s', 'above 4 Mbit/s')`
