/**
 * How many units have joined by a time after the start, had it started when they were observed.
 *
 * - `firsts`: when each unit was first seen, ms since the observation began;
 * - `observedMs`: length of the observation.
 *
 * Beyond it, units go on joining as in its later half: the first half has those who come every day, who join once.
 */
export function arrivalsOf(firsts: readonly number[], observedMs: number): (ms: number) => number {
  const sorted = firsts.toSorted((a, b) => a - b)
  const half = observedMs / 2
  const rate = half > 0 ? (sorted.length - countUpTo(sorted, half)) / half : 0
  return (ms) => (ms <= observedMs ? countUpTo(sorted, ms) : sorted.length + rate * (ms - observedMs))
}

/** Binary search: values up to `most`, inclusive. */
function countUpTo(sorted: readonly number[], most: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= most) low = middle + 1
    else high = middle
  }
  return low
}
