import { erfcx } from './error-function.ts'
import { stirlingError } from './gamma-function.ts'
import { incompleteBeta } from './incomplete-beta.ts'
import { isf as normalIsf } from './normal.ts'

/** Γ(z + ½) / (Γ(z) √z), z = df/2: no difference of large logarithms. */
function gammaRatio(z: number): number {
  return Math.exp(z * Math.log1p(0.5 / z) - 0.5 + stirlingError(z + 0.5) - stirlingError(z))
}

/** Density of Student's t with df > 0 degrees of freedom. */
export const pdf = (t: number, df: number): number =>
  (gammaRatio(df / 2) / Math.sqrt(2 * Math.PI)) * Math.exp(-((df + 1) / 2) * Math.log1p((t * t) / df))

/** p_n of DiDonato & Morris 1992, eq. 9.3, for b = ½: the expansion of (sinh z / z)^(b − 1). */
const P = ((): readonly number[] => {
  const oddFactorial = [1]
  for (let n = 1; n < 30; n++) oddFactorial.push(oddFactorial[n - 1]! * (2 * n) * (2 * n + 1))
  const p = [1]
  for (let n = 1; n < 30; n++) {
    let sum = 0
    for (let m = 1; m < n; m++) sum += ((m / 2 - n) / oddFactorial[m]!) * p[n - m]!
    p.push(-0.5 / oddFactorial[n]! + sum / n)
  }
  return p
})()

/**
 * Upper tail for many degrees of freedom and t² ≤ 2 df: BGRAT of DiDonato & Morris 1992 (ACM TOMS 18, 360, section 9)
 * with b = ½, where its incomplete gamma function is erfc. About ten terms, for any df.
 */
function manyDegrees(t: number, df: number): number {
  const logX = -Math.log1p((t * t) / df)
  const T = df / 2 - 0.25
  const u = -T * logX
  const quarter = 1 / (4 * T * T)
  const w = (logX / 2) ** 2
  // Divided by e^-u √(u/π), so that nothing underflows before the end.
  let J = erfcx(Math.sqrt(u)) * Math.sqrt(Math.PI / u)
  let sum = J
  let power = 1
  for (let n = 0; n < P.length - 1; n++) {
    J = quarter * ((0.5 + 2 * n) * (1.5 + 2 * n) * J + (u + 1.5 + 2 * n) * power)
    power *= w
    const term = P[n + 1]! * J
    sum += term
    if (Math.abs(term) < 1e-17 * sum) break
  }
  return 0.5 * gammaRatio(df / 2) * Math.sqrt(df / 2 / T) * Math.exp(-u) * Math.sqrt(u / Math.PI) * sum
}

/** P(T > t) for t > 0. */
function upper(t: number, df: number): number {
  const square = t * t
  // This close to the middle the density is flat, and u would underflow.
  if (square < 1e-20) return 0.5 - t * pdf(0, df)
  if (df >= 20 && square <= 2 * df) return manyDegrees(t, df)
  if (square === Infinity) return 0
  return 0.5 * Math.exp(incompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square)).lower)
}

/** P(T > t), df ≥ 0.02 degrees of freedom (not necessarily an integer, as in Welch's test). */
export const sf = (t: number, df: number): number => (t === 0 ? 0.5 : t < 0 ? 1 - upper(-t, df) : upper(t, df))

/** P(T ≤ t). */
export const cdf = (t: number, df: number): number => sf(-t, df)

/** G. W. Hill 1970, CACM Algorithm 396, from the probability of both tails; about six digits. */
function hill(both: number, df: number): number {
  const a = 1 / (df - 0.5)
  const b = 48 / (a * a)
  const c = (((20_700 * a) / b - 98) * a - 16) * a + 96.36
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * df
  const y = (d * both) ** (2 / df)
  return Math.sqrt(df * (y > 0.05 + a ? hillMiddle(both, df, a, b, c, d) : hillTail(y, df, d)))
}

function hillMiddle(both: number, df: number, a: number, b: number, c: number, d: number): number {
  const x = -normalIsf(both / 2)
  const square = x * x
  const c1 = df < 5 ? c + 0.3 * (df - 4.5) * (x + 0.6) : c
  const c2 = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c1
  const y = (((((0.4 * square + 6.3) * square + 36) * square + 94.5) / c2 - square - 3) / b + 1) * x
  return Math.expm1(a * y * y)
}

const hillTail = (y: number, df: number, d: number): number =>
  ((1 / (((df + 6) / (df * y) - 0.089 * d - 0.822) * (df + 2) * 3) + 0.5 / (df + 4)) * y - 1) * ((df + 1) / (df + 2)) +
  1 / y

/**
 * The t with P(T > t) = q, 0 ≤ q ≤ 1, df ≥ 1: Newton's method on the logarithm of the tail over ln t (see newton.ts),
 * starting from Hill's approximation.
 */
export function isf(q: number, df: number): number {
  if (q === 0.5) return 0
  if (q > 0.5) return -isf(1 - q, df)
  if (q <= 0) return Infinity
  if (df === 1) return 1 / Math.tan(Math.PI * q)
  if (df === 2) return (1 - 2 * q) / Math.sqrt(2 * q * (1 - q))
  let t = hill(2 * q, df)
  for (let round = 0; round < 60; round++) {
    const tail = upper(t, df)
    const step = Math.max(-2, Math.min(2, (Math.log(tail / q) * tail) / (t * pdf(t, df))))
    t *= Math.exp(step)
    if (Math.abs(step) < 1e-7) break
  }
  return t
}

/** The t with P(T ≤ t) = p, 0 ≤ p ≤ 1, df ≥ 1. */
export const quantile = (p: number, df: number): number => -isf(p, df)
