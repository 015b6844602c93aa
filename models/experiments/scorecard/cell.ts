import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { anytime, guardrail, isComputed, isNoDifference, welch, type GuardrailVerdict, type Interval, type Reason } from '../statistics/index.ts'
import { armTotal, estimate, type Adjustment, type PhaseSums } from './estimate.ts'
import { gateOf, type Gate } from './gate.ts'

/** What is judged: one metric, one arm against the control, everybody or one slice. */
export interface Asking {
  readonly metric: MetricDefinition
  readonly alpha: number
  /** N* of this comparison. */
  readonly plannedUnits: number
  /** What is valid once may be shown: the planned end has come. */
  readonly ended: boolean
}

export interface Size {
  readonly effect: number
  readonly se: number
  /** Valid whenever anybody looks. */
  readonly interval: Interval
}

export interface Cell {
  /** Units of each arm that are compared. */
  readonly units: { readonly control: number; readonly treatment: number }
  readonly control: number | null
  readonly treatment: number | null
  readonly gate: Gate
  /** Null: the gate is shut, or there is nothing to compute from; `reason` says which. */
  readonly absolute: Size | null
  readonly relative: Size | null
  /** 1/E at this moment, and ln E. */
  readonly p: number | null
  readonly logE: number | null
  readonly plannedUnits: number
  readonly adjustment: Adjustment | null
  readonly reason: Reason | Gate['reason']
  /** Of a metric with a margin: no worse than it allows, worse, or neither yet. */
  readonly guardrail: GuardrailVerdict | null
  /** The whole interval lies within the margin both ways. */
  readonly noDifference: boolean | null
  /** Welch's t: valid once, at the planned end; null before. */
  readonly once: { readonly interval: Interval; readonly p: number } | null
}

export function cellOf(phases: readonly PhaseSums[], { metric, alpha, plannedUnits, ended }: Asking): Cell {
  const arms = [phases.map(({ control }) => armTotal(control)), phases.map(({ treatment }) => armTotal(treatment))] as const
  const sums = arms.map((each) => each.reduce((a, b) => ({ ...a, n: a.n + b.n, nonzero: a.nonzero + b.nonzero, y: a.y + b.y, yy: a.yy + b.yy, yyy: a.yyy + b.yyy })))
  const gate = gateOf(sums)
  const [c, t] = [sums[0]!, sums[1]!]
  const units = { control: c.n, treatment: t.n }
  const kind = metric.kind === 'ratio' ? 'ratio' : 'mean'
  const found = estimate(phases, kind, 'absolute')
  if (!isComputed(found)) return { ...NOTHING_SAID, units, gate, plannedUnits, reason: found.notComputable }
  const said = { units, gate, plannedUnits, control: found.control, treatment: found.treatment, adjustment: found.adjustment }
  if (!gate.open) return { ...NOTHING_SAID, ...said, reason: gate.reason }
  const plan = { alpha, plannedUnits }
  const verdict = anytime(found.effect, plan)
  const logE = found.phases.length > 1 ? found.phases.reduce((sum, phase) => sum + anytime(phase, plan).logE, 0) : verdict.logE
  const share = estimate(phases, kind, 'relative')
  const relative = isComputed(share) ? { effect: share.effect.effect, se: share.effect.se, interval: anytime(share.effect, plan).interval } : null
  const { margin, better } = metric
  return {
    ...said, absolute: { effect: found.effect.effect, se: found.effect.se, interval: verdict.interval }, relative, logE, p: Math.min(1, Math.exp(-logE)), reason: '',
    guardrail: margin === undefined || relative === null ? null : guardrail(relative.interval, margin, better),
    noDifference: margin === undefined || relative === null ? null : isNoDifference(relative.interval, margin),
    once: ended ? welch(found.effect, alpha) : null,
  }
}

const NOTHING_SAID = { control: null, treatment: null, absolute: null, relative: null, p: null, logE: null, adjustment: null, guardrail: null, noDifference: null, once: null } as const
