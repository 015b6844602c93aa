import type { SessionMetricId } from '../../../schemas/metrics/index.ts'
import type { Draft } from './metric.ts'

/** CTA-2066. */
export const CTA2066 = {
  'playback_failure_rate:cta2066': {
    numerator: 'fatal',
    denominator: '1',
  },
  'startup.mean:cta2066': {
    numerator: 'startup_ms',
    denominator: '1',
    place: 'frame',
    where: 'startup_ms >= 0',
    distribution: true,
  },
  'stall_count:cta2066': {
    numerator: 'stall_count',
    denominator: '1',
    distribution: true,
  },
  'stall_duration:cta2066': {
    numerator: 'stall_ms',
    denominator: '1',
    distribution: true,
  },
  'rebuffer_ratio:cta2066': {
    numerator: 's_stall_ms',
    denominator: 's_watched_ms',
    place: 'segment',
  },
  'average_bitrate:cta2066': {
    numerator: 's_bits_played',
    denominator: 's_media_ms',
    place: 'segment',
    cap: 'bitrate_kbps',
  },
  'watched_time:cta2066': {
    numerator: 'watched_ms',
    denominator: '1',
    distribution: true,
  },
} satisfies Partial<Record<SessionMetricId, Draft>>
