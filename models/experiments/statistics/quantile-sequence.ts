import type { Interval } from './interval.ts'
import { betaBinomialMixture, mixtureBound, type LogMixture } from './mixtures.ts'
import { least, signChange } from './roots.ts'

/** Number of observations and alpha for which the intervals are tightest. */
export interface SequencePlan {
  readonly t: number
  readonly alpha: number
}

const ofShare = (p: number, { t, alpha }: SequencePlan): LogMixture =>
  betaBinomialMixture({ v: p * (1 - p) * t, alpha }, p, 1 - p, 2)

/** Log evidence against "the share is p", given the observed share `seen` of n. */
const evidence = (mixture: LogMixture, p: number, seen: number, n: number): number =>
  mixture((seen - p) * n, p * (1 - p) * n)

/** Confidence sequence of the share of successes (Howard et al. 2021, the beta-binomial mixture, inverted). */
export function bernoulliSequence(successes: number, n: number, alpha: number, plan: SequencePlan): Interval {
  if (n === 0) return [0, 1]
  const seen = successes / n
  const lacks = (p: number): number => (p <= 0 || p >= 1 ? 1 : evidence(ofShare(p, plan), p, seen, n) + Math.log(alpha))
  return [seen === 0 ? 0 : signChange(lacks, 0, seen), seen === 1 ? 1 : signChange(lacks, 1, seen)]
}

/**
 * Levels of the order statistics between which the quantile lies at all times (Howard & Ramdas 2022, theorem 1); a
 * level outside [0, 1] means an open side.
 */
export function quantileLevels(level: number, n: number, alpha: number, plan: SequencePlan): Interval {
  const tuning = { v: level * (1 - level) * plan.t, alpha: plan.alpha }
  const v = level * (1 - level) * n
  const reach = (g: number, h: number): number => {
    const bound = mixtureBound(betaBinomialMixture(tuning, g, h, 2), v, alpha, v / g)
    return bound >= v / g ? Infinity : bound / n
  }
  return [level - reach(1 - level, level), level + reach(level, 1 - level)]
}

/** An arm's observations in ascending order. */
export type Ordered = ArrayLike<number>

/** Number of values below x, or at most x if `isAtToo`. */
function count(values: Ordered, x: number, isAtToo: boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < x || (isAtToo && values[middle] === x)) low = middle + 1
    else high = middle
  }
  return low
}

/** The evidence of one arm against "the quantile is x", and the interval of x where it is least. */
function armEvidence(values: Ordered, level: number, mixture: LogMixture) {
  const n = values.length
  const of = (share: number): number => evidence(mixture, level, share, n)
  const { at } = least(of, 0, 1)
  const [from, to] = [values[Math.max(0, Math.ceil(at * n) - 1)]!, values[Math.min(n - 1, Math.floor(at * n))]!]
  return {
    from,
    to,
    against: (x: number): number =>
      of(x < from ? count(values, x, true) / n : x > to ? count(values, x, false) / n : at),
  }
}

/**
 * Log evidence against a common quantile of two arms, at any time (Howard & Ramdas 2022, section 5): the least joint
 * evidence over all values of that quantile. p = min(1, 1/E). Both arms need observations, each from a different unit.
 */
export function quantileDifferenceLogE(a: Ordered, b: Ordered, level: number, plan: SequencePlan): number {
  const mixture = ofShare(level, plan)
  const arms = [a, b].map((values) => ({ values, ...armEvidence(values, level, mixture) })).sort((x, y) => x.to - y.to)
  const [left, right] = arms as [(typeof arms)[0], (typeof arms)[0]]
  const joint = (x: number): number => left.against(x) + right.against(x)
  // Between the two intervals the left arm's evidence rises and the right arm's falls, each at its observations: the
  // minimum can be only at one of these.
  let smallest = Math.min(joint(left.to), joint(right.from))
  for (let i = count(right.values, left.to, false); i < right.values.length && right.values[i]! <= right.from; i++)
    smallest = Math.min(smallest, joint(right.values[i]!))
  return smallest
}
