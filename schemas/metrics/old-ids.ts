import type { DetectionMetricId, MetricId, MinuteMetricId, SessionMetricId, UnitMetricId } from './registry.ts'

/**
 * Deprecated ids that had several meanings: for each service that answers them, the metric they meant there. They are
 * answered for one more version, with a pointer to the new id. Stored experiments and incidents keep the ids they were
 * written with.
 */
export const OLD_IDS = {
  sessions: { 'startup:cta2066': 'startup.mean:cta2066' },
  experiments: {
    'startup:cta2066': 'startup.unit.quantiles:cta2066',
    'startup_mean:cta2066': 'startup.unit.mean.cap99:cta2066',
    'rebuffer_ratio:cta2066': 'rebuffer_ratio.unit.cap99:cta2066',
    'ebvs_rate:cta2066': 'ebvs_rate.unit:conviva',
    'vsf_rate:cta2066': 'vsf_rate.unit:conviva',
    'vpf_rate:cta2066': 'vpf_rate.unit:playloop',
    'average_bitrate:cta2066': 'average_bitrate.unit:cta2066',
    attempts: 'attempts.unit:playloop',
    watch_time: 'watch_time.unit.cap999:playloop',
    completion: 'finish_rate.unit:playloop',
  },
  detection: {
    ebvs_rate: 'ebvs_rate.minute:playloop',
    'rebuffer_ratio:cta2066': 'rebuffer_ratio.minute:cta2066',
    playback_failure_rate: 'vpf_technical_rate.minute:playloop',
    'startup_mean:cta2066': 'startup.minute.mean:cta2066',
  },
} as const satisfies {
  readonly sessions: Readonly<Record<string, SessionMetricId>>
  readonly experiments: Readonly<Record<string, UnitMetricId>>
  readonly detection: Readonly<Record<string, DetectionMetricId>>
}

/** Fields of a minute in `/v1/qoe/live`: named before ids had populations, and kept for one version. */
export const LIVE_FIELDS = {
  attempts: ['attempts.minute:playloop'],
  plays: ['plays.minute:playloop'],
  'concurrent_plays:active_minute': ['concurrent_plays:active_minute'],
  ebvs: ['ebvs.minute:playloop'],
  vsf: ['vsf.minute:playloop'],
  'startup:cta2066': ['startup.minute.p50:cta2066', 'startup.minute.p95:cta2066'],
  'rebuffer_ratio:cta2066': ['rebuffer_ratio.minute:cta2066'],
  'average_bitrate:cta2066': ['average_bitrate.minute:cta2066'],
  errors: ['errors_technical.minute:playloop', 'errors_business.minute:playloop', 'errors_fatal.minute:playloop'],
  unknown: ['unknown_players.minute:playloop'],
} as const satisfies Readonly<Record<string, readonly MinuteMetricId[]>>

/** The id that replaces a deprecated one; undefined for any other id. */
export function replacementOf(service: keyof typeof OLD_IDS, id: string): MetricId | undefined {
  const table: Readonly<Record<string, MetricId>> = OLD_IDS[service]
  return Object.hasOwn(table, id) ? table[id] : undefined
}

/** The current id of a metric. */
export const currentId = (service: keyof typeof OLD_IDS, id: string): string => replacementOf(service, id) ?? id
