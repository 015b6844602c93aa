import type { Bounded } from './units.ts'

/**
 * What `/v1/qoe/*` answers about the past, as far as pages read it; test/unit/page-answers.ts holds it to the API's own
 * schemas.
 */
export interface Definition {
  readonly id: string
  readonly title: string
  readonly definition: string
  readonly unit: string
  /** Value = numerator / denominator x scale. */
  readonly scale: number
  readonly better: string
  readonly distribution: boolean
  readonly source: string
  /** Counted by the start or by the end of a session; moment: who is there, whenever they began. */
  readonly time: string
}
export interface Definitions {
  readonly metrics: readonly Definition[]
  readonly dimensions: readonly string[]
}
export interface Part {
  readonly metric: string
  readonly numerator: number
  readonly denominator: number
}
export interface Value extends Bounded, Part {
  readonly quantiles?: readonly (number | null)[]
  /** Lower end of a bucket and sessions in it. */
  readonly histogram?: readonly (readonly number[])[]
}
export interface MetricsRow {
  readonly dimensions: Readonly<Record<string, string>>
  /** 0 = the one asked for, 1 = the one it is compared with. */
  readonly period: number
  readonly at: number
  readonly sessions: number
  readonly completeness: number | null
  readonly hidden_ms: number
  readonly values: readonly Value[]
}
export interface MetricsAnswer {
  readonly from: number | null
  readonly to: number | null
  readonly watermark: number | null
  readonly answers: readonly { readonly time: string; readonly rows: readonly MetricsRow[] }[]
}
export interface ListedSession {
  readonly session_id: string
  readonly instance: number
  readonly start_ms: number
  readonly last_time: number
  readonly title_id: string
  readonly country: string
  readonly device: string
  readonly ocas: readonly string[]
  readonly status: string
  readonly outcome: string
  /** ms; -1 = no first frame. */
  readonly startup_ms: number
  readonly stall_ms: number
  readonly stall_count: number
  readonly watched_ms: number
  readonly hidden_ms: number
  /** 'kind:code'. */
  readonly errors: readonly string[]
  readonly parts: readonly Part[]
}
export interface SessionsAnswer {
  readonly from: number | null
  readonly to: number | null
  readonly watermark: number | null
  readonly sessions: readonly ListedSession[]
  /** Of all pages; null on pages after the first. */
  readonly sums: { readonly sessions: number; readonly parts: readonly Part[] } | null
  readonly next: string | null
}
export interface ErrorsAnswer {
  readonly errors: readonly {
    readonly kind: string
    readonly code: string
    readonly sessions: number
    readonly devices: readonly string[]
    readonly first: number
    readonly last: number
  }[]
}
export interface Clocks {
  readonly clocks: readonly { readonly clock: string; readonly watermark: number }[]
}
