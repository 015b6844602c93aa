/** ln(2π) / 2. */
export const HALF_LN_2PI = 0.9189385332046727
const EULER_GAMMA = 0.5772156649015329

/** ζ(k) − 1 for k > 1: 98 terms and the Euler–Maclaurin remainder. */
function zetaMinusOne(k: number): number {
  const N = 100
  let sum = 0
  for (let n = N - 1; n >= 2; n--) sum += n ** -k
  return (
    sum +
    N ** (1 - k) / (k - 1) +
    N ** -k / 2 +
    (k * N ** (-k - 1)) / 12 -
    (k * (k + 1) * (k + 2) * N ** (-k - 3)) / 720
  )
}

/** Riemann's ζ(s), s > 1. */
export const zeta = (s: number): number => 1 + zetaMinusOne(s)

/** Taylor coefficients of lnΓ(2 + z) from z² on (Abramowitz & Stegun 6.1.33): (−1)^k (ζ(k) − 1) / k. */
const AROUND_TWO = Array.from({ length: 29 }, (_, i) => ((i % 2 === 0 ? 1 : -1) * zetaMinusOne(i + 2)) / (i + 2))

/** lnΓ(2 + z) for |z| ≤ ½, with a relative error that stays small at its zero z = 0. */
function nearTwo(z: number): number {
  let sum = 0
  for (let i = AROUND_TWO.length - 1; i >= 0; i--) sum = sum * z + AROUND_TWO[i]!
  return z * (1 - EULER_GAMMA + z * sum)
}

/** Natural logarithm of Γ(x), x > 0; relative error about 1e-15, also at the zeros 1 and 2. */
export function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - Math.log(x)
  if (x <= 1.5) return nearTwo(x - 1) - Math.log1p(x - 1)
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + HALF_LN_2PI + stirlingError(x)
  let product = 1
  let rest = x
  while (rest > 2.5) product *= --rest
  return nearTwo(rest - 2) + Math.log(product)
}

/** The error of Stirling's formula: lnΓ(x) − [(x − ½) ln x − x + ½ ln 2π], x > 0 (Abramowitz & Stegun 6.1.41). */
export function stirlingError(x: number): number {
  if (x < 10) return logGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LN_2PI)
  const r = 1 / (x * x)
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r / 156)))))) / x
}

/**
 * Half the Poisson deviance k ln(k/m) + m − k, without cancellation near k = m (C. Loader 2000, "Fast and accurate
 * computation of binomial probabilities", section 2). k, m > 0.
 */
export function deviance(k: number, m: number): number {
  const difference = k - m
  if (Math.abs(difference) >= 0.1 * (k + m)) return k * Math.log(k / m) - difference
  const v = difference / (k + m)
  let sum = difference * v
  let power = 2 * k * v
  for (let j = 3; ; j += 2) {
    power *= v * v
    const next = sum + power / j
    if (!(Math.abs(next - sum) > 0)) return sum
    sum = next
  }
}

/** lnB(a, b) = ln(Γ(a) Γ(b) / Γ(a + b)), a, b > 0; without cancellation for large arguments. */
export function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a]
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(a + b)
  const ratio = stirlingError(large) - stirlingError(a + b) - (large - 0.5) * Math.log1p(small / large)
  if (small < 10) return logGamma(small) + ratio - small * Math.log(a + b) + small
  return ratio + HALF_LN_2PI + stirlingError(small) - 0.5 * Math.log(small) + small * Math.log(small / (a + b))
}
