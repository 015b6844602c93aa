import { chiSquared, logGamma } from '../distributions/index.ts'
import type { Interval } from './interval.ts'
import { because, type Computed } from './outcome.ts'
import { doubled, signChange } from './roots.ts'

/** Concentration of the alternative around the null's shares: the Dirichlet prior k·θ₀. */
export interface CountPlan {
  readonly k: number
}

export interface CountTest {
  /** Natural logarithm of the evidence against the shares. */
  readonly logE: number
  /** 1/E at the moment of looking. */
  readonly p: number
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

export const sharesOf = (weights: readonly number[]): readonly number[] =>
  weights.map((weight) => weight / sum(weights))

/** ln of the multivariate beta function. */
const logBetaOf = (alphas: readonly number[]): number => sum(alphas.map(logGamma)) - logGamma(sum(alphas))

/**
 * Anytime-valid test that counts are distributed over arms by given shares (Lindon & Malek 2022, arXiv 2011.03567).
 * With units as counts it detects a sample ratio mismatch, with first conversions a difference of hazards, with
 * independent events a difference of rates; any common change over time cancels. A unit may count only once: with two
 * events per unit, half of all runs without an effect raise an alarm.
 */
export function countTest(
  counts: readonly number[],
  weights: readonly number[],
  { k }: CountPlan,
): Computed<CountTest> {
  if (sum(counts) === 0) return because('there are no units')
  const used = weights.flatMap((weight, arm) => (weight > 0 ? [{ weight, count: counts[arm]! }] : []))
  // A count in an arm with share zero cannot be explained by chance.
  if (sum(used.map(({ count }) => count)) < sum(counts)) return because('a share is zero where units were counted')
  const shares = sharesOf(used.map(({ weight }) => weight))
  const logE =
    logBetaOf(shares.map((share, i) => k * share + used[i]!.count)) -
    logBetaOf(shares.map((share) => k * share)) -
    sum(shares.map((share, i) => used[i]!.count * Math.log(share)))
  return { logE, p: Math.min(1, Math.exp(-logE)) }
}

/**
 * The same, updated event by event: two more integers and one logarithm; equal to `countTest` of the counts, up to
 * rounding.
 */
export interface CountEvidence {
  readonly counts: number[]
  n: number
  logE: number
}

export const NO_COUNTS = (arms: number): CountEvidence => ({ counts: new Array<number>(arms).fill(0), n: 0, logE: 0 })

/** Adds one event of an arm to the evidence, in place: copying would be too slow for a stream. */
export function evidenceStep(evidence: CountEvidence, arm: number, shares: readonly number[], { k }: CountPlan): void {
  const share = shares[arm]!
  evidence.logE += Math.log((k * share + evidence.counts[arm]!) / ((k + evidence.n) * share))
  evidence.counts[arm]!++
  evidence.n++
}

/** Pearson's test of the same, valid once; arms of weight 0 are excluded and add no degrees of freedom. */
export function pearsonTest(
  counts: readonly number[],
  weights: readonly number[],
): Computed<{ readonly chi2: number; readonly df: number; readonly p: number }> {
  const total = sum(counts)
  if (total === 0) return because('there are no units')
  if (counts.some((count, arm) => count > 0 && weights[arm] === 0))
    return because('a share is zero where units were counted')
  const expected = sharesOf(weights).map((share) => share * total)
  const chi2 = sum(expected.map((e, arm) => (e === 0 ? 0 : (counts[arm]! - e) ** 2 / e)))
  const df = expected.filter((e) => e > 0).length - 1
  return { chi2, df, p: df === 0 ? 1 : chiSquared.sf(chi2, df) }
}

/**
 * Confidence sequence of ln(rate of the treatment / rate of the control) from the counts of two arms that share the
 * exposure by `weights`.
 */
export function logRateRatioInterval(
  [control, treatment]: readonly [number, number],
  weights: readonly [number, number],
  { k }: CountPlan,
  alpha: number,
): Interval {
  const [w0, w1] = sharesOf(weights) as [number, number]
  const least = Math.log(alpha) + logBetaOf([k * w0 + control, k * w1 + treatment]) - logBetaOf([k * w0, k * w1])
  const inside = (delta: number): number => {
    // ln of 1 + w₁e^δ/w₀ and of its mirror image, without overflow.
    const odds = delta + Math.log(w1 / w0)
    const softplus = Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)))
    return treatment * odds - (control + treatment) * softplus - least
  }
  // If an arm has no events its side is open, and any point inside can be the start.
  const centre = Math.log((Math.max(treatment, 0.5) * w0) / (Math.max(control, 0.5) * w1))
  const end = (direction: 1 | -1): number => {
    const reach = doubled(1, (distance) => inside(centre + direction * distance) < 0)
    return reach === Infinity ? direction * Infinity : signChange(inside, centre, centre + direction * reach)
  }
  return [control + treatment === 0 || treatment === 0 ? -Infinity : end(-1), control === 0 ? Infinity : end(1)]
}
