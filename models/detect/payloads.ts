/** What is said of an incident to others: bodies only, delivery is somebody else's. */
import { describeCause } from './cells.ts'
import type { CauseEvidence } from './cause.ts'
import { titleOf, type Incident } from './incidents.ts'

/** Body of a webhook; times are ISO 8601, in the incident's clock. Its id and state make a resend recognisable. */
export interface WebhookPayload {
  readonly type: 'playloop.incident'
  readonly version: 1
  readonly id: string
  readonly clock: string
  readonly state: Incident['state']
  readonly title: string
  readonly kind: Incident['kind']
  readonly metric: string
  readonly metrics: readonly string[]
  readonly cause: Incident['cause']
  readonly started_at: string
  readonly found_at: string
  readonly ended_at: string | null
  readonly muted_until: string | null
  readonly affected_sessions: number
  readonly peak: { readonly at: string; readonly rate: number; readonly usual_rate: number }
  readonly evidence: readonly EvidencePayload[]
}

export interface EvidencePayload {
  readonly cause: Incident['cause']
  readonly metric: string
  readonly score: number
  readonly excess_events: number
  readonly share_of_excess: number
  /** Times what is usual; null where nothing is usual. */
  readonly inside: number | null
  readonly outside: number | null
}

const CAUSES_TOLD = 5
const iso = (ms: number): string => new Date(ms).toISOString()
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))
const rounded = (value: number): number => Number(value.toPrecision(4))

export function webhookPayload(incident: Incident): WebhookPayload {
  const { id, clock, state, kind, metric, metrics, cause, start, found, end, mutedUntil, affectedSessions, peak, evidence } = incident
  return {
    type: 'playloop.incident', version: 1, id, clock, state, title: titleOf(incident), kind, metric, metrics, cause,
    started_at: iso(start), found_at: iso(found), ended_at: isoOrNull(end), muted_until: isoOrNull(mutedUntil), affected_sessions: affectedSessions,
    peak: { at: iso(peak.at), rate: rounded(peak.rate), usual_rate: rounded(peak.usualRate) }, evidence: evidence.slice(0, CAUSES_TOLD).map(evidencePayload),
  }
}

const evidencePayload = ({ cause, metric, score, excess, share, inside, outside }: CauseEvidence): EvidencePayload => ({
  cause, metric, score: rounded(score), excess_events: rounded(excess), share_of_excess: rounded(share), inside: finite(inside), outside: finite(outside),
})

const finite = (value: number): number | null => (Number.isFinite(value) ? rounded(value) : null)

/** Muted incidents are told to nobody; their log lines stay. */
export const isTold = ({ state }: Incident): boolean => state !== 'muted'

/** Fields and message of a line in the log. */
export function logLine(incident: Incident): { readonly fields: Readonly<Record<string, string | number>>; readonly message: string } {
  const { id, clock, state, metric, cause, start, affectedSessions, peak } = incident
  return {
    fields: { incident: id, clock, state, metric, start: iso(start), affected: affectedSessions, rate: rounded(peak.rate), usual: rounded(peak.usualRate) },
    message: `incident ${state}: ${metric} of ${describeCause(cause)}`,
  }
}
