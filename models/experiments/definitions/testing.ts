import assert from 'node:assert/strict'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { BUILT_IN, act, readDraft, type Draft, type Order } from './index.ts'

/** Drafts of experiments for tests, and their further states. */
export const draft = (over: Partial<Draft> = {}): Draft => ({
  id: 'x',
  name: 'X',
  clock: 'live',
  unit: 'profile',
  variations: [{ key: 'a' }, { key: 'b' }],
  metrics: { primary: ['watch_time'], guardrail: ['rebuffer_ratio:cta2066'] },
  plannedUnits: 1_000,
  ...over,
})
export const known = { metrics: BUILT_IN, experiments: [], groups: [] }
export const created = (over: Partial<Draft> = {}): RegisteredExperiment => {
  const read = readDraft(draft(over), known)
  assert.ok(!Array.isArray(read), JSON.stringify(read))
  return read as RegisteredExperiment
}
export const moment = { by: 'ada', at: 5, now: 77 }
export const after_ = (experiment: RegisteredExperiment, ...orders: Order[]): RegisteredExperiment =>
  orders.reduce((now, order) => {
    const next = act(now, order, moment)
    assert.ok(!Array.isArray(next), JSON.stringify(next))
    return next as RegisteredExperiment
  }, experiment)
