/**
 * What `/v1/qoe/incidents` answers, as far as the page reads it. Times are ms of the clock, unless they say otherwise.
 */
export interface Incident {
  readonly id: string
  readonly clock: string
  readonly state: 'open' | 'acknowledged' | 'muted' | 'ended'
  readonly title: string
  readonly kind: string
  readonly metric: string
  readonly metrics: readonly string[]
  readonly rules: readonly string[]
  /** NAME:VALUE. */
  readonly filters: readonly string[]
  readonly session_metric: string
  readonly start: number
  readonly found: number
  readonly latest: number
  readonly end: number | null
  readonly affected_sessions: number
  readonly peak: { readonly at: number; readonly rate: number; readonly usual_rate: number; readonly unit: string }
  /** `at`: wall clock. */
  readonly acknowledged: { readonly by: string; readonly at: number } | null
  readonly muted: { readonly by: string; readonly at: number; readonly until: number } | null
}
export interface IncidentsAnswer {
  readonly clock: string
  readonly watermark: number | null
  readonly incidents: readonly Incident[]
}
export interface Evidence {
  readonly title: string
  readonly filters: readonly string[]
  readonly metric: string
  readonly score: number
  readonly events: number
  readonly expected_events: number
  readonly share_of_excess: number
  /** Times what is usual; null where nothing is usual. */
  readonly inside: number | null
  readonly outside: number | null
}
export interface IncidentDetail extends Incident {
  readonly watermark: number | null
  /** The best first. */
  readonly evidence: readonly Evidence[]
  readonly period: { readonly from: number; readonly to: number }
  readonly links: { readonly metrics: string }
  readonly actions: readonly {
    readonly kind: string
    readonly by: string
    readonly at: number
    readonly until: number | null
  }[]
}
