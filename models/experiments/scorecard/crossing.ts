import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import {
  anytime,
  because,
  interactionOf,
  isComputed,
  momentsOf,
  ratioOf,
  type Computed,
  type Crossed,
  type Effect,
  type Moments,
  type Reason,
} from '../statistics/index.ts'
import type { Size } from './cell.ts'
import { discoveries } from './families.ts'
import { gateOf, type Gate } from './gate.ts'
import { isAlert, phaseHealth } from './health.ts'
import { plannedFor } from './scorecard.ts'
import { addSums, NOTHING, type Sums } from './sums.ts'

/** Units of both experiments by their phases and arms in each. */
interface Place {
  readonly phase: number
  readonly variation: number
  readonly otherPhase: number
  readonly other: number
}
export interface CrossedCount extends Place {
  readonly units: number
}
export interface CrossedRow extends Place, Sums {
  readonly metric: string
}

/** Whether one experiment changes the effect of the other: one metric, one arm of each against its control. */
export interface Interaction {
  readonly metric: string
  readonly version: number
  readonly variation: number
  readonly other: number
  /** Units in each combination, such as the control of this experiment and the control of the other. */
  readonly units: Readonly<Record<keyof Crossed, number>>
  readonly gate: Gate
  /** The effect in the other's arm minus the effect in its control; at 0 the experiments can be analysed separately. */
  readonly absolute: Size | null
  readonly p: number | null
  readonly logE: number | null
  readonly plannedUnits: number
  readonly reason: Reason | Gate['reason']
  /** By e-BH among all interactions with that experiment. */
  readonly discovery: boolean
}

export interface Crossing {
  readonly with: string
  /** Units in both. Alerts if the assignments are not independent: then each experiment confounds the other. */
  readonly overlap: {
    readonly units: number
    readonly logE: number
    readonly shareError: number
    readonly alert: boolean
  }
  readonly interactions: readonly Interaction[]
}

type Pair = readonly [experiment: RegisteredExperiment, other: RegisteredExperiment]

/** A pure function of sums, counts and both definitions; `metrics` are the metrics that were summed. */
export function crossingOf(
  [experiment, other]: Pair,
  metrics: readonly MetricDefinition[],
  counts: readonly CrossedCount[],
  rows: readonly CrossedRow[],
): Crossing {
  const arms = experiment.variations
    .slice(1)
    .flatMap((_, a) => other.variations.slice(1).map((_each, b) => [a + 1, b + 1] as const))
  const found = metrics.flatMap((metric) => {
    const own = rows.filter((row) => row.metric === metricKey(metric))
    return arms.map((pair) => interaction([experiment, other], metric, pair, own))
  })
  const isDiscovery = discoveries(
    found.map(({ logE }) => ({ logE, once: null })),
    experiment.alpha,
  )
  return {
    with: other.id,
    overlap: overlapOf([experiment, other], counts),
    interactions: found.map((each, at) => ({ ...each, discovery: isDiscovery[at]! })),
  }
}

/**
 * The arms of two experiments are assigned by independent hashes, so the shares of their pairs are products of weights,
 * phase by phase.
 */
function overlapOf([experiment, other]: Pair, counts: readonly CrossedCount[]): Crossing['overlap'] {
  const strata = [...Map.groupBy(counts, ({ phase, otherPhase }) => `${phase}/${otherPhase}`).values()].flatMap(
    (own) => {
      const [weights, against] = [
        experiment.phases.find(({ phase }) => phase === own[0]!.phase)?.weights,
        other.phases.find(({ phase }) => phase === own[0]!.otherPhase)?.weights,
      ]
      if (weights === undefined || against === undefined) return []
      const pairs = weights.flatMap((weight, a) =>
        against.map((share, b) => ({
          weight: weight * share,
          units: own.find((count) => count.variation === a && count.other === b)?.units ?? 0,
        })),
      )
      return [
        phaseHealth(
          own[0]!.phase,
          pairs.map(({ weight }) => weight),
          pairs.map(({ units }) => units),
        ),
      ]
    },
  )
  const [logE, shareError] = [
    strata.reduce((sum, each) => sum + each.logE, 0),
    Math.max(0, ...strata.map((each) => each.shareError)),
  ]
  return {
    units: counts.reduce((sum, { units }) => sum + units, 0),
    logE,
    shareError,
    alert: isAlert(logE, shareError),
  }
}

function interaction(
  [experiment, other]: Pair,
  metric: MetricDefinition,
  [variation, against]: readonly [number, number],
  rows: readonly CrossedRow[],
): Omit<Interaction, 'discovery'> {
  const total = cellsOf(rows, variation, against, (own) => own.reduce(addSums, NOTHING))
  const gate = gateOf(Object.values(total))
  const plannedUnits = Math.min(plannedFor(experiment, variation, 1), plannedFor(other, against, 1))
  const units = Object.fromEntries(Object.entries(total).map(([name, { n }]) => [name, n])) as Interaction['units']
  const said = { metric: metric.id, version: metric.version, variation, other: against, units, gate, plannedUnits }
  const effect = crossedEffect(rows, metric, variation, against)
  if (!isComputed(effect) || !gate.open)
    return {
      ...said,
      absolute: null,
      p: null,
      logE: null,
      reason: isComputed(effect) ? gate.reason : effect.notComputable,
    }
  const verdict = anytime(effect, { alpha: experiment.alpha, plannedUnits })
  return {
    ...said,
    absolute: { effect: effect.effect, se: effect.se, interval: verdict.interval },
    logE: verdict.logE,
    p: Math.min(1, Math.exp(-verdict.logE)),
    reason: '',
  }
}

/**
 * Computed within each pair of phases, then weighted by their units: a change of weights must not look like an
 * interaction.
 */
function crossedEffect(
  rows: readonly CrossedRow[],
  metric: MetricDefinition,
  variation: number,
  against: number,
): Computed<Effect> {
  const strata = [...Map.groupBy(rows, ({ phase, otherPhase }) => `${phase}/${otherPhase}`).values()].map((own) => {
    const cells = cellsOf(own, variation, against, (each) => momentsBy(metric, each.reduce(addSums, NOTHING)))
    const broken = Object.values(cells).find((cell) => !isComputed(cell))
    return broken === undefined ? interactionOf(cells as Crossed) : (broken as Computed<Effect>)
  })
  const effects = strata.filter(isComputed)
  if (effects.length === 0) return strata[0] ?? because('there are no units')
  const n = effects.reduce((sum, each) => sum + each.n, 0)
  const weighted = (of: (each: Effect) => number): number => effects.reduce((sum, each) => sum + of(each), 0)
  return {
    n,
    effect: weighted((each) => (each.n / n) * each.effect),
    se: Math.sqrt(weighted((each) => ((each.n / n) * each.se) ** 2)),
    df: weighted(({ df }) => df),
  }
}

function momentsBy(metric: MetricDefinition, { n, y, yy, d, dd, yd }: Sums): Computed<Moments> {
  if (metric.kind !== 'ratio') return momentsOf({ n, sum: y, sumSquares: yy })
  return ratioOf({ n, numerator: { sum: y, sumSquares: yy }, denominator: { sum: d, sumSquares: dd }, product: yd })
}

function cellsOf<T>(
  rows: readonly CrossedRow[],
  variation: number,
  against: number,
  make: (own: readonly Sums[]) => T,
): Record<keyof Crossed, T> {
  const of = (a: number, b: number): T => make(rows.filter((row) => row.variation === a && row.other === b))
  return {
    controlControl: of(0, 0),
    controlTreatment: of(0, against),
    treatmentControl: of(variation, 0),
    treatmentTreatment: of(variation, against),
  }
}
