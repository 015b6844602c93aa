import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { normal } from '../distributions/index.ts'
import {
  anytime,
  anytimeMultiplier,
  countTest,
  fiellerInterval,
  guardrail,
  isComputed,
  isNoDifference,
  logRateRatioInterval,
  posterior,
  unitsYetToJoin,
  welch,
  type GuardrailVerdict,
  type Interval,
  type Plan,
  type Reason,
} from '../statistics/index.ts'
import { armTotal, estimate, type Adjustment, type Estimated, type PhaseSums } from './estimate.ts'
import { gateOf, type Gate } from './gate.ts'

/** One comparison: one metric, one arm against the control, all units or one slice. */
export interface Asking {
  readonly metric: MetricDefinition
  readonly alpha: number
  /** N* of this comparison. */
  readonly plannedUnits: number
  /** Whether the planned end has been reached, so that results that are valid only once may be shown. */
  readonly ended: boolean
  /** The relative effect to be detected. */
  readonly targetEffect?: number | undefined
}

export interface Size {
  readonly effect: number
  readonly se: number
  /** Anytime-valid interval. */
  readonly interval: Interval
}

export interface Cell {
  /** Units of each arm that are compared. */
  readonly units: { readonly control: number; readonly treatment: number }
  readonly control: number | null
  readonly treatment: number | null
  readonly gate: Gate
  /** Null if the gate is closed or nothing can be computed; `reason` says which. */
  readonly absolute: Size | null
  /** Relative to the size of the control's mean; also null while that cannot be distinguished from zero. */
  readonly relative: Size | null
  /** p = 1/E now, and ln E. */
  readonly p: number | null
  readonly logE: number | null
  readonly plannedUnits: number
  readonly adjustment: Adjustment | null
  readonly reason: Reason | Gate['reason']
  /** For a metric with a margin: whether it is not inferior, inferior, or undecided. */
  readonly guardrail: GuardrailVerdict | null
  /** Whether the whole interval lies within the margin in both directions. */
  readonly noDifference: boolean | null
  /** For counts: compares the time of each unit's first event between the arms. Anytime-valid; null for other kinds. */
  readonly firstEvents: FirstEvents | null
  /** Relative effect that N* units would detect with power 0.8, given the variance so far. */
  readonly detectable: number | null
  /**
   * Units that have yet to join for an effect of the target's size to be detected with power 0.8; null without a
   * target, or if no number is enough.
   */
  readonly unitsToJoin: number | null
  /** Valid only once, at the planned end; null before. */
  readonly once: Once | null
}

/**
 * Welch's t test, the posterior under a flat prior, and the relative effect by Fieller's theorem (null if the control
 * cannot be distinguished from zero).
 */
export interface Once {
  readonly interval: Interval
  readonly p: number
  readonly relative: Interval | null
  readonly chanceToWin: number
  readonly risk: { readonly control: number; readonly treatment: number }
}

export interface FirstEvents {
  /** Units with at least one event. */
  readonly control: number
  readonly treatment: number
  readonly logE: number
  /** Hazard ratio of the treatment to the control; null for an open end. */
  readonly ratio: readonly [number | null, number | null]
}

export function cellOf(
  phases: readonly PhaseSums[],
  { metric, alpha, plannedUnits, ended, targetEffect }: Asking,
): Cell {
  const arms = [
    phases.map(({ control }) => armTotal(control)),
    phases.map(({ treatment }) => armTotal(treatment)),
  ] as const
  const sums = arms.map((each) =>
    each.reduce((a, b) => ({
      ...a,
      n: a.n + b.n,
      nonzero: a.nonzero + b.nonzero,
      y: a.y + b.y,
      yy: a.yy + b.yy,
      yyy: a.yyy + b.yyy,
    })),
  )
  const gate = gateOf(sums)
  const [c, t] = [sums[0]!, sums[1]!]
  const units = { control: c.n, treatment: t.n }
  const kind = metric.kind === 'ratio' ? 'ratio' : 'mean'
  const found = estimate(phases, kind)
  if (!isComputed(found)) return { ...NOTHING_SAID, units, gate, plannedUnits, reason: found.notComputable }
  const said = {
    units,
    gate,
    plannedUnits,
    firstEvents: metric.kind === 'count' ? firstEventsOf(phases, alpha) : null,
    control: found.control.mean,
    treatment: found.treatment.mean,
    adjustment: found.adjustment,
  }
  if (!gate.open) return { ...NOTHING_SAID, ...said, reason: gate.reason }
  const plan = { alpha, plannedUnits }
  const { absolute, relative: share } = found
  const verdict = anytime(absolute, plan)
  const logE =
    found.phases.length > 1 ? found.phases.reduce((sum, phase) => sum + anytime(phase, plan).logE, 0) : verdict.logE
  const relative =
    isComputed(share) && isApart(found, plan)
      ? { effect: share.effect, se: share.se, interval: anytime(share, plan).interval }
      : null
  const { margin, better } = metric
  return {
    ...said,
    absolute: { effect: absolute.effect, se: absolute.se, interval: verdict.interval },
    relative,
    logE,
    p: Math.min(1, Math.exp(-logE)),
    reason: '',
    guardrail: margin === undefined || relative === null ? null : guardrail(relative.interval, margin, better),
    noDifference: margin === undefined || relative === null ? null : isNoDifference(relative.interval, margin),
    detectable: relative === null ? null : detectableOf(relative.se, absolute.n, plan),
    unitsToJoin:
      relative === null || targetEffect === undefined
        ? null
        : toJoin({ se: relative.se, n: absolute.n }, targetEffect, plan),
    once: ended ? onceOf(found, alpha) : null,
  }
}

const NOTHING_SAID = {
  control: null,
  treatment: null,
  absolute: null,
  relative: null,
  p: null,
  logE: null,
  adjustment: null,
  guardrail: null,
  noDifference: null,
  firstEvents: null,
  detectable: null,
  unitsToJoin: null,
  once: null,
} as const

/** Arms are compared by equally large samples, so with equal hazards first events split one to one. */
const EQUAL = [1, 1] as const
/** As in Lindon & Malek. */
const COUNTS = { k: 100 }

function firstEventsOf(phases: readonly PhaseSums[], alpha: number): FirstEvents | null {
  const counts = phases.map(
    ({ control, treatment }) => [armTotal(control).nonzero, armTotal(treatment).nonzero] as const,
  )
  const tests = counts.map((pair) => countTest(pair, EQUAL, COUNTS)).filter(isComputed)
  if (tests.length === 0) return null
  const [control, treatment] = [counts.reduce((sum, [c]) => sum + c, 0), counts.reduce((sum, [, t]) => sum + t, 0)]
  const [low, high] = logRateRatioInterval([control, treatment], EQUAL, COUNTS, alpha)
  const told = (end: number): number | null => (Number.isFinite(end) ? Math.exp(end) : null)
  return { control, treatment, logE: tests.reduce((sum, { logE }) => sum + logE, 0), ratio: [told(low), told(high)] }
}

/** Without a baseline that differs from zero, no relative interval is valid. */
const isApart = ({ control, absolute }: Estimated, plan: Plan): boolean =>
  Math.abs(control.mean) > anytimeMultiplier(absolute.n, plan) * Math.sqrt(control.variance)

const POWER_Z = normal.quantile(0.8)

/** The standard error of the effect falls with the square root of the number of units. */
const detectableOf = (se: number, n: number, plan: Plan): number =>
  (anytimeMultiplier(plan.plannedUnits, plan) + POWER_Z) * se * Math.sqrt(n / plan.plannedUnits)

function toJoin(
  now: Pick<Estimated['absolute'], 'se' | 'n'>,
  effect: number,
  { alpha, plannedUnits }: Plan,
): number | null {
  const found = unitsYetToJoin(now, { effect, power: 0.8, alpha }, { kind: 'anytime', plannedUnits })
  return isComputed(found) ? Math.ceil(found.units) : null
}

function onceOf({ absolute, control, treatment }: Estimated, alpha: number): Once {
  const [belief, relative] = [
    posterior(absolute, 'absolute', control.mean, alpha),
    fiellerInterval(control, treatment, alpha),
  ]
  const { chanceToWin, risk } = isComputed(belief) ? belief : { chanceToWin: 0.5, risk: { control: 0, treatment: 0 } }
  return { ...welch(absolute, alpha), relative: isComputed(relative) ? relative.interval : null, chanceToWin, risk }
}
