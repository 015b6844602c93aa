import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { scorecardOf, type ScoreCell } from './scorecard.ts'
import { addSums, type SumsRow } from './sums.ts'

export interface Point {
  /** End of the step, ms of the clock. */
  readonly at: number
  readonly cells: readonly ScoreCell[]
}

/** The scorecard of one metric at each step, over the units that had closed by then. */
export function timeseriesOf(
  experiment: RegisteredExperiment,
  metric: MetricDefinition,
  rows: readonly SumsRow[],
  everyMs: number,
  now: number,
): Point[] {
  const only: RegisteredExperiment = { ...experiment, metrics: { primary: [metric], guardrail: [], secondary: [] } }
  const own = rows.filter((row) => row.metric === metricKey(metric) && row.closed === 1)
  const steps = [...new Set(own.map(({ step }) => step))].sort((a, b) => a - b)
  const sums = new Map<string, SumsRow>()
  return steps.map((step) => {
    for (const row of own.filter((each) => each.step === step)) {
      const key = `${row.phase}/${row.variation}/${row.seen}`
      const before = sums.get(key)
      sums.set(key, before === undefined ? row : { ...before, ...addSums(before, row) })
    }
    const at = Math.min(step + everyMs, now)
    return { at, cells: scorecardOf(only, [{ slice: null, rows: [...sums.values()] }], at).cells }
  })
}
