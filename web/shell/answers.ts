import type { paths } from '../api-types.ts'

/**
 * Types of the API's answers, from its OpenAPI document. Only what a schema leaves open is declared here by hand;
 * test/unit/page-answers.ts checks that against the services.
 */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  readonly get: { readonly responses: { readonly 200: { content: { readonly 'application/json': infer Body } } } }
}
  ? Body
  : never

/** The same of a question that is posted. */
type Posted<Path extends keyof paths> = paths[Path] extends {
  readonly post: { readonly responses: { readonly 200: { content: { readonly 'application/json': infer Body } } } }
}
  ? Body
  : never

export type Outlook = Posted<'/v1/experiments/plan/preview'>
export type Me = Answer<'/v1/sign-in'>
export type Clocks = Answer<'/v1/clocks'>
export type Definitions = Answer<'/v1/qoe/definitions'>
export type Definition = Definitions['metrics'][number]
export type MetricsAnswer = Answer<'/v1/qoe/metrics'>
export type MetricsRow = MetricsAnswer['answers'][number]['rows'][number]
export type Value = MetricsRow['values'][number]
export type Part = Pick<Value, 'metric' | 'numerator' | 'denominator'>
export type Overview = Answer<'/v1/experiments/overview'>
export type OverviewRow = Overview['experiments'][number]
export type Scorecard = Answer<'/v1/experiments/{id}/scorecard'>
export type ScoreCell = Scorecard['cells'][number]
export type DecisionAnswer = Answer<'/v1/experiments/{id}/decision'>
export type Verdict = DecisionAnswer['decision']['verdict']
export type ErrorsAnswer = Answer<'/v1/qoe/errors'>

/** Sessions of a list are returned as stored. */
export type SessionsAnswer = Omit<Answer<'/v1/qoe/sessions'>, 'sessions'> & {
  readonly sessions: readonly ListedSession[]
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
