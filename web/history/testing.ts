import type { Definition, MetricsAnswer, MetricsRow } from '../shell/answers.ts'
import type { Figure } from './answer.ts'
import { DEFAULTS, viewOf, type Chosen, type View } from './question.ts'

/** For tests: chosen parameters and answers to them. */
export const HOUR_MS = 3_600_000
export const T0 = Date.UTC(2026, 10, 23, 20)
export const chosen = (choices: Partial<typeof DEFAULTS> = {}, filters: readonly string[] = []): Chosen => ({
  get: (name) => ({ ...DEFAULTS, ...choices })[name as keyof typeof DEFAULTS] ?? '',
  all: () => filters,
})
export const view: View = viewOf(chosen(), T0 - 1)
export const row = (
  dimensions: Record<string, string>,
  numerator: number,
  denominator: number,
  more: Partial<MetricsRow> = {},
): MetricsRow => ({
  dimensions,
  period: 0,
  at: T0,
  sessions: 100,
  completeness: 1,
  hidden_ms: 0,
  ...more,
  values: [
    {
      metric: 'm',
      value: denominator > 0 ? numerator / denominator : null,
      low: denominator > 0 ? numerator / denominator : null,
      high: denominator > 0 ? numerator / denominator : null,
      numerator,
      denominator,
    },
  ],
})
export const answer = (...rows: readonly MetricsRow[]): MetricsAnswer => ({
  clock: 'world',
  watermark: T0,
  from: T0,
  to: T0 + HOUR_MS,
  interval: null,
  answers: [{ time: 'start', rows }],
})
export const figure = (
  value: number,
  bounds: readonly [number | null, number | null] = [value, value],
  sessions = 100,
): Figure => ({
  metric: 'm',
  dimensions: {},
  at: T0,
  sessions,
  completeness: 1,
  hidden_ms: 0,
  value,
  low: bounds[0],
  high: bounds[1],
  numerator: value * 1_000,
  denominator: 1_000,
})
export const RATIO: Definition = {
  id: 'rebuffer_ratio:cta2066',
  title: 'Rebuffer ratio',
  definition: 'Stalled of watched.',
  unit: 'ratio',
  scale: 1,
  better: 'lower',
  loss: '',
  time: 'start',
  distribution: false,
  source: 'CTA-2066',
  population: 'session',
  booked_to: 'start',
  estimator: 'ratio',
}
