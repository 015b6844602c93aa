import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { hasEnded, type SampleRatio, type ScoreCell } from '../scorecard/index.ts'
import { isNoDifference, type Interval } from '../statistics/index.ts'

/** What to do with an experiment, strongest first. */
export const VERDICTS = [
  'untrusted',
  'roll back',
  'ship',
  'no difference',
  'keep running',
  'inconclusive',
  'not started',
] as const
export type VerdictName = (typeof VERDICTS)[number]

/** One fact that a verdict rests on. Effects are relative to the control; units are per arm. */
export type Reason =
  | { readonly fact: 'sample ratio'; readonly shareError: number; readonly logE: number }
  | { readonly fact: 'leaked'; readonly units: number }
  | (OfMetric & {
      readonly fact: 'harmed' | 'better' | 'worse' | 'no harm'
      readonly interval: Interval
      readonly effect: number
    })
  | (OfMetric & { readonly fact: 'same'; readonly interval: Interval; readonly delta: number })
  | (OfMetric & { readonly fact: 'undecided'; readonly interval: Interval; readonly unitsToJoin: number | null })
  | (OfMetric & { readonly fact: 'closed gate'; readonly why: string; readonly unitsNeeded: number })
  | { readonly fact: 'no metric' }

interface OfMetric {
  readonly metric: string
  readonly family: ScoreCell['family']
}

/** The verdict on one arm, beside the control. */
export interface ArmVerdict {
  /** Index of the variation. */
  readonly variation: number
  readonly verdict: VerdictName
  readonly reasons: readonly Reason[]
}

export interface Decision {
  readonly verdict: VerdictName
  /** The variation that the verdict is about; null if it is about all. */
  readonly variation: number | null
  readonly reasons: readonly Reason[]
  readonly arms: readonly ArmVerdict[]
}

/** What is looked at: cells of all units (no slices), and how the arms' shares match the weights. */
export interface Evidence {
  readonly cells: readonly ScoreCell[]
  readonly health: Pick<SampleRatio, 'alert' | 'leaked' | 'shareError' | 'logE'>
}

/**
 * The verdict: a pure function of definitions, the scorecard and the sample ratio. It rests only on anytime-valid
 * intervals, so it may be read at any time.
 *
 * - `untrusted`: units do not fall on the arms as the weights say, so no result counts;
 * - `roll back`: a guardrail is harmed beyond its margin, or a primary metric is worse;
 * - `ship`: a primary metric is better, none is worse, and no guardrail can still be harmed beyond its margin;
 * - `no difference`: every primary metric differs by less than the smallest effect that matters;
 * - `keep running`, after the planned end `inconclusive`: anything else.
 */
export function decisionOf(experiment: RegisteredExperiment, { cells, health }: Evidence, now: number): Decision {
  if (experiment.state === 'draft') return { verdict: 'not started', variation: null, reasons: [], arms: [] }
  const arms = experiment.variations
    .slice(1)
    .map((_, at) => armVerdict(experiment, at + 1, cells, hasEnded(experiment, now)))
  if (health.alert) return { verdict: 'untrusted', variation: null, reasons: brokenShares(health), arms }
  const leading = leadingArm(arms)
  return leading === undefined
    ? { verdict: 'inconclusive', variation: null, reasons: [{ fact: 'no metric' }], arms }
    : { ...leading, arms }
}

/** An arm that may be shipped first, then one that must be rolled back, then whatever is next. */
const ORDER: readonly VerdictName[] = ['ship', 'roll back', 'keep running', 'no difference', 'inconclusive']
const gain = ({ reasons }: ArmVerdict): number =>
  Math.max(0, ...reasons.map((reason) => (reason.fact === 'better' ? Math.abs(reason.effect) : 0)))

const leadingArm = (arms: readonly ArmVerdict[]): ArmVerdict | undefined =>
  arms.toSorted(
    (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || gain(b) - gain(a) || a.variation - b.variation,
  )[0]

const brokenShares = ({ leaked, shareError, logE }: Evidence['health']): readonly Reason[] => [
  ...(leaked > 0 ? [{ fact: 'leaked', units: leaked } as const] : []),
  ...(shareError > 0 ? [{ fact: 'sample ratio', shareError, logE } as const] : []),
]

function armVerdict(
  experiment: RegisteredExperiment,
  variation: number,
  cells: readonly ScoreCell[],
  ended: boolean,
): ArmVerdict {
  const own = cells.filter((cell) => cell.variation === variation && cell.slice === null)
  const of = (family: 'primary' | 'guardrail'): Reason[] =>
    own
      .filter((cell) => cell.family === family)
      .map((cell) => reasonOf(cell, definitionOf(experiment, cell), experiment.targetEffect))
  const [primary, guardrail] = [of('primary'), of('guardrail')]
  const verdict = (name: VerdictName, reasons: readonly Reason[]): ArmVerdict => ({ variation, verdict: name, reasons })
  const facts = (from: readonly Reason[], ...wanted: Reason['fact'][]): Reason[] =>
    from.filter(({ fact }) => wanted.includes(fact))

  const harm = [...facts(guardrail, 'harmed'), ...facts(primary, 'worse')]
  if (harm.length > 0) return verdict('roll back', harm)
  const open = facts(guardrail, 'undecided', 'closed gate')
  const better = facts(primary, 'better')
  if (better.length > 0 && open.length === 0) return verdict('ship', [...better, ...facts(guardrail, 'no harm')])
  if (primary.length > 0 && primary.every(({ fact }) => fact === 'same') && open.length === 0)
    return verdict('no difference', primary)
  return verdict(ended ? 'inconclusive' : 'keep running', [
    ...better,
    ...facts(primary, 'undecided', 'closed gate'),
    ...open,
  ])
}

const definitionOf = (experiment: RegisteredExperiment, cell: ScoreCell): MetricDefinition =>
  experiment.metrics[cell.family as 'primary' | 'guardrail'].find(
    (metric) => metricKey(metric) === `${cell.metric}@${cell.version}`,
  )!

/** What one cell says. A guardrail speaks of harm, a primary metric of a difference in either direction. */
function reasonOf(cell: ScoreCell, definition: MetricDefinition, targetEffect: number | undefined): Reason {
  const { metric, family, relative, gate, discovery, guardrail, unitsToJoin } = cell
  const about = { metric, family }
  if (relative === null)
    return { ...about, fact: 'closed gate', why: cell.reason, unitsNeeded: gate.open ? 0 : gate.unitsNeeded }
  const { effect, interval } = relative
  if (family === 'guardrail') {
    if (guardrail === 'inferior') return { ...about, fact: 'harmed', effect, interval }
    if (guardrail !== 'undecided') return { ...about, fact: 'no harm', effect, interval }
    return { ...about, fact: 'undecided', interval, unitsToJoin }
  }
  const isUp = effect > 0 === (definition.better === 'up')
  if (discovery) return { ...about, fact: isUp ? 'better' : 'worse', effect, interval }
  const delta = targetEffect ?? definition.margin
  if (delta !== undefined && isNoDifference(interval, delta)) return { ...about, fact: 'same', interval, delta }
  return { ...about, fact: 'undecided', interval, unitsToJoin }
}
