import { around, type Interval } from './interval.ts'

/**
 * A coefficient of a linear model: its estimate, standard error, number of observations and number of other
 * coefficients.
 */
export interface Coefficient {
  readonly estimate: number
  readonly se: number
  readonly n: number
  /** Coefficients besides this one, including the intercept. */
  readonly others: number
}

/**
 * Anytime-valid inference on a regression coefficient with normal errors, exact at every size (Lindon, Ham, Tingley &
 * Bojinov 2022, arXiv 2210.08589): log of the e-value against 0.
 * @param g precision of the mixture in observations; the least interval at about N* units has g = 1/ρ² of `anytime.ts`
 */
export function tLogE({ estimate, se, n, others }: Coefficient, g: number): number {
  const df = n - others - 1
  const r = g / (g + n)
  const square = (estimate / se) ** 2
  return Math.log(r) / 2 + ((df + 1) / 2) * (Math.log1p(square / df) - Math.log1p((r * square) / df))
}

/** Half-width in standard errors; infinite while there are too few observations. */
export function tMultiplier(n: number, others: number, g: number, alpha: number): number {
  const df = n - others - 1
  const r = g / (g + n)
  const u = (r * alpha ** 2) ** (1 / (df + 1))
  return u <= r ? Infinity : Math.sqrt((df * (1 - u)) / (u - r))
}

export const tInterval = (coefficient: Coefficient, g: number, alpha: number): Interval =>
  around(coefficient.estimate, tMultiplier(coefficient.n, coefficient.others, g, alpha) * coefficient.se, 'both')
