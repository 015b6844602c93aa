import { anytime, welchDf, type Effect, type Estimate, type Interval, type Moments } from '../statistics/index.ts'

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
export function banditEstimate(
  phases: readonly BanditPhase[],
  plan: { readonly alpha: number; readonly plannedUnits: number },
): BanditEstimate | undefined {
  const counted = phases.filter(({ arms }) => arms.every(({ n }) => n >= LEAST_UNITS))
  const [first] = counted
  if (first === undefined) return undefined
  const total = counted.reduce((sum, phase) => sum + unitsOf(phase), 0)
  const parts = first.arms.map((_, arm) => counted.map((phase) => partOf(phase, arm, unitsOf(phase) / total)))
  const [control = []] = parts
  return {
    leftOut: phases.length - counted.length,
    arms: parts.map((own, arm) => ({
      estimate: sumOf(own),
      effect: arm === 0 ? null : effectOf(control, own, plan),
    })),
  }
}

/** What a phase adds to the mean of an arm. */
interface Part {
  readonly n: number
  readonly mean: number
  readonly variance: number
}

function partOf({ arms }: BanditPhase, arm: number, share: number): Part {
  const { n, mean, variance } = arms[arm]!
  return { n, mean: share * mean, variance: (share ** 2 * variance) / n }
}

const sumOf = (parts: readonly Part[]): Estimate => ({
  mean: parts.reduce((sum, { mean }) => sum + mean, 0),
  variance: parts.reduce((sum, { variance }) => sum + variance, 0),
})

function effectOf(
  control: readonly Part[],
  own: readonly Part[],
  plan: { readonly alpha: number; readonly plannedUnits: number },
): BanditArm['effect'] {
  const all = [...control, ...own]
  const [c, t] = [sumOf(control), sumOf(own)]
  if (!(c.variance + t.variance > 0)) return null
  const effect = {
    effect: t.mean - c.mean,
    se: Math.sqrt(c.variance + t.variance),
    df: welchDf(all),
    n: all.reduce((sum, { n }) => sum + n, 0),
  }
  return { ...effect, interval: anytime(effect, plan).interval }
}
