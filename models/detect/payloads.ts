/**
 * Public representations of an incident: HTTP, webhook and log. Times are ms of the incident's clock unless stated
 * otherwise.
 */
import { DIMENSIONS, describeCause, type Cause } from './cells.ts'
import type { CauseEvidence } from './cause.ts'
import { titleOf, type Incident } from './incidents.ts'
import { metricNamed } from './metrics.ts'
import { stateOf, type OperatorState, type Standing } from './operators.ts'

export interface IncidentPayload {
  readonly id: string
  readonly clock: string
  readonly state: OperatorState
  readonly title: string
  readonly kind: Incident['kind']
  readonly metric: string
  readonly metrics: readonly string[]
  /** Names of the threshold rules that are or were broken. */
  readonly rules: readonly string[]
  readonly cause: Cause
  /** The same as `filter` parameters of /v1/qoe/sessions and /v1/qoe/metrics. */
  readonly filters: readonly string[]
  /** The session metric that shows it best. */
  readonly session_metric: string
  readonly start: number
  readonly found: number
  readonly latest: number
  readonly end: number | null
  readonly affected_sessions: number
  readonly peak: {
    readonly at: number
    readonly rate: number
    readonly usual_rate: number
    readonly unit: 'ratio' | 'ms'
  }
  readonly acknowledged: Standing['acknowledged']
  readonly muted: Standing['muted']
}

export interface EvidencePayload {
  readonly cause: Cause
  readonly title: string
  readonly filters: readonly string[]
  readonly metric: string
  readonly score: number
  readonly events: number
  readonly expected_events: number
  readonly share_of_excess: number
  /** Ratio to the expected value; null if none is expected. */
  readonly inside: number | null
  readonly outside: number | null
}

const rounded = (value: number): number => Number(value.toPrecision(4))
/** Maps infinity (a ratio to nothing) to null, as JSON does. */
const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? rounded(value) : null

export const filtersOf = (cause: Cause): string[] =>
  DIMENSIONS.flatMap((name) => (cause[name] === undefined ? [] : [`${name}:${cause[name]}`]))

/** `now`: current time of the clock, ms. */
export function incidentPayload(incident: Incident, standing: Standing, now: number): IncidentPayload {
  const { id, clock, kind, metric, metrics, rules, cause, start, found, latest, end, affectedSessions, peak } = incident
  const { sessions, unit } = metricNamed(metric)
  return {
    id,
    clock,
    state: stateOf(incident, standing, now),
    title: titleOf(incident),
    kind,
    metric,
    metrics,
    rules,
    cause,
    filters: filtersOf(cause),
    session_metric: sessions,
    start,
    found,
    latest,
    end,
    affected_sessions: affectedSessions,
    peak: { at: peak.at, rate: rounded(peak.rate), usual_rate: rounded(peak.usualRate), unit },
    ...standing,
  }
}

export const evidencePayload = ({
  cause,
  metric,
  score,
  events,
  expected,
  share,
  inside,
  outside,
}: CauseEvidence): EvidencePayload => ({
  cause,
  title: describeCause(cause),
  filters: filtersOf(cause),
  metric,
  score: rounded(score),
  events: rounded(events),
  expected_events: rounded(expected),
  share_of_excess: rounded(share),
  inside: finite(inside),
  outside: finite(outside),
})

/** Fields and message of a log line. */
export function logLine({ id, clock, state, metric, cause, start, affected_sessions, peak }: IncidentPayload): {
  readonly fields: Readonly<Record<string, string | number>>
  readonly message: string
} {
  return {
    fields: {
      incident: id,
      clock,
      state,
      metric,
      start: new Date(start).toISOString(),
      affected: affected_sessions,
      rate: peak.rate,
      usual: peak.usual_rate,
    },
    message: `incident ${state}: ${metric} of ${describeCause(cause)}`,
  }
}
