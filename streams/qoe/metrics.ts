import { replacementOf, SESSION_METRICS, type SessionMetricId } from '../../schemas/metrics/index.ts'
import { CTA2066 } from './metrics/cta2066.ts'
import { computation, described, type Draft, type Metric } from './metrics/metric.ts'
import { MUX } from './metrics/mux.ts'
import { PEERS } from './metrics/peers.ts'
import { PLAYLOOP } from './metrics/playloop.ts'

export type { Metric, Place } from './metrics/metric.ts'

/** The computation of each session metric in the registry: a missing or unknown id does not compile. */
const COMPUTED: Readonly<Record<SessionMetricId, Draft>> = { ...CTA2066, ...MUX, ...PEERS, ...PLAYLOOP }

/**
 * All session metrics, in the order in which documents list them. Concurrency is measured over points in time, not over
 * sessions: metrics/concurrency.ts.
 */
export const METRICS: readonly Metric[] = Object.values(SESSION_METRICS).map((entry) => ({
  ...described(entry),
  unit: entry.unit,
  loss: entry.loss,
  time: entry.bookedTo === 'session end' ? 'end' : 'start',
  ...computation(COMPUTED[entry.id]),
}))

const BY_ID: ReadonlyMap<string, Metric> = new Map(METRICS.map((each) => [each.id, each]))

/** Finds a metric by its id or by a former id; undefined if there is none. */
export function findMetric(id: string): Metric | undefined {
  const metric = BY_ID.get(replacementOf('sessions', id) ?? id)
  return metric && { ...metric, id }
}
