import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { countTest, isComputed, pearsonTest, sharesOf } from '../statistics/index.ts'

/** Units by their first exposure, of one phase and arm, optionally of one value of a dimension. */
export interface ArmCount {
  readonly phase: number
  readonly variation: number
  readonly units: number
  readonly multiple: number
  readonly value?: string
}

export interface PhaseHealth {
  readonly phase: number
  readonly weights: readonly number[]
  readonly units: readonly number[]
  readonly logE: number
  /** Largest difference between a share and its weight. */
  readonly shareError: number
}

export interface SampleRatio {
  readonly phases: readonly PhaseHealth[]
  /** Over all phases. */
  readonly logE: number
  readonly shareError: number
  /** Units in arms of weight 0, or in no arm: never by chance. */
  readonly leaked: number
  readonly alert: boolean
  /** Pearson's p of the latest phase: valid once; the alert does not use it. */
  readonly pearsonP: number | null
}

/** Prior: with it, a share that is off by a thousandth is detected only from about this many units. */
const PLAN = { k: 10_000 }
const MIN_LOG_E = Math.log(1_000)
/** 0.2 percentage points: smaller errors do not change any decision. */
const MIN_SHARE_ERROR = 0.002

/** Requires both evidence and a relevant size. */
export const isAlert = (logE: number, shareError: number): boolean => logE >= MIN_LOG_E && shareError >= MIN_SHARE_ERROR

/**
 * Sample ratio check: whether the arms' shares match the weights. By phase, since a ramp changes the weights; the
 * evidence of phases multiplies.
 */
export function sampleRatio(
  { phases, variations }: Pick<RegisteredExperiment, 'phases' | 'variations'>,
  counts: readonly ArmCount[],
  unitsOf = ({ units }: ArmCount): number => units,
): SampleRatio {
  const known = new Set(phases.map(({ phase }) => phase))
  const leaked = counts
    .filter(
      ({ phase, variation }) =>
        !known.has(phase) ||
        variation < 0 ||
        variation >= variations.length ||
        !((phases.find((each) => each.phase === phase)?.weights[variation] ?? 0) > 0),
    )
    .reduce((sum, count) => sum + unitsOf(count), 0)
  const judged = phases.map(({ phase, weights }) =>
    phaseHealth(
      phase,
      weights,
      variations.map((_, variation) =>
        counts
          .filter((count) => count.phase === phase && count.variation === variation)
          .reduce((sum, count) => sum + unitsOf(count), 0),
      ),
    ),
  )
  const logE = judged.reduce((sum, each) => sum + each.logE, 0)
  const shareError = Math.max(0, ...judged.map((each) => each.shareError))
  const latest = judged.at(-1)
  const pearson = latest === undefined ? undefined : pearsonTest(latest.units, latest.weights)
  return {
    phases: judged,
    logE,
    shareError,
    leaked,
    alert: leaked > 0 || isAlert(logE, shareError),
    pearsonP: pearson !== undefined && isComputed(pearson) ? pearson.p : null,
  }
}

/** One phase, or one pair of phases of two experiments. */
export function phaseHealth(phase: number, weights: readonly number[], units: readonly number[]): PhaseHealth {
  const used = units.map((count, arm) => (weights[arm]! > 0 ? count : 0))
  const test = countTest(used, weights, PLAN)
  const total = used.reduce((sum, count) => sum + count, 0)
  const shares = sharesOf(weights)
  return {
    phase,
    weights,
    units,
    logE: isComputed(test) ? test.logE : 0,
    shareError: total === 0 ? 0 : Math.max(...used.map((count, arm) => Math.abs(count / total - shares[arm]!))),
  }
}

export interface Lateness {
  readonly arms: readonly { readonly variation: number; readonly units: number; readonly late: number }[]
  /** Evidence that late exposures are more frequent in one arm. */
  readonly logE: number
  readonly alert: boolean
}

/**
 * Late exposures move units and missing ones lose them: this must happen equally in all arms, or the comparison is
 * invalid.
 */
export function lateness(arms: Lateness['arms']): Lateness {
  const test = countTest(
    arms.map(({ late }) => late),
    arms.map(({ units }) => units),
    { k: 100 },
  )
  const logE = isComputed(test) ? test.logE : 0
  return { arms, logE, alert: logE >= MIN_LOG_E }
}

export interface DimensionHealth {
  readonly values: readonly {
    readonly value: string
    readonly units: number
    readonly logE: number
    readonly shareError: number
  }[]
  /** ln of the average of the values' evidence: valid as one test, however many values there are. */
  readonly logE: number
  readonly alert: boolean
}

export function sampleRatioBy(
  experiment: Pick<RegisteredExperiment, 'phases' | 'variations'>,
  counts: readonly ArmCount[],
): DimensionHealth {
  const values = [...new Set(counts.map(({ value }) => value ?? ''))]
    .map((value) => {
      const own = counts.filter((count) => (count.value ?? '') === value)
      const { logE, shareError } = sampleRatio(experiment, own)
      return { value, units: own.reduce((sum, { units }) => sum + units, 0), logE, shareError }
    })
    .sort((a, b) => b.logE - a.logE || b.units - a.units)
  if (values.length === 0) return { values, logE: 0, alert: false }
  const greatest = values[0]!.logE
  const logE =
    greatest + Math.log(values.reduce((sum, each) => sum + Math.exp(each.logE - greatest), 0) / values.length)
  return { values, logE, alert: isAlert(logE, values[0]!.shareError) }
}
