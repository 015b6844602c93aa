/**
 * Log-linear histogram of whole numbers: buckets of eight significant bits, at most 0.4 % wide, so a quantile is off by
 * half
 * of that. A histogram is a map of bucket to count: merging adds, exactly, in any order. Negative values go to their
 * mirror's bucket. The SQL and the TypeScript of a bucket are the same arithmetic.
 */
const FINE = 256
/** Four buckets an octave: what is drawn beside a mean. */
const COARSE = 4

/** Lower end (of negatives the upper) of the value's bucket. */
export const bucketOf = (value: number, parts: number = FINE): number => value - (value % widthAt(value, parts))

const widthAt = (value: number, parts: number): number =>
  Math.max(1, Math.floor(2 ** Math.floor(Math.log2(Math.max(1, Math.abs(value)))) / parts))

/** The same over a whole-number SQL expression. */
const bucketSql = (value: string, parts: number): string =>
  `${value} - ${value} % greatest(1, intDiv(toInt64(roundToExp2(toUInt64(greatest(abs(${value}), 1)))), ${parts}))`
export const fineBucketSql = (value: string): string => bucketSql(value, FINE)
export const coarseBucketSql = (value: string): string => bucketSql(value, COARSE)

/** Of a fine bucket. */
export const middleOf = (bucket: number): number =>
  bucket + Math.sign(bucket) * Math.floor((widthAt(bucket, FINE) - 1) / 2)

/** Nearest rank, at the middle of its bucket; null of nothing. */
export function quantileOf(histogram: readonly (readonly [number, number])[], p: number): number | null {
  const sorted = histogram.toSorted(([a], [b]) => a - b)
  let rank = Math.max(1, Math.ceil(p * sorted.reduce((sum, [, count]) => sum + count, 0)))
  for (const [bucket, count] of sorted) {
    rank -= count
    if (rank <= 0) return middleOf(bucket)
  }
  return null
}

/** Two histograms as one. */
export function mergeHistograms(
  a: readonly (readonly [number, number])[],
  b: readonly (readonly [number, number])[],
): [number, number][] {
  const merged = new Map(a)
  for (const [bucket, count] of b) merged.set(bucket, (merged.get(bucket) ?? 0) + count)
  return [...merged].sort(([x], [y]) => x - y)
}

/**
 * The buckets in which the quantiles of a fine histogram lie, given as an SQL map of bucket to count; of nothing an
 * empty list.
 */
export const quantilesSql = (histogram: string, quantiles: readonly number[]): string =>
  `arrayMap(i -> toFloat64(mapKeys(${histogram})[i]), arrayFilter(i -> i > 0, arrayMap(p -> arrayFirstIndex(c -> c >= greatest(1, ceil(p * arraySum(mapValues(${histogram})))), arrayCumSum(mapValues(${histogram}))), [${quantiles.join(', ')}])))`
