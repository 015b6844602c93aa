import type { SessionMetricId } from '../../../schemas/metrics/index.ts'
import type { Draft } from './metric.ts'

/** Only views that are over count. */
const OVER = 'closed'
const WATCHED = '(watched_ms - stall_ms + stall_capped_ms)'

/** Scores are whole thousandths of a point per session, so that their sum is the same in any order. */
const SCORE = {
  denominator: '1',
  scale: 0.001,
  distribution: true,
} as const

/** Exit after less than 1 s of waiting: neither a success nor a failure. */
const QUICK_MS = 1_000

/** 100 points, halved at 8 s: 0.4 s gives 95, 2 s 80, 20 s 29. */
const STARTUP_SCORE = 'intDiv(800000000, 8000 + startup_ms)'
/** Mean of two scores: of the number of stalls and of the stalled share. */
const SMOOTHNESS_SCORE = `toInt64(round(1000 * (100 / sqrt(1 + pow(stall_count / 2, 2)) + 100 * exp(-10 * stall_capped_ms / greatest(${WATCHED}, 1))) / 2))`
/** U: upscaling as a share, greatest and average. */
const QUALITY_SCORE =
  'toInt64(round(1000 * 100 * exp(-0.33 * (0.15 * upscale_max_permille / 1000 + 0.85 * upscale_permille_ms / greatest(media_ms, 1) / 1000))))'

/** Mux Data. At most 300 s of one stall count. */
export const MUX = {
  'startup:mux': {
    numerator: 'greatest(0, startup_ms - greatest(startup_ad_ms, 0))',
    denominator: '1',
    place: 'frame',
    where: 'closed AND startup_ms >= 0',
    distribution: true,
  },
  'rebuffer_ratio:mux': {
    numerator: 'stall_capped_ms',
    denominator: WATCHED,
    where: OVER,
  },
  'rebuffer_frequency:mux': {
    numerator: 'stall_count',
    denominator: WATCHED,
    scale: 60_000,
    where: OVER,
  },
  'upscale:mux': {
    numerator: 'upscale_permille_ms',
    denominator: 'media_ms',
    where: OVER,
    cap: 'if(cmcd, -1, upscale_max_permille)',
  },
  'upscale_max:mux': {
    numerator: 'upscale_max_permille',
    denominator: '1',
    where: OVER,
    distribution: true,
  },
  'downscale:mux': {
    numerator: 'downscale_permille_ms',
    denominator: 'media_ms',
    where: OVER,
    cap: 'if(cmcd, -1, downscale_max_permille)',
  },
  'downscale_max:mux': {
    numerator: 'downscale_max_permille',
    denominator: '1',
    where: OVER,
    distribution: true,
  },
  'playback_success_score:mux': {
    ...SCORE,
    numerator: 'multiIf(fatal OR vsf_timeout, 0, play, 100000, 50000)',
    where: `closed AND NOT (ebvs AND starting_ms < ${QUICK_MS})`,
  },
  'startup_score:mux': {
    ...SCORE,
    numerator: STARTUP_SCORE,
    place: 'frame',
    where: 'closed AND startup_ms >= 0',
  },
  'smoothness_score:mux': {
    ...SCORE,
    numerator: SMOOTHNESS_SCORE,
    where: 'closed AND play',
  },
  'video_quality_score:mux': {
    ...SCORE,
    numerator: QUALITY_SCORE,
    where: 'closed AND media_ms > 0',
  },
} satisfies Partial<Record<SessionMetricId, Draft>>
