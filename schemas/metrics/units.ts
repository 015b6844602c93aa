import { family } from './metric.ts'

const OF_UNITS = { bookedTo: 'exposure window', servedBy: ['experiments'], source: 'playloop' } as const
const PLAYBACK = {
  ...OF_UNITS,
  population: 'units exposed to the experiment, by their sessions',
  estimator: 'ratio of sums',
} as const
const VIEWING = { ...OF_UNITS, population: 'units exposed to the experiment', better: 'higher' } as const
const UNITS = 'units'
const CAP_99 = '99th percentile of unit totals before the start, both arms together'

/**
 * Metrics that experiments compute for randomised units: sessions and actions of a unit in the days after its first
 * exposure, a week unless the definition says otherwise.
 */
export const UNIT_METRICS = {
  ...family(PLAYBACK, {
    'startup.unit.quantiles:cta2066': {
      title: 'Start-up time',
      definition:
        'Playback request to first frame over sessions. An attempt that never showed a frame counts as infinitely slow: a change that loses the slowest attempts does not look faster for it.',
      numerator: 'time from playback request to first frame, infinite without one (startup_ms)',
      denominator: null,
      estimator: 'quantiles',
      unit: 'ms',
      better: 'lower',
      source: 'CTA-2066 initialStartupTime; quantiles as Netflix compares them',
    },
    'startup.unit.mean.cap99:cta2066': {
      title: 'Start-up time, mean',
      definition:
        'Mean over sessions that showed a frame: read it with attempts and exits before start beside. The slowest units count as the 99th percentile of before.',
      numerator: 'time from playback request to first frame (startup_ms)',
      denominator: 'plays',
      cap: CAP_99,
      unit: 'ms',
      better: 'lower',
      source: 'CTA-2066 initialStartupTime',
    },
    'rebuffer_ratio.unit.cap99:cta2066': {
      title: 'Rebuffering',
      definition:
        'Time stalled by time watched (start-up, playing, stalled, seeking), both summed over units. The few units that stall most count as the 99th percentile of before: without that a mean of stalls says nothing below a hundred thousand units.',
      numerator: 'time stalled (stall_ms)',
      denominator: 'watched time (watched_ms)',
      cap: CAP_99,
      unit: 'ratio',
      better: 'lower',
      source: 'CTA-2066 Stalled Time %',
    },
    'ebvs_rate.unit:conviva': {
      title: 'Exits before video start',
      definition: 'Attempts left without a first frame and without a failure, by attempts.',
      numerator: 'attempts without a first frame and without a failure (ebvs)',
      denominator: 'attempts',
      unit: 'ratio',
      better: 'lower',
      source: 'Conviva metric dictionary',
    },
    'vsf_rate.unit:conviva': {
      title: 'Video start failures',
      definition: 'Attempts that failed before the first frame, by attempts.',
      numerator: 'attempts that failed before the first frame (vsf)',
      denominator: 'attempts',
      unit: 'ratio',
      better: 'lower',
      source: 'Conviva metric dictionary, technical and business failures together',
    },
    'vpf_rate.unit:playloop': {
      title: 'Video playback failures',
      definition: 'Plays that ended by a fatal error, by plays.',
      numerator: 'plays that a fatal error ended (vpf)',
      denominator: 'plays',
      unit: 'ratio',
      better: 'lower',
    },
    play_failures: {
      title: 'First play failure',
      definition: 'Fatal errors a unit; the first of each unit is tested as a count.',
      numerator: 'fatal errors (errors_fatal)',
      denominator: UNITS,
      estimator: 'count',
      unit: 'count',
      better: 'lower',
    },
    'average_bitrate.unit:cta2066': {
      title: 'Average bitrate',
      definition: 'Bits of media played by media time played.',
      numerator: 'bits of media played (bits_played)',
      denominator: 'media time played (media_ms)',
      unit: 'kbit/s',
      better: 'higher',
      source: 'CTA-2066 Average Playback Bitrate',
    },
  }),
  ...family(VIEWING, {
    'attempts.unit:playloop': {
      title: 'Play attempts',
      definition: 'Playback requests a unit.',
      numerator: 'playback requests (attempts)',
      denominator: UNITS,
      estimator: 'mean',
      unit: 'count',
    },
    'watch_time.unit.cap999:playloop': {
      title: 'Watch time',
      definition: 'Media time played a unit in a week.',
      numerator: 'media time played (media_ms)',
      denominator: UNITS,
      estimator: 'mean',
      cap: '99.9th percentile of unit totals before the start, both arms together',
      unit: 'ms',
    },
    plays_per_unit: {
      title: 'Plays',
      definition: 'Plays a unit in a week; divide by seven for plays a day.',
      numerator: 'plays',
      denominator: UNITS,
      estimator: 'count',
      unit: 'count',
    },
    'finish_rate.unit:playloop': {
      title: 'Completion',
      definition: 'Plays to the end, by plays.',
      numerator: 'plays that reached the end (finishes)',
      denominator: 'plays',
      estimator: 'ratio of sums',
      unit: 'ratio',
    },
    click_through: {
      title: 'Click-through',
      definition: 'Clicks by impressions, both summed over units.',
      numerator: 'clicks',
      denominator: 'impressions',
      estimator: 'ratio of sums',
      unit: 'ratio',
    },
    discovery: {
      title: 'From page to end',
      definition: 'Units that saw a title, clicked, played and finished, in this order.',
      numerator: 'units that took all steps in order',
      denominator: UNITS,
      estimator: 'funnel',
      unit: 'ratio',
    },
    played: {
      title: 'Played at all',
      definition: 'Units that played on the day of their first exposure.',
      numerator: 'units that played within 24 hours of their first exposure',
      denominator: UNITS,
      estimator: 'proportion',
      unit: 'ratio',
    },
    retention_day_1: {
      title: 'Back the next day',
      definition: 'Units that played again 24 to 48 hours after their first exposure.',
      numerator: 'units that played 24 to 48 hours after their first exposure',
      denominator: UNITS,
      estimator: 'proportion',
      unit: 'ratio',
    },
    retention_week_1: {
      title: 'Back within the week',
      definition: 'Units that played again 1 to 7 days after their first exposure.',
      numerator: 'units that played 1 to 7 days after their first exposure',
      denominator: UNITS,
      estimator: 'proportion',
      unit: 'ratio',
    },
  }),
}
