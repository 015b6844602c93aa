/** Which range of buckets belongs to which variation. */

/** From (inclusive) and to (exclusive). */
export type Range = readonly [number, number]

const MIN_SUM = 0.99
const MAX_SUM = 1.01

export const isRange = (value: unknown): value is Range =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)

export const within = (bucket: number, [from, to]: Range): boolean => bucket >= from && bucket < to

export const equalWeights = (count: number): number[] => Array.from({ length: Math.max(0, count) }, () => 1 / count)

/**
 * The bucket ranges of the variations. Each grows from its own fixed start as coverage rises, so units that are already
 * included keep their variation. If the number of weights is wrong or their sum differs from 1 by more than 0.01, all
 * weights are equal; coverage is clamped to [0, 1].
 */
export function rangesOf(count: number, coverage = 1, weights?: readonly number[]): Range[] {
  const covered = Math.min(1, Math.max(0, coverage))
  const sum = weights?.reduce((total, weight) => total + weight, 0) ?? 0
  const used = weights?.length === count && sum >= MIN_SUM && sum <= MAX_SUM ? weights : equalWeights(count)
  let start = 0
  return used.map((weight) => {
    const from = start
    start += weight
    return [from, from + covered * weight]
  })
}

/** The first variation whose range contains the bucket, or -1. */
export function chooseVariation(bucket: number, ranges: readonly Range[]): number {
  for (let i = 0; i < ranges.length; i++) if (within(bucket, ranges[i]!)) return i
  return -1
}
