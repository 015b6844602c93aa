import type { SessionMetricId } from '../../../schemas/metrics/index.ts'
import type { Draft } from './metric.ts'

const startupPart = (part: string): Draft => ({
  numerator: `startup_${part}_ms`,
  denominator: '1',
  place: 'frame',
  where: `play AND startup_${part}_ms >= 0`,
  distribution: true,
})
const perSession = (column: string): Draft => ({ numerator: column, denominator: '1', distribution: true })

/**
 * Linear QoE: quality minus stalls minus switches, each in kbit/s times ms played. mu = 4.3 Mbit/s per stalled second
 * (Pensieve, QoE_lin). A switch costs one second of 1 Mbit/s, because telemetry counts switches, not their sizes.
 */
const LINEAR = 's_bits_played - 4300 * s_stall_ms - 1000 * 1000 * (s_switches_up + s_switches_down)'

/** playloop's own metrics: of whole sessions, of events within them, and of advertisements. */
export const PLAYLOOP = {
  'attempts:playloop': {
    numerator: '1',
    denominator: '0',
    place: 'first',
  },
  'plays:playloop': {
    numerator: '1',
    denominator: '0',
    place: 'frame',
    where: 'play',
  },
  'play_rate:playloop': {
    numerator: 'play',
    denominator: '1',
  },
  'startup_page:playloop': startupPart('page'),
  'startup_player:playloop': startupPart('player'),
  'startup_drm:playloop': startupPart('drm'),
  'startup_ad:playloop': startupPart('ad'),
  // Plain CMCD has no parts, so what is left of them is not known.
  'startup_content:playloop': { ...startupPart('content'), where: 'play AND exact' },
  'stall_decoder_ratio:playloop': {
    numerator: 's_stall_decoder_ms',
    denominator: 's_watched_ms',
    place: 'segment',
  },
  'completion:playloop': {
    numerator: 'least(unique_ms, title_duration_ms)',
    denominator: 'title_duration_ms',
    where: 'play AND title_duration_ms > 0',
  },
  'finish_rate:playloop': {
    numerator: 'finished',
    denominator: '1',
    where: 'closed AND play',
  },
  'vmaf:time_weighted': {
    numerator: 's_vmaf_centi_ms',
    denominator: 's_vmaf_known_ms',
    scale: 0.01,
    place: 'segment',
    cap: '10000',
  },
  'linear_qoe:playloop': {
    numerator: LINEAR,
    denominator: 's_media_ms',
    place: 'segment',
    cap: 'bitrate_kbps',
  },
  'switches_down:playloop': {
    numerator: 's_switches_down',
    denominator: 's_media_ms',
    scale: 60_000,
    place: 'segment',
  },
  'switches_up:playloop': {
    numerator: 's_switches_up',
    denominator: 's_media_ms',
    scale: 60_000,
    place: 'segment',
  },
  'dropped_frames:playloop': {
    numerator: 's_frames_dropped',
    denominator: 's_frames_dropped + s_frames_rendered',
    place: 'segment',
  },
  'live_latency_max:playloop': {
    numerator: 'live_latency_ms',
    denominator: '1',
    where: 'live_latency_ms >= 0',
    distribution: true,
  },
  'live_latency_min:playloop': {
    numerator: 'live_latency_least',
    denominator: '1',
    where: 'live_latency_least >= 0',
    distribution: true,
  },
  'seek_count:playloop': perSession('seek_count'),
  'pause_count:playloop': perSession('pause_count'),
  'errors_technical:playloop': perSession('errors_technical'),
  'errors_business:playloop': perSession('errors_business'),
  'request_failures:playloop': {
    numerator: 's_requests_failed',
    denominator: 's_requests',
    place: 'segment',
  },
  'completeness:playloop': {
    numerator: 'least(records, expected)',
    denominator: 'expected',
  },
  'ad_share:playloop': {
    numerator: 's_ad_playing_ms',
    denominator: 's_watched_ms',
    place: 'segment',
  },
  'ad_errors:playloop': {
    numerator: 's_ad_errors',
    denominator: 's_ad_count + s_ad_errors',
    place: 'segment',
  },
  'ad_rebuffer_ratio:playloop': {
    numerator: 's_stall_ad_ms',
    denominator: 's_ad_playing_ms + s_stall_ad_ms',
    place: 'segment',
  },
  'ad_count:playloop': perSession('ad_count'),
} satisfies Partial<Record<SessionMetricId, Draft>>
