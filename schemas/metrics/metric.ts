/** Who answers a metric: the live view, questions about stored sessions, experiments, detection of incidents. */
export type ServedBy = 'live' | 'sessions' | 'experiments' | 'detection'

/** The time to which a figure belongs. */
export type BookedTo = 'session start' | 'session end' | 'moment' | 'minute' | 'exposure window'

/**
 * How single values become one figure.
 * - ratio of sums: numerator and denominator are each summed over the population, then divided; mean: the same, where
 *   the denominator counts members of the population; count: the numerator alone, summed;
 * - p50, p95, quantiles: of single values; peak, average over time: of how many there are at one moment;
 * - proportion: members that reach a threshold, of all members; funnel: members that took all steps in order.
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
 * How telemetry that was lost bounds a figure of sessions. Let h be the wall time that no record accounts for.
 * - time: numerator and denominator are wall time, one part of the other: n/(d+h) to (n+h)/(d+h);
 * - rate: events in time: n/(d+h), no upper bound where h > 0;
 * - count: events a session: n/d, no upper bound where h > 0;
 * - media: weighted by media time, at most `cap` a ms: n/(d+h) to (n+cap·h)/(d+h); no upper bound where the cap is not
 *   known;
 * - net: as media, of a numerator that hidden time may also lower: no lower bound where h > 0;
 * - outcome: 0 or 1 a session: sessions whose end was not reported may be either;
 * - silence: of how many are there at one moment: a player that fell silent may have left, or may still be there;
 * - none: every record carries it, so what is known is exact.
 */
export type Loss = 'time' | 'rate' | 'count' | 'media' | 'net' | 'outcome' | 'silence' | 'none'

/** What one id means. Plain data: how it is computed stands beside whoever answers it. */
export interface MetricEntry {
  readonly title: string
  /** In a sentence or two, as documents and API show it. */
  readonly definition: string
  /** Which sessions, plays, attempts, players or units count. */
  readonly population: string
  /** In words, with the names of fields behind. */
  readonly numerator: string
  /** null: nothing is divided. */
  readonly denominator: string | null
  readonly bookedTo: BookedTo
  readonly estimator: Estimator
  /** What limits single values, where anything does. */
  readonly cap?: string
  readonly unit: Unit
  /** neither: more is neither better nor worse by itself. */
  readonly better: 'lower' | 'higher' | 'neither'
  /** Where the definition comes from. */
  readonly source: string
  readonly servedBy: readonly ServedBy[]
}

/** A figure of stored sessions. */
export interface SessionEntry extends MetricEntry {
  readonly bookedTo: 'session start' | 'session end'
  readonly loss: Exclude<Loss, 'silence'>
  /** Whether plain CMCD reports it exactly. */
  readonly cmcd?: boolean
}

/** How many there are at one moment. */
export interface ConcurrencyEntry extends MetricEntry {
  readonly bookedTo: 'moment'
  readonly unit: 'count'
  readonly better: 'neither'
  readonly loss: 'silence'
  readonly cmcd?: boolean
}

type Entries<E, Id extends string> = { readonly [K in Id]: E & { readonly id: K } }

/** Builds a family of metrics by id: `defaults` holds what most of them have in common. */
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

/** What most figures of stored sessions have in common. */
export const OF_SESSIONS = {
  population: 'all sessions',
  bookedTo: 'session start',
  estimator: 'ratio of sums',
  servedBy: ['sessions'],
} as const
