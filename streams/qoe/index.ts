export { sessionsBefore } from './audits.ts'
export { DEFINITIONS, MINUTE_MS, minuteOf, type MinuteDimension, type MinutePlace } from './definitions.ts'
export { migrations } from './migrations.ts'
export { byRule, CONCURRENCY, findConcurrency, type Concurrency } from './metrics/concurrency.ts'
export { findMetric, METRICS, type Metric, type Place } from './metrics.ts'
export { readMetrics, valueOf, type MetricsRow, type StoredRow, type Value } from './session/answer.ts'
export { DIMENSIONS, MAX_ROWS, type Dimension, type Filter, type Period, type Scope } from './session/ask.ts'
export { concurrencyQuery, readConcurrency, type ConcurrencyAsk } from './session/concurrency.ts'
export { settleSessions, type LandedEnd, type LandedEnds } from './session/job.ts'

export {
  SESSIONS_LAG,
  watchSessionsLag,
  type ReadSessionsLag,
  type RunningSessionsLag,
  type SessionsLag,
} from './session/lag.ts'
export {
  errorsQuery,
  nextCursor,
  ORDERS,
  readSessions,
  readSums,
  sessionsQuery,
  sumsQuery,
  type Cursor,
  type ErrorRow,
  type Order,
  type Outcome,
  type SessionRow,
  type SessionsAsk,
  type Sums,
} from './session/list.ts'
export { byTime, metricsQuery, type MetricsAsk } from './session/queries.ts'
export { type Status } from './session/rules.ts'
export { readRecord, sessionsOf, timelineQueries, type SessionKey, type Track } from './session/timeline.ts'
export { segmentsOf, type SegmentState, type TelemetryRecord } from './session/record.ts'
export { reduceSession, type Part, type Session } from './session/reduce.ts'
