import { bucketOf, mergeHistograms, quantileOf } from '../sketch.ts'

/** Quantiles of latencies, in whole milliseconds; null without any. */
export interface Quantiles {
  readonly p50: number | null
  readonly p99: number | null
}

const WINDOW_MS = 60_000

/**
 * Latencies of the last one to two minutes. The figure thus leaves out the past, such as a start under full load, and
 * memory does not grow with the number of events.
 */
export function createLatency(): { add(ms: number, now: number): void; quantiles(): Quantiles } {
  let [older, newer, since] = [new Map<number, number>(), new Map<number, number>(), -Infinity]
  return {
    add(ms, now) {
      if (now - since >= WINDOW_MS) [older, newer, since] = [newer, new Map<number, number>(), now]
      const bucket = bucketOf(Math.max(0, Math.round(ms)))
      newer.set(bucket, (newer.get(bucket) ?? 0) + 1)
    },
    quantiles() {
      const both = mergeHistograms([older, newer])
      return { p50: quantileOf(both, 0.5), p99: quantileOf(both, 0.99) }
    },
  }
}
