import { CONCURRENCY_METRICS, type ConcurrencyEntry, type ConcurrencyMetricId } from '../../../schemas/metrics/index.ts'
import { described, type Described } from './metric.ts'

/** Which rule decides whether a session is present. */
export type Rule = 'conviva' | 'mux' | 'playloop'

/**
 * A concurrency metric: measured over points in time, not over sessions. Effect of lost telemetry ('silence'): sessions
 * that fell silent may have left with their last record, or have stayed until now, for at most 30 minutes; `low` and
 * `high` are the bounds.
 */
export interface Concurrency extends Described {
  readonly rule: Rule
  /** Over the interval: its mean, or its peak. */
  readonly of: 'average' | 'peak'
  readonly unit: ConcurrencyEntry['unit']
  readonly scale: 1
  readonly time: ConcurrencyEntry['bookedTo']
  readonly loss: ConcurrencyEntry['loss']
  readonly distribution: false
}

/** The computation of each metric: a missing or unknown id does not compile. */
const COMPUTED: Readonly<Record<ConcurrencyMetricId, Pick<Concurrency, 'rule' | 'of'>>> = {
  'concurrent_plays:conviva': { rule: 'conviva', of: 'peak' },
  'concurrent_plays_average:conviva': { rule: 'conviva', of: 'average' },
  'concurrent_viewers:mux': { rule: 'mux', of: 'peak' },
  'concurrent_viewers_average:mux': { rule: 'mux', of: 'average' },
  'concurrent_sessions:playloop': { rule: 'playloop', of: 'peak' },
  'concurrent_sessions_average:playloop': { rule: 'playloop', of: 'average' },
}

export const CONCURRENCY: readonly Concurrency[] = Object.values(CONCURRENCY_METRICS).map((entry) => ({
  ...described(entry),
  ...COMPUTED[entry.id],
  unit: entry.unit,
  scale: 1,
  time: entry.bookedTo,
  loss: entry.loss,
  distribution: false,
}))

const BY_ID: ReadonlyMap<string, Concurrency> = new Map(CONCURRENCY.map((each) => [each.id, each]))
/** undefined if the id is not a concurrency metric. */
export const findConcurrency = (id: string): Concurrency | undefined => BY_ID.get(id)

/** Splits metrics by rule: a query takes only one rule. */
export const byRule = (metrics: readonly Concurrency[]): readonly (readonly Concurrency[])[] => [
  ...Map.groupBy(metrics, ({ rule }) => rule).values(),
]
