import type { SessionMetricId } from '../../../schemas/metrics/index.ts'
import type { Draft } from './metric.ts'

/** Puffer excludes streams that played nothing, and those that stalled for over 0.15 s although data was available. */
const PUFFER_VALID = 'playing_ms > 0 AND stall_decoder_ms <= 150'
/** Media3's wait time: joining, rebuffering, seeking. */
const PLAY_AND_WAIT = 's_playing_ms + s_starting_ms + s_stall_ms + s_seeking_ms'
const ENDED_PLAY = 'closed AND play'

/** Conviva, Media3, New Relic, Puffer, Bitmovin. */
export const PEERS = {
  'rebuffer_ratio:media3': {
    numerator: 's_stall_ms',
    denominator: PLAY_AND_WAIT,
    place: 'segment',
  },
  'join_ratio:media3': {
    numerator: 's_starting_ms',
    denominator: PLAY_AND_WAIT,
    place: 'segment',
  },
  'seek_ratio:media3': {
    numerator: 's_seeking_ms',
    denominator: PLAY_AND_WAIT,
    place: 'segment',
  },
  'wait_ratio:media3': {
    numerator: 's_starting_ms + s_stall_ms + s_seeking_ms',
    denominator: PLAY_AND_WAIT,
    place: 'segment',
  },
  'rebuffer_ratio:newrelic': {
    numerator: 's_stall_ms',
    denominator: 's_playing_ms',
    place: 'segment',
  },
  'rebuffer_ratio:puffer': {
    numerator: 'stall_ms',
    denominator: 'watched_ms - starting_ms',
    where: PUFFER_VALID,
  },
  'startup:puffer': {
    numerator: 'startup_ms',
    denominator: '1',
    place: 'frame',
    where: `startup_ms >= 0 AND ${PUFFER_VALID}`,
    distribution: true,
  },
  'ebvs_rate:conviva': {
    numerator: 'ebvs',
    denominator: '1',
  },
  'vsf_technical_rate:conviva': {
    numerator: 'vsf_technical',
    denominator: '1',
  },
  'vsf_business_rate:conviva': {
    numerator: 'vsf_business',
    denominator: '1',
  },
  'vsf_timeout_rate:bitmovin': {
    numerator: 'vsf_timeout',
    denominator: '1',
  },
  'vpf_technical_rate:conviva': {
    numerator: 'vpf_technical',
    denominator: '1',
    where: ENDED_PLAY,
  },
  'vpf_business_rate:conviva': {
    numerator: 'vpf_business',
    denominator: '1',
    where: ENDED_PLAY,
  },
  'cirr:conviva': {
    numerator: 's_stall_connection_ms',
    denominator: 's_playing_ms + s_stall_ms',
    place: 'segment',
  },
  'cir_exits:conviva': {
    numerator: 'exit_in_stall',
    denominator: '1',
    where: ENDED_PLAY,
  },
  'interrupted_plays:conviva': {
    numerator: 'stall_connection_count > 0',
    denominator: '1',
    where: ENDED_PLAY,
  },
  'restart:conviva': {
    numerator: 's_seeking_ms',
    denominator: 's_seek_count',
    place: 'segment',
  },
  'paused_ratio:conviva': {
    numerator: 's_paused_ms',
    denominator: 's_wall_ms',
    place: 'segment',
  },
  'starting_bitrate:conviva': {
    numerator: 'first_kbps',
    denominator: '1',
    place: 'frame',
    where: 'play AND first_kbps >= 0',
    distribution: true,
  },
  'peak_bitrate:conviva': {
    numerator: 'bitrate_kbps',
    denominator: '1',
    where: 'play AND bitrate_kbps >= 0',
    distribution: true,
  },
} satisfies Partial<Record<SessionMetricId, Draft>>
