import { CTA_METRICS } from './metrics/cta2066.ts'
import type { Metric } from './metrics/metric.ts'
import { MUX_METRICS } from './metrics/mux.ts'
import { PEER_METRICS } from './metrics/peers.ts'
import { PLAYLOOP_METRICS } from './metrics/playloop.ts'

export type { Loss, Metric, Place } from './metrics/metric.ts'

/**
 * Every metric of sessions, in the order in which documents list them. How many are there at once is asked of moments:
 * metrics/concurrency.ts.
 */
export const METRICS: readonly Metric[] = [...CTA_METRICS, ...MUX_METRICS, ...PEER_METRICS, ...PLAYLOOP_METRICS]

const BY_ID: ReadonlyMap<string, Metric> = new Map(METRICS.map((each) => [each.id, each]))
/** undefined of an id that there is not. */
export const findMetric = (id: string): Metric | undefined => BY_ID.get(id)
