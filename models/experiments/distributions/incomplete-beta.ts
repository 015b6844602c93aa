import { deviance, HALF_LN_2PI, stirlingError } from './gamma-function.ts'
import { CLOSE, NOTHING_ABOVE, NOTHING_BELOW, tailsOf, type LogTails } from './incomplete-gamma.ts'

/**
 * The continued fraction BFRAC of DiDonato & Morris 1992 (ACM TOMS 18, 360, eq. 9) by Lentz's method; x ≤ a/(a + b).
 */
function fraction(a: number, b: number, x: number, y: number): number {
  const start = (a * (a * y - b * x + 1)) / (a + 1)
  let value = start
  let c = start
  let d = 0
  for (let m = 1; ; m++) {
    const p = a + 2 * m - 1
    const top = m * (b - m) * x
    const numerator = ((a + m - 1) * (a + b + m - 1) * top * x) / (p * p)
    const denominator = m + top / p + ((a + m) * (a * y - b * x + 1 + m * (1 + y))) / (p + 2)
    d = 1 / (denominator + numerator * d)
    c = denominator + numerator / c
    const change = c * d
    value *= change
    if (!(Math.abs(change - 1) > CLOSE)) return value
  }
}

/**
 * ln I_x(a, b) and ln of its upper tail, the regularised incomplete beta function; a, b ≥ 0.01. x and y = 1 − x, both
 * in [0, 1], are separate arguments: near 1 a double cannot represent the difference.
 */
export function incompleteBeta(a: number, b: number, x: number, y: number): LogTails {
  if (x === 0) return NOTHING_BELOW
  if (y === 0) return NOTHING_ABOVE
  const n = a + b
  const density =
    0.5 * Math.log((a / n) * b) -
    HALF_LN_2PI +
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    deviance(a, n * x) -
    deviance(b, n * y)
  const isLower = a * y >= b * x
  return tailsOf(density - Math.log(isLower ? fraction(a, b, x, y) : fraction(b, a, y, x)), isLower, density)
}
