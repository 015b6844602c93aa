import { ADVERTISING } from './advertising.ts'
import { CONCURRENCY_METRICS } from './concurrency.ts'
import { CONVIVA } from './conviva.ts'
import { CTA2066 } from './cta2066.ts'
import { DETECTION_METRICS } from './detection.ts'
import { EVENTS } from './events.ts'
import { MINUTE_METRICS } from './minutes.ts'
import { MUX } from './mux.ts'
import type { MetricEntry } from './metric.ts'
import { PEERS } from './peers.ts'
import { PLAYLOOP } from './playloop.ts'
import { UNIT_METRICS } from './units.ts'

/** Families of session metrics, in the order in which documents and answers list them. */
export const SESSION_FAMILIES = { CTA2066, MUX, CONVIVA, PEERS, PLAYLOOP, EVENTS, ADVERTISING } as const

export const SESSION_METRICS = {
  ...CTA2066,
  ...MUX,
  ...CONVIVA,
  ...PEERS,
  ...PLAYLOOP,
  ...EVENTS,
  ...ADVERTISING,
} as const

/** All metrics by id. */
export const METRIC_REGISTRY = {
  ...MINUTE_METRICS,
  ...CONCURRENCY_METRICS,
  ...SESSION_METRICS,
  ...UNIT_METRICS,
  ...DETECTION_METRICS,
} as const

export type SessionMetricId = keyof typeof SESSION_METRICS
export type ConcurrencyMetricId = keyof typeof CONCURRENCY_METRICS
export type MinuteMetricId = keyof typeof MINUTE_METRICS
export type UnitMetricId = keyof typeof UNIT_METRICS
/** Metrics that detection tests or compares with a limit. */
export type DetectionMetricId =
  keyof typeof DETECTION_METRICS | 'rebuffer_ratio.minute:cta2066' | 'startup.minute.mean:cta2066'
export type MetricId = keyof typeof METRIC_REGISTRY

export const ALL_METRICS: readonly (MetricEntry & { readonly id: MetricId })[] = Object.values(METRIC_REGISTRY)
