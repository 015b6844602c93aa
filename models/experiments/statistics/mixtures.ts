import { incompleteBeta, incompleteGamma, logBeta, logGamma, normal } from '../distributions/index.ts'
import { doubled, signChange } from './roots.ts'

/**
 * Uniform boundaries: a sum s with intrinsic time v (its variance so far) ever crosses them with probability alpha at
 * most (Howard, Ramdas, McAuliffe & Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences",
 * section 3). Natural logarithm of the mixture, an e-value of s at v.
 */
export type LogMixture = (s: number, v: number) => number

/** Where the boundary is tightest: at the intrinsic time v, for this alpha. */
export interface Tuning {
  readonly v: number
  readonly alpha: number
}

/**
 * The precision of the normal mixture that is approximately the tightest there (their section 3.5); for one side, α is
 * doubled.
 */
export function bestRho({ v, alpha }: Tuning, sides: 1 | 2): number {
  const log = -2 * Math.log(sides === 1 ? 2 * alpha : alpha)
  return v / (log + Math.log1p(log))
}

/** For sub-Gaussian sums. */
export function normalMixture(tuning: Tuning, sides: 1 | 2): LogMixture {
  const rho = bestRho(tuning, sides)
  return (s, v) => {
    const square = (s * s) / (2 * (v + rho)) + Math.log(rho / (v + rho)) / 2
    return sides === 2 ? square : square + Math.LN2 + Math.log(normal.cdf(s / Math.sqrt(v + rho)))
  }
}

/**
 * For sums with upward steps of at most `c`, such as averages of bounded outcomes with their empirical variance
 * (sub-exponential).
 */
export function gammaExponentialMixture(tuning: Tuning, c: number): LogMixture {
  const a = bestRho(tuning, 1) / c ** 2
  const leading = a * Math.log(a) - logGamma(a) - incompleteGamma(a, a).lower
  return (s, v) => {
    const shape = v / c ** 2 + a
    const shift = (c * s + v) / c ** 2
    // Below this sum the density of the mixture is not defined: there is no evidence.
    if (shift + a <= 0) return -Infinity
    return leading + logGamma(shape) + incompleteGamma(shape, shift + a).lower - shape * Math.log(shift + a) + shift
  }
}

/** For sums of counts minus their compensator, scaled by `c` (sub-Poisson). */
export function gammaPoissonMixture(tuning: Tuning, c: number): LogMixture {
  const a = bestRho(tuning, 1) / c ** 2
  const leading = a * Math.log(a) - logGamma(a) - incompleteGamma(a, a).upper
  return (s, v) => {
    const rate = v / c ** 2 + a
    const shape = s / c + rate
    if (shape <= 0) return -Infinity
    return leading + logGamma(shape) + incompleteGamma(shape, rate).upper - shape * Math.log(rate) + v / c ** 2
  }
}

/** For sums of steps within [−g, h], such as share minus p with g = p, h = 1 − p (sub-Bernoulli). */
export function betaBinomialMixture(tuning: Tuning, g: number, h: number, sides: 1 | 2): LogMixture {
  const r = Math.max(bestRho(tuning, sides) - g * h, 1e-3 * g * h)
  const width = g + h
  const logPart = (a: number, b: number): number =>
    logBeta(a, b) + (sides === 2 ? 0 : incompleteBeta(a, b, h / width, g / width).lower)
  const normaliser = logPart(r / (g * width), r / (h * width))
  return (s, v) =>
    (v / (g * h)) * Math.log(width) -
    ((v + h * s) / (h * width)) * Math.log(g) -
    ((v - g * s) / (g * width)) * Math.log(h) +
    logPart((r + v - g * s) / (g * width), (r + v + h * s) / (h * width)) -
    normaliser
}

/** The least sum at v whose evidence reaches 1/alpha; `most` is the largest possible sum (v/g of the beta-binomial). */
export function mixtureBound(mixture: LogMixture, v: number, alpha: number, most = Infinity): number {
  const lacks = (s: number): number => mixture(s, v) + Math.log(alpha)
  if (most < Infinity && lacks(most) < 0) return most
  const end = most < Infinity ? most : doubled(Math.max(v, 1), (s) => lacks(s) > 0)
  return signChange(lacks, 0, end)
}
