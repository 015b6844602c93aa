import { zeta } from '../distributions/index.ts'
import { least, signChange } from './roots.ts'

/** Growth of the epochs of a stitched boundary (η) and decrease of their error (s): the values its authors use. */
const [ETA, S] = [2, 1.4]
const K1 = (ETA ** 0.25 + ETA ** -0.25) / Math.SQRT2
const K2 = (Math.sqrt(ETA) + 1) / 2

/**
 * Polynomial stitching (Howard et al. 2021, eq. 10): closed form, grows as √(v ln ln v); flat below `vMin`.
 * @param c scale of the steps, negative if it tightens the bound
 */
export function polyStitchingBound(v: number, alpha: number, vMin: number, c: number): number {
  const used = Math.max(v, vMin)
  const ell = S * Math.log(Math.log((ETA * used) / vMin)) + Math.log(zeta(S) / Math.log(ETA) ** S) - Math.log(alpha)
  const linear = K2 * c * ell
  return Math.sqrt(K1 ** 2 * used * ell + linear ** 2) + linear
}

const logit = (p: number): number => Math.log(p / (1 - p))
const expit = (x: number): number => 1 / (1 + Math.exp(-x))

/**
 * Double stitching over time and quantile levels (Howard & Ramdas 2022, arXiv 1906.09712, theorem 5): bound on
 * t·(F̂(Q(p)) − p), for all p and t simultaneously.
 */
export function doubleStitchingBound(level: number, t: number, alpha: number, tBest: number): number {
  const delta = 0.5
  const used = Math.max(t, tBest)
  const near = level >= 0.5 ? level : Math.min(0.5, expit(logit(level) + 2 * delta * Math.sqrt((tBest * ETA) / used)))
  const spread = near * (1 - near)
  const levels = (Math.sqrt(used / tBest) * Math.abs(logit(level))) / (2 * delta) + 1
  const weight = 2 * zeta(S)
  const ell =
    S * Math.log(Math.log((ETA * used) / tBest)) +
    S * Math.log(levels) +
    Math.log((weight * (weight + 1)) / (alpha * Math.log(ETA) ** S))
  const linear = (K2 * (1 - 2 * level) * ell) / 3
  return (
    delta * Math.sqrt((ETA * used * spread) / tBest) + Math.sqrt(K1 ** 2 * spread * used * ell + linear ** 2) + linear
  )
}

/** Probability that the band of constant C is ever left, for the best η (Howard & Ramdas 2022, theorem 2). */
function lilError(C: number, A: number): number {
  const most = signChange((eta) => A - Math.sqrt(eta / 2) - Math.sqrt((2 * (eta - 1)) / C), 1, 2 * A * A)
  return least(
    (eta) => {
      const gamma = (2 / eta) * (A - Math.sqrt((2 * (eta - 1)) / C)) ** 2
      return gamma <= 1 ? Infinity : 4 * Math.exp(-gamma * C) * (1 + 1 / ((gamma - 1) * Math.log(eta)))
    },
    1,
    most,
  ).value
}

/** The constant for a given alpha; at the upper end of the search the probability is below any representable alpha. */
export const lilConstant = (alpha: number, A: number): number => signChange((C) => lilError(C, A) - alpha, 1, 1_000)

/** Scale of the error of an empirical distribution: theory requires at least √½. */
const LIL_A = 0.85

/**
 * Half-width in p of a band around an empirical distribution function that holds for all values and all times t ≥ tMin
 * simultaneously, for independent observations; infinite before tMin.
 */
export function lilBand(alpha: number, tMin: number, A = LIL_A): (t: number) => number {
  const C = lilConstant(alpha, A)
  return (t) => (t < tMin ? Infinity : A * Math.sqrt((Math.log1p(Math.log(t / tMin)) + C) / t))
}
