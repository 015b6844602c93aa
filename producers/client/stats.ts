/**
 * A client's statistics. Every event it was given is in exactly one of accepted, duplicates, rejected, abandoned and
 * pending.
 */
export interface ClientStats {
  readonly produced: number
  /** Stored and acknowledged. */
  readonly accepted: number
  /** Acknowledged: the collector already had them. */
  readonly duplicates: number
  /**
   * Refused for good, by the collector's code (or CLIENT_REFUSED / CLIENT_ANSWER_ODD if the whole request was refused).
   */
  readonly rejected: Readonly<Record<string, number>>
  /** Not acknowledged when close() reached its deadline: whether they are stored is unknown. */
  readonly abandoned: number
  /** Accepted by send() and not settled yet. */
  readonly pending: number
  readonly requests: number
  /** Number of retried requests. */
  readonly retried: number
  /** Number of requests in flight. */
  readonly inFlight: number
  readonly bytesSent: number
  /** Time from request to answer, ms; only answered requests. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** Histogram of milliseconds: exact below 64, 1/16 of an octave (4.4 %) above. Constant memory. */
export class LatencyHistogram {
  #counts = new Uint32Array(512)
  #total = 0
  #max = 0

  record(ms: number): void {
    const whole = Math.max(0, Math.round(ms))
    const bucket = whole < 64 ? whole : Math.min(511, 64 + Math.floor(Math.log2(whole / 64) * 16))
    this.#counts[bucket]!++
    this.#total++
    this.#max = Math.max(this.#max, whole)
  }

  /** Upper bound of the bucket that contains the quantile `q` of all records; 0 if there are none. */
  quantile(q: number): number {
    let left = Math.ceil(this.#total * q)
    for (let bucket = 0; bucket < this.#counts.length && left > 0; bucket++) {
      left -= this.#counts[bucket]!
      if (left <= 0) return Math.min(this.#max, bucket < 64 ? bucket : Math.ceil(64 * 2 ** ((bucket - 63) / 16)))
    }
    return this.#max
  }

  get max(): number {
    return this.#max
  }
}

/** The counters behind ClientStats. */
export interface Tally {
  produced: number
  accepted: number
  duplicates: number
  abandoned: number
  requests: number
  retried: number
  inFlight: number
  bytesSent: number
  readonly rejected: Map<string, number>
  readonly latency: LatencyHistogram
}

export const emptyTally = (): Tally => ({
  produced: 0,
  accepted: 0,
  duplicates: 0,
  abandoned: 0,
  requests: 0,
  retried: 0,
  inFlight: 0,
  bytesSent: 0,
  rejected: new Map(),
  latency: new LatencyHistogram(),
})

export function countRejected(tally: Tally, code: string, count: number): void {
  if (count > 0) tally.rejected.set(code, (tally.rejected.get(code) ?? 0) + count)
}

export function snapshot(tally: Tally): ClientStats {
  const rejected = [...tally.rejected.values()].reduce((sum, count) => sum + count, 0)
  const { latency, produced, accepted, duplicates, abandoned } = tally
  return {
    produced,
    accepted,
    duplicates,
    abandoned,
    rejected: Object.fromEntries(tally.rejected),
    pending: produced - accepted - duplicates - abandoned - rejected,
    requests: tally.requests,
    retried: tally.retried,
    inFlight: tally.inFlight,
    bytesSent: tally.bytesSent,
    latency: { p50: latency.quantile(0.5), p99: latency.quantile(0.99), max: latency.max },
  }
}
