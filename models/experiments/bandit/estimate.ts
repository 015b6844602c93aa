import {
  anytime,
  isComputed,
  meanOver,
  stratified,
  type Effect,
  type Estimate,
  type Interval,
  type Moments,
  type Plan,
} from '../statistics/index.ts'

/** The arms of a time in which weights did not change; the control is the first. */
export interface BanditPhase {
  readonly arms: readonly Moments[]
}

export interface BanditArm {
  /** Mean over the phases, and the variance of this estimate. */
  readonly estimate: Estimate
  /** Against the control, with an interval that holds at any time; null for the control itself, and where nothing varies. */
  readonly effect: (Effect & { readonly interval: Interval }) | null
}

export interface BanditEstimate {
  readonly arms: readonly BanditArm[]
  /** Phases that were left out because an arm had fewer than `LEAST_UNITS` units in them. */
  readonly leftOut: number
}

/** Fewer units tell no variance. */
const LEAST_UNITS = 10

const unitsOf = ({ arms }: BanditPhase): number => arms.reduce((sum, { n }) => sum + n, 0)

/**
 * Means over phases. A phase counts by its share of all units, whichever arm they got: how many join a phase does not
 * depend on the results, while how many join an arm does. Weighed by the pair's own units, a phase in which an arm was
 * lucky would pull more units behind it, and count less: a bias towards failure. Pooled over phases, an arm that got
 * its units on a good day would seem better (Simpson's paradox). Undefined without a phase that tells of every arm.
 */
export function banditEstimate(phases: readonly BanditPhase[], plan: Plan): BanditEstimate | undefined {
  const counted = phases.filter(({ arms }) => arms.every(({ n }) => n >= LEAST_UNITS))
  const [first] = counted
  if (first === undefined) return undefined
  const sizes = counted.map(unitsOf)
  const armOver = (arm: number): Moments[] => counted.map(({ arms }) => arms[arm]!)
  return {
    leftOut: phases.length - counted.length,
    arms: first.arms.map((_, arm) => ({
      estimate: meanOver(armOver(arm), sizes),
      effect: arm === 0 ? null : effectOf(counted, arm, sizes, plan),
    })),
  }
}

function effectOf(
  phases: readonly BanditPhase[],
  arm: number,
  sizes: readonly number[],
  plan: Plan,
): BanditArm['effect'] {
  const strata = phases.map(({ arms }) => ({ control: arms[0]!, treatment: arms[arm]! }))
  const found = stratified(strata, sizes)
  return isComputed(found) ? { ...found.absolute, interval: anytime(found.absolute, plan).interval } : null
}
