import { skewness, type Sums } from './sums.ts'

/** Why nothing is said of a cell yet, and how far it is. */
export interface Gate {
  readonly open: boolean
  readonly reason: '' | 'too few units had the outcome' | 'the outcome is too skewed for so few units'
  /** Units an arm that would open it, by what is known; of the arm that lacks most. */
  readonly unitsNeeded: number
}

/** Units with an outcome that is not zero, in each arm. */
const MIN_NONZERO = 100
/** Times the squared skewness (Kohavi et al. 2014, "Seven rules of thumb for web site experimenters"). */
const PER_SKEW = 355

/** Asymptotic intervals promise nothing before: at 95 % zeros and unequal arms they were wrong in 64 of 100 runs. */
export function gateOf(arms: readonly Sums[]): Gate {
  const needed = arms.map((arm) =>
    arm.n === 0
      ? MIN_NONZERO
      : Math.max((MIN_NONZERO * arm.n) / Math.max(1, arm.nonzero), PER_SKEW * skewness(arm) ** 2),
  )
  const rare = arms.some(({ nonzero }) => nonzero < MIN_NONZERO)
  const skewed = arms.some((arm) => arm.n < PER_SKEW * skewness(arm) ** 2)
  return {
    open: !rare && !skewed,
    reason: rare ? 'too few units had the outcome' : skewed ? 'the outcome is too skewed for so few units' : '',
    unitsNeeded: Math.ceil(Math.max(...needed)),
  }
}
