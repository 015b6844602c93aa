/**
 * Where `f` changes sign between two ends with different signs, by bisection until no double lies between them.
 * Infinite values are allowed.
 */
export function signChange(f: (x: number) => number, from: number, to: number): number {
  const isPositive = f(from) > 0
  let [a, b] = [from, to]
  for (let round = 0; round < 200; round++) {
    const middle = a + (b - a) / 2
    if (middle === a || middle === b) break
    if (f(middle) > 0 === isPositive) a = middle
    else b = middle
  }
  return a + (b - a) / 2
}

/** The first of start, 2 start, 4 start … for which `holds`; Infinity if none of a thousand does. */
export function doubled(start: number, holds: (x: number) => boolean): number {
  let x = start
  for (let round = 0; round < 1_000; round++, x *= 2) if (holds(x)) return x
  return Infinity
}

/**
 * Least value of a unimodal function, by golden-section search; if it is infinite at the right end, it must be infinite
 * from some point on.
 */
export function least(
  f: (x: number) => number,
  from: number,
  to: number,
): { readonly at: number; readonly value: number } {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [a, b] = [from, to]
  for (let round = 0; round < 80; round++) {
    const [left, right] = [b - ratio * (b - a), a + ratio * (b - a)]
    if (f(left) <= f(right)) b = right
    else a = left
  }
  const at = (a + b) / 2
  return { at, value: f(at) }
}
