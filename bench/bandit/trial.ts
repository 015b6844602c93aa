import {
  banditEstimate,
  chancesOfBest,
  nextWeights,
  proportionOf,
  welch,
  type BanditPhase,
  type Interval,
  type Moments,
} from '../../models/experiments/index.ts'
import { isComputed } from '../../models/experiments/statistics/index.ts'
import type { Random } from '../../platform/random.ts'

export interface World {
  readonly arms: number
  readonly phases: number
  readonly unitsEach: number
  /** Least weight of an arm. */
  readonly least: number
  /** How the shares move: for everybody alike, or arms that change places halfway. */
  readonly drift: 'none' | 'common' | 'arms'
}

/** True shares of success, by phase and arm. */
type Truth = readonly (readonly number[])[]

export interface Trial {
  /** Whether the interval of every arm held the truth at every look, and by method at the end. */
  readonly anytime: readonly boolean[]
  readonly end: readonly boolean[]
  readonly pooled: readonly boolean[]
  readonly pairs: readonly boolean[]
  /** Successes lost against the best arm of each phase, per unit; with weights that follow, and evenly split. */
  readonly regret: number
  readonly even: number
}

const PLAN = { alpha: 0.05, plannedUnits: 4_000 }

/** One experiment drawn anew. */
export function trial(world: World, random: Random): Trial {
  const truth = truthOf(world, random.fork('truth'))
  const phases: BanditPhase[] = []
  const anytime = Array.from({ length: world.arms - 1 }, () => true)
  let weights = evenly(world.arms)
  let [lost, lostEvenly] = [0, 0]
  for (const [at, means] of truth.entries()) {
    const counts = split(world.unitsEach, weights, random)
    phases.push({ arms: counts.map((n, arm) => draw(n, means[arm]!, random)) })
    const best = Math.max(...means)
    lost += counts.reduce((sum, n, arm) => sum + n * (best - means[arm]!), 0)
    lostEvenly += means.reduce((sum, mean) => sum + (world.unitsEach / world.arms) * (best - mean), 0)
    const found = banditEstimate(phases, PLAN)
    if (found === undefined) continue
    const real = effects(truth.slice(0, at + 1))
    found.arms.slice(1).forEach(({ effect }, arm) => (anytime[arm] &&= holds(effect!.interval, real[arm]!)))
    weights = nextWeights(chancesOfBest(found.arms.map(({ estimate }) => estimate)), world.least)
  }
  const units = world.unitsEach * world.phases
  const real = effects(truth)
  return {
    anytime,
    end: banditEstimate(phases, PLAN)!
      .arms.slice(1)
      .map(({ effect }, arm) => holds(welch(effect!, PLAN.alpha).interval, real[arm]!)),
    pooled: real.map((effect, arm) => holds(pooledInterval(phases, arm + 1), effect)),
    pairs: real.map((effect, arm) => holds(pairInterval(phases, arm + 1), effect)),
    regret: lost / units,
    even: lostEvenly / units,
  }
}

function truthOf({ arms, phases, drift }: World, random: Random): Truth {
  const base = Array.from({ length: arms }, () => 0.3 + 0.06 * random.next())
  const turned = base.toReversed()
  const [turn, trend] = [random.next() * 2 * Math.PI, 0.15 * (random.next() - 0.5)]
  return Array.from({ length: phases }, (_, at) => {
    const common =
      drift === 'none' ? 0 : 0.12 * Math.sin(turn + (at * 2 * Math.PI) / 8) + (trend * at) / Math.max(1, phases - 1)
    return (drift === 'arms' && at >= phases / 2 ? turned : base).map((share) =>
      Math.min(0.95, Math.max(0.02, share + common)),
    )
  })
}

/** Differences from the control over phases of equal size. */
const effects = (truth: Truth): number[] =>
  truth[0]!.slice(1).map((_, arm) => truth.reduce((sum, means) => sum + means[arm + 1]! - means[0]!, 0) / truth.length)

const evenly = (arms: number): number[] => Array.from({ length: arms }, () => 1 / arms)
const holds = ([low, high]: Interval, value: number): boolean => low <= value && value <= high

/** Each unit gets an arm by itself, as by its hash. */
function split(units: number, weights: readonly number[], random: Random): number[] {
  const counts = weights.map(() => 0)
  for (let unit = 0; unit < units; unit++) {
    let [left, arm] = [random.next(), 0]
    while (arm < weights.length - 1 && (left -= weights[arm]!) >= 0) arm++
    counts[arm]!++
  }
  return counts
}

function draw(n: number, share: number, random: Random): Moments {
  let successes = 0
  for (let unit = 0; unit < n; unit++) if (random.next() < share) successes++
  const mean = n === 0 ? 0 : successes / n
  const variance = n < 2 ? 0 : (mean * (1 - mean) * n) / (n - 1)
  return { n, mean, variance }
}

/** What a dashboard would show that adds units up over phases. */
function pooledInterval(phases: readonly BanditPhase[], arm: number): Interval {
  const [c, t] = [0, arm].map((each) => {
    const n = phases.reduce((sum, { arms }) => sum + arms[each]!.n, 0)
    const successes = phases.reduce((sum, { arms }) => sum + arms[each]!.n * arms[each]!.mean, 0)
    const share = proportionOf(n, successes)
    return isComputed(share) ? share : { n: 1, mean: 0, variance: 0 }
  }) as [Moments, Moments]
  const half = 1.96 * Math.sqrt(c.variance / c.n + t.variance / t.n)
  return [t.mean - c.mean - half, t.mean - c.mean + half]
}

/** Phases compared within themselves, but weighed by the units of the pair. */
function pairInterval(phases: readonly BanditPhase[], arm: number): Interval {
  const size = ({ arms }: BanditPhase): number => arms[0]!.n + arms[arm]!.n
  const counted = phases.filter(({ arms }) => arms[0]!.n > 1 && arms[arm]!.n > 1)
  const total = counted.reduce((sum, phase) => sum + size(phase), 0)
  const [effect, variance] = counted.reduce(
    ([sum, spread], phase) => {
      const [c, t, share] = [phase.arms[0]!, phase.arms[arm]!, size(phase) / total]
      return [sum + share * (t.mean - c.mean), spread + share ** 2 * (c.variance / c.n + t.variance / t.n)]
    },
    [0, 0],
  )
  const half = 1.96 * Math.sqrt(variance)
  return [effect - half, effect + half]
}
