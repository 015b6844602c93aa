import { differenceOf, type Effect, type Estimate, type Scale, welchDf } from './effect.ts'
import type { Moments } from './moments.ts'
import { because, onward, type Computed } from './outcome.ts'

/**
 * Both arms within a group of units that was fixed before or at exposure: a phase of the experiment, a country, "new".
 */
export interface Stratum {
  readonly control: Moments
  readonly treatment: Moments
}

/**
 * Each stratum's weight is the number of its units in both arms, so a ramp that changes the arms' shares between phases
 * causes no bias.
 */
const sizesOf = (strata: readonly Stratum[]): readonly number[] =>
  strata.map(({ control, treatment }) => control.n + treatment.n)
const weightsOf = (sizes: readonly number[]): readonly number[] => {
  const total = sizes.reduce((a, b) => a + b, 0)
  return sizes.map((size) => size / total)
}

/** The mean of an arm over strata, by the sizes of the strata. */
export const meanOver = (arms: readonly Moments[], sizes: readonly number[]): Estimate =>
  weighted(arms, weightsOf(sizes))

function weighted(arms: readonly Moments[], weights: readonly number[]): Estimate {
  const sum = (of: (arm: Moments, weight: number) => number): number =>
    arms.reduce((total, arm, at) => total + of(arm, weights[at]!), 0)
  return { mean: sum(({ mean }, w) => w * mean), variance: sum(({ variance, n }, w) => (w ** 2 * variance) / n) }
}

/** Both arms' means over strata with their errors, and the effect on either scale. */
export interface Stratified {
  readonly control: Estimate
  readonly treatment: Estimate
  readonly absolute: Effect
  readonly relative: Computed<Effect>
}

/**
 * The effect over strata, each compared within itself (post-stratification: Miratrix, Sekhon & Yu 2013). The strata's
 * shares are those of the sample, unless `sizes` says how large they are.
 */
export function stratified(strata: readonly Stratum[], sizes = sizesOf(strata)): Computed<Stratified> {
  if (strata.length === 0) return because('there are no units')
  if (strata.some(({ control, treatment }) => control.n < 2 || treatment.n < 2))
    return because('there are too few units')
  const weights = weightsOf(sizes)
  const [control, treatment] = [
    weighted(
      strata.map((stratum) => stratum.control),
      weights,
    ),
    weighted(
      strata.map((stratum) => stratum.treatment),
      weights,
    ),
  ]
  const parts = strata.flatMap((stratum, at) =>
    [stratum.control, stratum.treatment].map(({ n, variance }) => ({
      n,
      variance: (weights[at]! ** 2 * variance) / n,
    })),
  )
  const n = parts.reduce((sum, part) => sum + part.n, 0)
  const on = (scale: Scale): Computed<Effect> =>
    onward(differenceOf(control, treatment, scale), ({ mean, variance }) => ({
      effect: mean,
      se: Math.sqrt(variance),
      df: welchDf(parts),
      n,
    }))
  return onward(on('absolute'), (absolute) => ({ control, treatment, absolute, relative: on('relative') }))
}

export const stratifiedEffect = (strata: readonly Stratum[], scale: Scale): Computed<Effect> =>
  onward(stratified(strata), (found) => found[scale])
