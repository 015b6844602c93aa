import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import type { SumsRow } from '../scorecard/index.ts'
import { isComputed, momentsOf, ratioOf, type Moments } from '../statistics/index.ts'
import { banditEstimate, type BanditArm } from './estimate.ts'
import { chancesOfBest, nextWeights } from './weights.ts'

/** The least weight of an arm, if there are few enough arms. */
const LEAST = 0.05

export interface StandingArm {
  readonly variation: number
  /** Mean over the phases; null while no phase tells of every arm. */
  readonly mean: number | null
  /** Against the control, with an interval that holds at any time; null for the control. */
  readonly effect: number | null
  readonly interval: readonly [number, number] | null
  /** Under a flat prior. */
  readonly chanceOfBest: number | null
}

/** How the arms of an experiment stand, and how the next units should be split. */
export interface BanditStanding {
  readonly metric: string
  readonly version: number
  readonly better: 'up' | 'down'
  /** Units whose window has closed, by phase and arm. */
  readonly phases: readonly {
    readonly phase: number
    readonly weights: readonly number[]
    readonly units: readonly number[]
  }[]
  readonly leftOut: number
  readonly arms: readonly StandingArm[]
  /** Weights for the next phase; null while nothing is known. */
  readonly next: readonly number[] | null
}

/** `rows`: sums of all units of the metric, without the samples that a scorecard draws from unequal arms. */
export function banditStanding(
  { alpha, plannedUnits, phases, variations }: RegisteredExperiment,
  metric: MetricDefinition,
  rows: readonly SumsRow[],
): BanditStanding {
  const closed = rows.filter((row) => row.closed === 1 && row.metric === metricKey(metric))
  const counted = phases.map(({ phase, weights }) => ({
    phase,
    weights,
    arms: variations.map((_, variation) =>
      armOf(
        metric.kind,
        closed.filter((row) => row.phase === phase && row.variation === variation),
      ),
    ),
  }))
  const found = banditEstimate(
    counted.filter(({ arms }) => arms.some(({ n }) => n > 0)),
    { alpha, plannedUnits },
  )
  const chances =
    found &&
    chancesOfBest(
      found.arms.map(({ estimate }) => estimate),
      metric.better,
    )
  return {
    metric: metric.id,
    version: metric.version,
    better: metric.better,
    phases: counted.map(({ phase, weights, arms }) => ({ phase, weights, units: arms.map(({ n }) => n) })),
    leftOut: found?.leftOut ?? 0,
    arms: variations.map((_, variation) => standingOf(variation, found?.arms[variation], chances?.[variation])),
    next: chances === undefined ? null : nextWeights(chances, Math.min(LEAST, 0.5 / variations.length)),
  }
}

const standingOf = (variation: number, arm: BanditArm | undefined, chance: number | undefined): StandingArm => ({
  variation,
  mean: arm?.estimate.mean ?? null,
  effect: arm?.effect?.effect ?? null,
  interval: arm?.effect?.interval ?? null,
  chanceOfBest: chance ?? null,
})

/** Moments of an arm's units; of a ratio, those of a unit's share in it. */
function armOf(kind: MetricDefinition['kind'], rows: readonly SumsRow[]): Moments {
  const sum = (name: 'n' | 'y' | 'yy' | 'd' | 'dd' | 'yd'): number => rows.reduce((total, row) => total + row[name], 0)
  const [n, numerator] = [sum('n'), { sum: sum('y'), sumSquares: sum('yy') }]
  const denominator = { sum: sum('d'), sumSquares: sum('dd') }
  const moments =
    kind === 'ratio' ? ratioOf({ n, numerator, denominator, product: sum('yd') }) : momentsOf({ n, ...numerator })
  return isComputed(moments) ? moments : { n, mean: 0, variance: 0 }
}
