import { differenceOf, type Effect, type Estimate, type Scale, welchDf } from './effect.ts'
import type { Moments } from './moments.ts'
import { because, type Computed } from './outcome.ts'

/** Both arms within a group of units that was fixed before or at exposure: a phase of the experiment, a country, "new". */
export interface Stratum {
  readonly control: Moments
  readonly treatment: Moments
}

/** Every stratum counts as many of both arms as it holds: then a ramp that changes the arms' shares between phases biases nothing. */
const weightsOf = (strata: readonly Stratum[]): readonly number[] => {
  const sizes = strata.map(({ control, treatment }) => control.n + treatment.n)
  const total = sizes.reduce((a, b) => a + b, 0)
  return sizes.map((size) => size / total)
}

function weighted(arms: readonly Moments[], weights: readonly number[]): Estimate {
  const sum = (of: (arm: Moments, weight: number) => number): number => arms.reduce((total, arm, at) => total + of(arm, weights[at]!), 0)
  return { mean: sum(({ mean }, w) => w * mean), variance: sum(({ variance, n }, w) => (w ** 2 * variance) / n) }
}

/** The mean of each arm over strata, with its error. */
export function stratifiedArms(strata: readonly Stratum[]): { readonly control: Estimate; readonly treatment: Estimate } {
  const weights = weightsOf(strata)
  return { control: weighted(strata.map(({ control }) => control), weights), treatment: weighted(strata.map(({ treatment }) => treatment), weights) }
}

/**
 * The effect over strata, each compared within itself (post-stratification: Miratrix, Sekhon & Yu 2013). The strata's shares are taken
 * as they are in the sample.
 */
export function stratifiedEffect(strata: readonly Stratum[], scale: Scale): Computed<Effect> {
  if (strata.length === 0) return because('there are no units')
  if (strata.some(({ control, treatment }) => control.n < 2 || treatment.n < 2)) return because('there are too few units')
  const arms = stratifiedArms(strata)
  const found = differenceOf(arms.control, arms.treatment, scale)
  if ('notComputable' in found) return found
  const weights = weightsOf(strata)
  const parts = strata.flatMap(({ control, treatment }, at) => [control, treatment].map(({ n, variance }) => ({ n, variance: (weights[at]! ** 2 * variance) / n })))
  return { effect: found.mean, se: Math.sqrt(found.variance), df: welchDf(parts), n: strata.reduce((n, { control, treatment }) => n + control.n + treatment.n, 0) }
}
