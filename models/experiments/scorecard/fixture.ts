/** An experiment and its metrics for tests, at 50/50. */
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'

const base = {
  version: 1,
  name: '',
  description: '',
  window: { fromMs: 0, toMs: 1_000 },
  better: 'up',
  unit: '',
} as const
export const WATCHED: MetricDefinition = {
  ...base,
  id: 'watched',
  kind: 'mean',
  value: { from: 'session', column: 'media_ms' },
  margin: 0.02,
}
export const STALLED: MetricDefinition = {
  ...base,
  id: 'stalled',
  kind: 'ratio',
  value: { from: 'session', column: 'stall_ms' },
  per: { from: 'session', column: 'watched_ms' },
  better: 'down',
}
export const STARTUP: MetricDefinition = {
  ...base,
  id: 'startup',
  kind: 'quantile',
  value: { from: 'session', column: 'startup_ms' },
  levels: [0.5, 0.9],
  better: 'down',
}
export const experiment = (over: Partial<RegisteredExperiment> = {}): RegisteredExperiment => ({
  id: 'x',
  name: 'x',
  hypothesis: '',
  clock: 'live',
  unit: 'profile',
  state: 'running',
  killed: false,
  variations: [
    { key: 'a', name: 'a', weight: 0.5 },
    { key: 'b', name: 'b', weight: 0.5 },
  ],
  bucketing: { hashAttribute: 'id', hashVersion: 2, seed: 'x', coverage: 1 },
  phases: [{ phase: 0, from: 0, weights: [0.5, 0.5] }],
  metrics: { primary: [WATCHED], guardrail: [], secondary: [STALLED, STARTUP] },
  slices: [],
  plannedUnits: 4_000,
  alpha: 0.05,
  endsAt: null,
  caps: {},
  startedAt: 0,
  stoppedAt: null,
  revision: 1,
  action: 'start',
  by: 'test',
  at: 0,
  ...over,
})
