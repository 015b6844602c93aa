import type { Effect } from './effect.ts'
import { around, type Side, type Verdict } from './interval.ts'

/**
 * Asymptotic confidence sequences: intervals and p-values that hold at all times simultaneously, for any mean-like
 * effect (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2021, arXiv 2103.06476, eq. 9, 155 and 161). With g = 1/ρ² the
 * same as the normal mixture of Howard et al. 2021 and the z radius of Lindon, Ham, Tingley & Bojinov 2022. Asymptotic:
 * no guarantee below some hundred units with a non-zero outcome per arm, or more if outcomes are skewed.
 */
export interface Plan {
  readonly alpha: number
  /** Units of both arms at which the interval is narrowest. Set before the first look and never changed. */
  readonly plannedUnits: number
}

export interface AnytimeVerdict extends Verdict {
  /** Natural logarithm of the evidence against no effect: the p-value is 1/E at the moment of looking. */
  readonly logE: number
}

/** ρ² of the mixture that is narrowest at N* (two-sided α). */
const rhoSquared = (alpha: number, plannedUnits: number): number =>
  (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / plannedUnits

/**
 * Standard errors at which the evidence is a discovery among `hypotheses` of a family although none of the others is
 * (e-BH): E >= hypotheses/α. For one hypothesis, where the interval excludes 0.
 */
export function discoveryMultiplier(n: number, { alpha, plannedUnits }: Plan, hypotheses: number): number {
  const r = n * rhoSquared(alpha, plannedUnits)
  return Math.sqrt(((2 * (r + 1)) / r) * Math.log((hypotheses * Math.sqrt(r + 1)) / alpha))
}

/** Half-width of the interval in standard errors, for n units of both arms. */
export function anytimeMultiplier(n: number, { alpha, plannedUnits }: Plan, side: Side = 'both'): number {
  if (side === 'both') return discoveryMultiplier(n, { alpha, plannedUnits }, 1)
  const r = n * rhoSquared(2 * alpha, plannedUnits)
  return Math.sqrt(((2 * (r + 1)) / r) * Math.log1p(Math.sqrt(r + 1) / (2 * alpha)))
}

/** Log of the e-value; for one side, the inverse of the least α whose interval still excludes 0. */
function evidence(z: number, n: number, plan: Plan, side: Side): number {
  const r = n * rhoSquared(side === 'both' ? plan.alpha : 2 * plan.alpha, plan.plannedUnits)
  const exponent = (r * z * z) / (2 * (r + 1))
  if (side === 'both') return exponent - Math.log1p(r) / 2
  const towards = side === 'greater' ? z : -z
  // ln(e^x − 1), within the range of a double.
  return towards <= 0 ? -Infinity : Math.LN2 + exponent + Math.log(-Math.expm1(-exponent)) - Math.log1p(r) / 2
}

/** The current interval and evidence; not a running intersection, which would not be a function of the set of units. */
export function anytime({ effect, se, n }: Effect, plan: Plan, side: Side = 'both'): AnytimeVerdict {
  const logE = evidence(effect / se, n, plan, side)
  return {
    interval: around(effect, anytimeMultiplier(n, plan, side) * se, side),
    p: Math.min(1, Math.exp(-logE)),
    logE,
  }
}
