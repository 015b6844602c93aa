import { metric, type Draft, type Metric } from './metric.ts'

/** Only views that are over count, by their end; of one stall no more than 300 s. */
const VIEW = { time: 'end', where: 'closed' } as const
const WATCHED = '(watched_ms - stall_ms + stall_capped_ms)'

/** Scores are whole thousandths of a point of each session, so that their sum is the same in any order. */
const SCORE = {
  unit: 'points',
  better: 'higher',
  denominator: '1',
  scale: 0.001,
  distribution: true,
  loss: 'count',
} as const

/** Quit before 1 s of waiting: neither a success nor a failure. */
const QUICK_MS = 1_000

/** A hundred points halve at 8 s: 0.4 s 95, 2 s 80, 20 s 29. */
const STARTUP_SCORE = 'intDiv(800000000, 8000 + startup_ms)'
/** Mean of a count's and a share's score. */
const SMOOTHNESS_SCORE = `toInt64(round(1000 * (100 / sqrt(1 + pow(stall_count / 2, 2)) + 100 * exp(-10 * stall_capped_ms / greatest(${WATCHED}, 1))) / 2))`
/** U: upscaling as a share, greatest and average. */
const QUALITY_SCORE =
  'toInt64(round(1000 * 100 * exp(-0.33 * (0.15 * upscale_max_permille / 1000 + 0.85 * upscale_permille_ms / greatest(media_ms, 1) / 1000))))'

const DOCS = 'Mux Data documentation'

/** Mux Data, mux-embed 5.19. The overall score of the four is left out: its weights are not published. */
export const MUX_METRICS: readonly Metric[] = (
  [
    {
      id: 'startup:mux',
      title: 'Video start-up time',
      definition: 'Watched time at the first playing, the preroll not counted; views that are over and showed a frame.',
      unit: 'ms',
      better: 'lower',
      numerator: 'greatest(0, startup_ms - greatest(startup_ad_ms, 0))',
      denominator: '1',
      place: 'frame',
      time: 'end',
      where: 'closed AND play',
      distribution: true,
      loss: 'none',
      source: DOCS,
    },
    {
      id: 'rebuffer_ratio:mux',
      title: 'Rebuffer percentage',
      definition: 'Rebuffer duration divided by watch time of views that are over; of one stall at most 300 s count.',
      unit: 'ratio',
      better: 'lower',
      numerator: 'stall_capped_ms',
      denominator: WATCHED,
      ...VIEW,
      loss: 'time',
      source: `${DOCS}, rebuffer_percentage`,
    },
    {
      id: 'rebuffer_frequency:mux',
      title: 'Rebuffer frequency',
      definition: 'Stalls a minute of watch time, views that are over.',
      unit: '1/min',
      better: 'lower',
      numerator: 'stall_count',
      denominator: WATCHED,
      scale: 60_000,
      ...VIEW,
      loss: 'rate',
      source: `${DOCS}, rebuffer_frequency`,
    },
    {
      id: 'upscale:mux',
      title: 'Average upscaling',
      definition: 'Upscaling weighted by media time: max(0, s - 1), s = min(player / source width, height).',
      unit: 'permille',
      better: 'lower',
      numerator: 'upscale_permille_ms',
      denominator: 'media_ms',
      ...VIEW,
      loss: 'media',
      cap: 'if(cmcd, -1, upscale_max_permille)',
      source: DOCS,
    },
    {
      id: 'upscale_max:mux',
      title: 'Greatest upscaling',
      definition: 'Greatest upscaling of a view, mean of views.',
      unit: 'permille',
      better: 'lower',
      numerator: 'upscale_max_permille',
      denominator: '1',
      ...VIEW,
      distribution: true,
      loss: 'count',
      source: DOCS,
    },
    {
      id: 'downscale:mux',
      title: 'Average downscaling',
      definition: 'Downscaling weighted by media time: max(0, 1 - s).',
      unit: 'permille',
      better: 'lower',
      numerator: 'downscale_permille_ms',
      denominator: 'media_ms',
      ...VIEW,
      loss: 'media',
      cap: 'if(cmcd, -1, downscale_max_permille)',
      source: DOCS,
    },
    {
      id: 'downscale_max:mux',
      title: 'Greatest downscaling',
      definition: 'Greatest downscaling of a view, mean of views.',
      unit: 'permille',
      better: 'lower',
      numerator: 'downscale_max_permille',
      denominator: '1',
      ...VIEW,
      distribution: true,
      loss: 'count',
      source: DOCS,
    },
    {
      ...SCORE,
      id: 'playback_success_score:mux',
      title: 'Playback success score',
      definition:
        '100 for a play without failure, 50 for an exit before video start, 0 for a failure; exits within 1 s have none.',
      numerator: 'multiIf(fatal OR vsf_timeout, 0, play, 100000, 50000)',
      time: 'end',
      where: `closed AND NOT (ebvs AND starting_ms < ${QUICK_MS})`,
      source: `${DOCS}, playback success`,
    },
    {
      ...SCORE,
      id: 'startup_score:mux',
      title: 'Start-up score',
      definition: '100 x 8 / (8 + start-up time in s); none without a first frame.',
      numerator: STARTUP_SCORE,
      place: 'frame',
      time: 'end',
      where: 'closed AND play',
      loss: 'none',
      source: `${DOCS}, startup time score`,
    },
    {
      ...SCORE,
      id: 'smoothness_score:mux',
      title: 'Smoothness score',
      definition: 'Mean of 100 / sqrt(1 + (stalls / 2)^2) and 100 x e^(-10 x rebuffer ratio).',
      numerator: SMOOTHNESS_SCORE,
      time: 'end',
      where: 'closed AND play',
      source: `${DOCS}, smoothness score`,
    },
    {
      ...SCORE,
      id: 'video_quality_score:mux',
      title: 'Video quality score',
      definition: '100 x e^(-0.33 x (0.15 x greatest + 0.85 x average upscaling)).',
      numerator: QUALITY_SCORE,
      time: 'end',
      where: 'closed AND media_ms > 0',
      source: `${DOCS}, video quality score`,
    },
  ] satisfies Draft[]
).map(metric)
