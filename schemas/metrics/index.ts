export { CONCURRENCY_METRICS } from './concurrency.ts'
export { DETECTION_METRICS } from './detection.ts'
export { parseId, type ParsedId } from './id.ts'
export type {
  BookedTo,
  ConcurrencyEntry,
  Estimator,
  Loss,
  MetricEntry,
  ServedBy,
  SessionEntry,
  Unit,
} from './metric.ts'
export { MINUTE_METRICS } from './minutes.ts'
export { currentId, LIVE_FIELDS, OLD_IDS, replacementOf } from './old-ids.ts'
export {
  ALL_METRICS,
  METRIC_REGISTRY,
  SESSION_FAMILIES,
  SESSION_METRICS,
  type ConcurrencyMetricId,
  type DetectionMetricId,
  type MetricId,
  type MinuteMetricId,
  type SessionMetricId,
  type UnitMetricId,
} from './registry.ts'
export { UNIT_METRICS } from './units.ts'
