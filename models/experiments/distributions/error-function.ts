/**
 * erfcx(x) = e^{x²} erfc(x) for x ≥ 0 as a Chebyshev series in (x − K)/(x + K) (Shepherd & Laframboise 1981, Math.
 * Comp. 36, 249: (1 + 2x) erfcx(x) is smooth on all of [0, ∞)). The coefficients are computed when the module loads,
 * from a series and a continued fraction, instead of being copied digits.
 */
const K = 3.75
const TERMS = 40
const SQRT_PI = Math.sqrt(Math.PI)

/** erf by its all-positive series (Abramowitz & Stegun 7.1.6), times e^{x²}. */
function scaledErfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; term > sum * 1e-18; n++) sum += term *= (2 * x * x) / (2 * n + 1)
  return (2 / SQRT_PI) * sum
}

/** erfcx by its continued fraction (Abramowitz & Stegun 7.1.14), from the far end. */
function fraction(x: number): number {
  let rest = x
  for (let n = 400; n >= 1; n--) rest = x + n / 2 / rest
  return 1 / (SQRT_PI * rest)
}

const exactly = (x: number): number => (x < 1 ? Math.exp(x * x) - scaledErfSeries(x) : fraction(x))

const COEFFICIENTS = ((): readonly number[] => {
  const angles = Array.from({ length: TERMS }, (_, j) => (Math.PI * (j + 0.5)) / TERMS)
  const values = angles.map((angle) => {
    const x = (K * (1 + Math.cos(angle))) / (1 - Math.cos(angle))
    return (1 + 2 * x) * exactly(x)
  })
  const all = angles.map(
    (_, k) => ((k === 0 ? 1 : 2) / TERMS) * values.reduce((sum, value, j) => sum + value * Math.cos(k * angles[j]!), 0),
  )
  // Coefficients below the rounding error of the first terms only cost time.
  const last = all.findLastIndex((value) => Math.abs(value) > 2e-17)
  return all.slice(0, last + 1)
})()

/** Clenshaw's recurrence. */
export function erfcx(x: number): number {
  const t = (x - K) / (x + K)
  let [next, after] = [0, 0]
  for (let k = COEFFICIENTS.length - 1; k > 0; k--) {
    const now = 2 * t * next - after + COEFFICIENTS[k]!
    after = next
    next = now
  }
  return (t * next - after + COEFFICIENTS[0]!) / (1 + 2 * x)
}

/** Complementary error function for x ≥ 0, with the relative error of its tail about 1e-15 · (1 + x²). */
export const erfc = (x: number): number => Math.exp(-x * x) * erfcx(x)
