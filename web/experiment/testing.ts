/** For tests: an experiment as the page reads it. */
import type { Experiment, Metric } from './types.ts'

export const metric = (id: string, over: Partial<Metric> = {}): Metric => ({
  id,
  version: 1,
  name: id.toUpperCase(),
  description: '',
  kind: 'mean',
  better: 'up',
  unit: 'ms',
  window: { fromMs: 0, toMs: 1 },
  ...over,
})
export const EXPERIMENT: Experiment = {
  id: 'x',
  name: 'X',
  hypothesis: '',
  clock: 'live',
  unit: 'profile',
  state: 'running',
  killed: false,
  variations: [
    { key: 'a', name: 'today', weight: 0.5 },
    { key: 'b', name: 'big', weight: 0.5 },
  ],
  bucketing: { coverage: 0.1 },
  metrics: {
    primary: [metric('watch')],
    guardrail: [metric('stall', { better: 'down', unit: 'share' })],
    secondary: [],
  },
  slices: [],
  plannedUnits: 1_000,
  startedAt: 0,
  stoppedAt: null,
  revision: 1,
  action: 'start',
  by: 'ada',
  at: 0,
}
