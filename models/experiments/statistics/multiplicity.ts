/** Holm 1979: family-wise error; adjusted p-values in the order given. */
export function holm(p: readonly number[]): readonly number[] {
  const adjusted = p.map(() => 1)
  let most = 0
  ascending(p).forEach((at, rank) => {
    most = Math.max(most, Math.min(1, p[at]! * (p.length - rank)))
    adjusted[at] = most
  })
  return adjusted
}

/**
 * Benjamini & Hochberg 1995: false discovery rate for independent or positively dependent tests; adjusted p-values in
 * the order given.
 */
export function benjaminiHochberg(p: readonly number[]): readonly number[] {
  const adjusted = p.map(() => 1)
  let least = 1
  ascending(p)
    .toReversed()
    .forEach((at, fromTop) => {
      least = Math.min(least, (p[at]! * p.length) / (p.length - fromTop))
      adjusted[at] = least
    })
  return adjusted
}

/**
 * e-BH (Wang & Ramdas 2022, arXiv 2009.02824): which hypotheses are discoveries. The false discovery rate stays below
 * alpha under any dependence, and at any time if the e-values may be looked at any time.
 * @param logE natural logarithms of e-values
 */
export function eBenjaminiHochberg(logE: readonly number[], alpha: number): readonly boolean[] {
  const descending = logE.map((_, at) => at).sort((a, b) => logE[b]! - logE[a]!)
  const count = descending.findLastIndex((at, rank) => logE[at]! >= Math.log(logE.length / (alpha * (rank + 1)))) + 1
  const found = new Set(descending.slice(0, count))
  return logE.map((_, at) => found.has(at))
}

const ascending = (p: readonly number[]): number[] => p.map((_, at) => at).sort((a, b) => p[a]! - p[b]!)
