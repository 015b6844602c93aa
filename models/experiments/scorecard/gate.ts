import { skewness, type Sums } from './sums.ts'

/** Why a cell has no result yet, and how close it is. */
export interface Gate {
  readonly open: boolean
  readonly reason: '' | 'too few units had the outcome' | 'the outcome is too skewed for so few units'
  /** Units per arm at which the gate would open, as estimated now, for the arm that lacks most. */
  readonly unitsNeeded: number
}

/** Minimum units with a non-zero outcome, in each arm. */
const MIN_NONZERO = 100
/** Factor on the squared skewness (Kohavi et al. 2014, "Seven rules of thumb for web site experimenters"). */
const PER_SKEW = 355

/** Units of an arm at which its gate opens, from the share with an outcome and the skewness that are known of it. */
export const unitsToOpen = (known: {
  readonly units: number
  readonly nonzero: number
  readonly skewness: number
}): number => Math.max((MIN_NONZERO * known.units) / Math.max(1, known.nonzero), PER_SKEW * known.skewness ** 2)

/**
 * Below this size asymptotic intervals are not valid: with 95 % zeros and unequal arms they were wrong in 64 of 100
 * runs.
 */
export function gateOf(arms: readonly Sums[]): Gate {
  const needed = arms.map((arm) =>
    arm.n === 0 ? MIN_NONZERO : unitsToOpen({ units: arm.n, nonzero: arm.nonzero, skewness: skewness(arm) }),
  )
  const rare = arms.some(({ nonzero }) => nonzero < MIN_NONZERO)
  const skewed = arms.some((arm) => arm.n < PER_SKEW * skewness(arm) ** 2)
  return {
    open: !rare && !skewed,
    reason: rare ? 'too few units had the outcome' : skewed ? 'the outcome is too skewed for so few units' : '',
    unitsNeeded: Math.ceil(Math.max(...needed)),
  }
}
