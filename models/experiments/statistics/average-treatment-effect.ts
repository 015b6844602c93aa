import type { Interval } from './interval.ts'
import { gammaExponentialMixture, mixtureBound, type LogMixture } from './mixtures.ts'

/** A stream of units that are randomised one by one, with bounded outcomes; nothing is asymptotic. */
export interface AteDesign {
  /** Probability of the treatment. */
  readonly propensity: number
  readonly support: Interval
  /** Expected variance of an outcome around its prediction. */
  readonly noise: number
  /** Number of units at which the interval is tightest. */
  readonly tightestAt: number
  readonly alpha: number
}

/** State after t units: sums over the units, in order of arrival. */
export interface AteState {
  readonly t: number
  readonly sum: number
  /** Intrinsic time: sum of squared distances from the predictions. */
  readonly variance: number
  readonly arms: readonly [control: Outcomes, treatment: Outcomes]
}

interface Outcomes {
  readonly n: number
  readonly sum: number
}

const NONE: Outcomes = { n: 0, sum: 0 }
export const NO_UNITS: AteState = { t: 0, sum: 0, variance: 0, arms: [NONE, NONE] }

/** Mean of an arm so far; the first unit is predicted by the middle of the support, an arm without units by 0. */
const predicted = ({ n, sum }: Outcomes, t: number, [low, high]: Interval): number =>
  t === 0 ? (low + high) / 2 : sum / Math.max(1, n)

/** Adds one unit: its outcome, weighted by the inverse propensity around predictions from the units before it. */
export function observe(
  state: AteState,
  outcome: number,
  isTreated: boolean,
  { propensity, support }: AteDesign,
): AteState {
  const [control, treatment] = state.arms
  const [low, high] = [predicted(control, state.t, support), predicted(treatment, state.t, support)]
  const surprise = isTreated ? (outcome - high) / propensity : (low - outcome) / (1 - propensity)
  const counted = (arm: Outcomes): Outcomes => ({ n: arm.n + 1, sum: arm.sum + outcome })
  return {
    t: state.t + 1,
    sum: state.sum + high - low + surprise,
    variance: state.variance + surprise ** 2,
    arms: isTreated ? [control, counted(treatment)] : [counted(control), treatment],
  }
}

const mixtureOf = ({ propensity, support, noise, tightestAt, alpha }: AteDesign): LogMixture => {
  const step = (2 * (support[1] - support[0])) / Math.min(propensity, 1 - propensity)
  return gammaExponentialMixture(
    { v: tightestAt * noise * (1 / propensity + 1 / (1 - propensity)), alpha: alpha / 2 },
    step,
  )
}

/**
 * Confidence sequence of the average treatment effect (Howard et al. 2021, section 4.2), and the p-value of "not above
 * 0". Valid at every size; wide, because it assumes only that outcomes are bounded.
 */
export function averageTreatmentEffect(
  { t, sum, variance }: AteState,
  design: AteDesign,
): { readonly estimate: number; readonly interval: Interval; readonly p: number } {
  const mixture = mixtureOf(design)
  const diameter = design.support[1] - design.support[0]
  const [estimate, radius] = [sum / t, mixtureBound(mixture, variance, design.alpha / 2) / t]
  return {
    estimate,
    interval: [Math.max(-diameter, estimate - radius), Math.min(diameter, estimate + radius)],
    p: Math.min(1, Math.exp(-mixture(sum, variance))),
  }
}
