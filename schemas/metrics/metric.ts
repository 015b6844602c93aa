/** The service that answers a metric: the live view, queries of stored sessions, experiments, or incident detection. */
export type ServedBy = 'live' | 'sessions' | 'experiments' | 'detection'

/** The time to which a figure is attributed. */
export type BookedTo = 'session start' | 'session end' | 'moment' | 'minute' | 'exposure window'

/**
 * How single values become one figure.
 *
 * - ratio of sums: numerator and denominator are each summed over the population, then divided;
 * - mean: a ratio of sums whose denominator counts members of the population;
 * - count: the numerator alone, summed;
 * - p50, p95, quantiles: of single values;
 * - peak, average over time: of the number present at one moment;
 * - proportion: members that reach a threshold, divided by all members;
 * - funnel: members that took all steps in order.
 */
export type Estimator =
  | 'ratio of sums'
  | 'mean'
  | 'count'
  | 'p50'
  | 'p95'
  | 'quantiles'
  | 'peak'
  | 'average over time'
  | 'proportion'
  | 'funnel'

export type Unit = 'ratio' | 'ms' | 'kbit/s' | 'count' | '1/min' | 'points' | 'VMAF' | 'permille'

/**
 * Bounds of a session figure when telemetry was lost. Let h be the wall time that no record covers.
 *
 * - time: numerator and denominator are wall time, one part of the other: n/(d+h) to (n+h)/(d+h);
 * - rate: events in time: n/(d+h), no upper bound if h > 0;
 * - count: events per session: n/d, no upper bound if h > 0;
 * - media: weighted by media time, at most `cap` per ms: n/(d+h) to (n+cap·h)/(d+h); no upper bound if the cap is
 *   unknown;
 * - net: like media, with a numerator that unobserved time may also lower: no lower bound if h > 0;
 * - outcome: 0 or 1 per session: sessions without a reported end may be either;
 * - silence: number present at one moment: a player without events may have left or may still be there;
 * - none: every record carries the value, so it is exact.
 */
export type Loss = 'time' | 'rate' | 'count' | 'media' | 'net' | 'outcome' | 'silence' | 'none'

/** Definition of one metric id. Plain data: its computation is in the service that answers it. */
export interface MetricEntry {
  readonly title: string
  /** One or two sentences, as shown by documents and API. */
  readonly definition: string
  /** The sessions, plays, attempts, players or units that count. */
  readonly population: string
  /** In words, followed by the field names. */
  readonly numerator: string
  /** null: no division. */
  readonly denominator: string | null
  readonly bookedTo: BookedTo
  readonly estimator: Estimator
  /** Limit on single values, if there is one. */
  readonly cap?: string
  readonly unit: Unit
  /** neither: a higher value is neither better nor worse by itself. */
  readonly better: 'lower' | 'higher' | 'neither'
  /** Source of the definition. */
  readonly source: string
  readonly servedBy: readonly ServedBy[]
}

/** A metric of stored sessions. */
export interface SessionEntry extends MetricEntry {
  readonly bookedTo: 'session start' | 'session end'
  readonly loss: Exclude<Loss, 'silence'>
  /** Whether plain CMCD is enough to report it: exactly, but for time that its records hide. */
  readonly cmcd?: boolean
}

/** A metric of the number present at one moment. */
export interface ConcurrencyEntry extends MetricEntry {
  readonly bookedTo: 'moment'
  readonly unit: 'count'
  readonly better: 'neither'
  readonly loss: 'silence'
  readonly cmcd?: boolean
}

type Entries<E, Id extends string> = { readonly [K in Id]: E & { readonly id: K } }

/** Builds a family of metrics by id; `defaults` holds what most of them have in common. */
const familyOf =
  <E extends MetricEntry>() =>
  <const Id extends string, D extends Partial<E>>(
    defaults: D,
    drafts: { readonly [K in Id]: Omit<E, keyof D> & Partial<E> },
  ): Entries<E, Id> =>
    Object.fromEntries(
      Object.entries<object>(drafts).map(([id, draft]) => [id, { id, ...defaults, ...draft }]),
    ) as unknown as Entries<E, Id>

export const family = familyOf<MetricEntry>()
export const sessionFamily = familyOf<SessionEntry>()
export const concurrencyFamily = familyOf<ConcurrencyEntry>()

/** Defaults of most session metrics. */
export const OF_SESSIONS = {
  population: 'all sessions',
  bookedTo: 'session start',
  estimator: 'ratio of sums',
  servedBy: ['sessions'],
} as const
