/**
 * Log-linear histogram of whole numbers: a bucket covers the values with the same leading bits, so its width grows with
 * the value. A histogram maps buckets to counts: merging adds them, exactly and in any order. A negative value goes to
 * the bucket that mirrors its positive one. SQL and TypeScript compute a bucket with the same arithmetic.
 *
 * `parts` is the number of buckets per octave: 256 keep eight bits, so a bucket is at most 0.4 % wide, and a quantile
 * at its middle is off by at most half of that.
 */
const FINE = 256
/** For histograms that are drawn next to a mean. */
const COARSE = 4
/** Start-up times of a minute: buckets at most 3.2 % wide. */
export const STARTUP_PARTS = 32

/** Lower end of the value's bucket (upper end for a negative value). */
export const bucketOf = (value: number, parts: number = FINE): number => value - (value % widthAt(value, parts))

const widthAt = (value: number, parts: number): number =>
  Math.max(1, Math.floor(2 ** Math.floor(Math.log2(Math.max(1, Math.abs(value)))) / parts))

/** The same as an SQL expression over a whole-number expression. */
export const bucketSql = (value: string, parts: number): string =>
  `${value} - ${value} % greatest(1, intDiv(toInt64(roundToExp2(toUInt64(greatest(abs(${value}), 1)))), ${parts}))`
export const fineBucketSql = (value: string): string => bucketSql(value, FINE)
export const coarseBucketSql = (value: string): string => bucketSql(value, COARSE)

export const middleOf = (bucket: number, parts: number = FINE): number =>
  bucket + Math.sign(bucket) * Math.floor((widthAt(bucket, parts) - 1) / 2)

/** Buckets and their counts, in any order; a bucket may occur more than once. */
export type Histogram = Iterable<readonly [bucket: number, count: number]>

/** Nearest rank, at the middle of its bucket; null if the histogram is empty. */
export function quantileOf(histogram: Histogram, p: number, parts: number = FINE): number | null {
  const sorted = [...histogram].sort(([a], [b]) => a - b)
  let rank = Math.max(1, Math.ceil(p * sorted.reduce((sum, [, count]) => sum + count, 0)))
  for (const [bucket, count] of sorted) {
    rank -= count
    if (rank <= 0) return middleOf(bucket, parts)
  }
  return null
}

/** Merges histograms into one. */
export function mergeHistograms(histograms: Iterable<Histogram>): Map<number, number> {
  const merged = new Map<number, number>()
  for (const histogram of histograms)
    for (const [bucket, count] of histogram) merged.set(bucket, (merged.get(bucket) ?? 0) + count)
  return merged
}

/**
 * The buckets that contain the quantiles of a fine histogram, given as an SQL map of bucket to count; an empty list if
 * the histogram is empty.
 */
export const quantilesSql = (histogram: string, quantiles: readonly number[]): string =>
  `arrayMap(i -> toFloat64(mapKeys(${histogram})[i]), arrayFilter(i -> i > 0, arrayMap(p -> arrayFirstIndex(c -> c >= greatest(1, ceil(p * arraySum(mapValues(${histogram})))), arrayCumSum(mapValues(${histogram}))), [${quantiles.join(', ')}])))`
