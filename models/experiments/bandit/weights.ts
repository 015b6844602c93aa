import { normal } from '../distributions/index.ts'
import type { Estimate } from '../statistics/index.ts'

/** Points of the integral over an arm's posterior, within so many standard errors around its mean. */
const [POINTS, WITHIN] = [201, 7]
/** Share of units that go to the best arm so far rather than to its strongest rival. */
const TO_BEST = 0.5

/**
 * The chance of each arm to be the best, under independent normal posteriors with a flat prior; by an integral instead
 * of draws, so that the same sums give the same weights.
 */
export function chancesOfBest(arms: readonly Estimate[], better: 'up' | 'down' = 'up'): number[] {
  const sign = better === 'up' ? 1 : -1
  const posteriors = arms.map(({ mean, variance }) => ({
    mean: sign * mean,
    sd: Math.sqrt(Math.max(variance, 1e-300)),
  }))
  const chances = posteriors.map(({ mean, sd }, own) => {
    let sum = 0
    for (let point = 0; point < POINTS; point++) {
      const z = WITHIN * ((2 * point) / (POINTS - 1) - 1)
      const others = posteriors.reduce(
        (product, other, at) => (at === own ? product : product * normal.cdf((mean + z * sd - other.mean) / other.sd)),
        1,
      )
      sum += Math.exp(-(z ** 2) / 2) * others
    }
    return sum
  })
  const total = chances.reduce((sum, chance) => sum + chance, 0)
  return chances.map((chance) => chance / total)
}

/**
 * Weights of the next phase: top-two Thompson sampling (Russo 2016), in expectation instead of by draws: half of the
 * units go to arms by their chance to be the best, half by their chance to be the best of the others. No arm gets less
 * than `least`: an arm without units tells nothing, and what is best may change.
 */
export function nextWeights(chances: readonly number[], least: number): number[] {
  const rivals = chances.map((own, at) =>
    chances.reduce((sum, other, best) => (best === at || other >= 1 ? sum : sum + (other * own) / (1 - other)), 0),
  )
  const wanted = chances.map((chance, at) => TO_BEST * chance + (1 - TO_BEST) * rivals[at]!)
  const total = wanted.reduce((sum, weight) => sum + weight, 0)
  const free = 1 - least * chances.length
  return wanted.map((weight) => least + (free * weight) / total)
}
