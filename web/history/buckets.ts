import type { Bucket } from '../chart/buckets.ts'
import type { Figure } from './answer.ts'

/** 0.95 as p95, 0.5 as Median. */
export const quantileName = (p: number): string => (p === 0.5 ? 'Median' : `p${Math.round(p * 100)}`)

/**
 * Contiguous buckets from the least to the greatest, including empty ones: integers, multiplied by the metric's scale.
 * Pure.
 */
export function bucketsOf(
  now: Pick<Figure, 'histogram'>,
  before: Pick<Figure, 'histogram'> | undefined,
  scale: number,
): Bucket[] {
  const [counts, earlier] = [now, before].map(
    (figure) =>
      new Map((figure?.histogram ?? []).map(([from = 0, count = 0]) => [Math.round(from / scale), count] as const)),
  )
  const ends = [...counts!.keys(), ...earlier!.keys()]
  const buckets: Bucket[] = []
  for (let from = Math.min(...ends); from <= Math.max(...ends); from += widthOf(from)) {
    buckets.push({
      from: from * scale,
      to: (from + widthOf(from)) * scale,
      count: counts!.get(from) ?? 0,
      before: earlier!.get(from) ?? 0,
    })
  }
  return buckets
}

/** Bucket widths of the store: four per octave, and 1 below 8. */
const widthOf = (from: number): number => Math.max(1, Math.floor(2 ** Math.floor(Math.log2(Math.max(1, from))) / 4))
