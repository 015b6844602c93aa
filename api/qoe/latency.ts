/** Quantiles of latencies, in whole milliseconds; null without any. */
export interface Quantiles {
  readonly p50: number | null
  readonly p99: number | null
}

/**
 * Counts by bucket of at most 2 %, of the last one to two minutes: a start under full load, and whatever else is over,
 * does not stay in the figure, and memory does not grow with events.
 */
export function createLatency(): { add(ms: number, now: number): void; quantiles(): Quantiles } {
  let [older, newer, since] = [empty(), empty(), -Infinity]
  return {
    add(ms, now) {
      if (now - since >= WINDOW_MS) [older, newer, since] = [newer, empty(), now]
      newer[bucketOf(ms)]!++
    },
    quantiles() {
      const both = newer.map((value, i) => value + older[i]!)
      return { p50: quantile(both, 0.5), p99: quantile(both, 0.99) }
    },
  }
}

const WINDOW_MS = 60_000
const GROWTH = 1.02
const BUCKETS = 1_000

const empty = (): Float64Array<ArrayBuffer> => new Float64Array(BUCKETS)

const bucketOf = (ms: number): number =>
  ms < 1 ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(ms) / Math.log(GROWTH)))

function quantile(counts: Float64Array, p: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let rank = p * total
  const bucket = counts.findIndex((count) => (rank -= count) <= 0)
  return Math.round(GROWTH ** bucket)
}
