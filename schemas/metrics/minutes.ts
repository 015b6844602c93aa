import { family } from './metric.ts'

const OF_MINUTES = { bookedTo: 'minute', servedBy: ['live'] } as const
const COUNTED = { ...OF_MINUTES, denominator: null, estimator: 'count', unit: 'count', source: 'playloop' } as const
const WATCHING = 'players that were starting, playing, stalled or seeking in the minute'
const STARTED = 'plays whose first frame was in the minute'
const STARTUP = {
  ...OF_MINUTES,
  population: STARTED,
  numerator: 'time from playback request to first frame (startup_ms)',
  unit: 'ms',
  better: 'lower',
  source: 'CTA-2066 initialStartupTime',
} as const
const NOT_STARTED =
  'attempts without a first frame are shown beside, never counted as 0. From integer buckets at most 3.2 % wide.'

/** Metrics of what happened within one minute, whenever its session began. */
export const MINUTE_METRICS = {
  ...family(COUNTED, {
    'attempts.minute:playloop': {
      title: 'Attempts',
      definition: 'Playback requests (CTA-2066 playbackRequest) made in the minute.',
      population: 'playback requests of the minute',
      numerator: 'playback requests (attempts)',
      better: 'neither',
      source: 'CTA-2066 playbackRequest',
    },
    'plays.minute:playloop': {
      title: 'Plays',
      definition: 'First frames shown in the minute.',
      population: STARTED,
      numerator: 'first frames (plays)',
      better: 'higher',
      source: 'CTA-2066 playbackStart',
    },
    'concurrent_plays:active_minute': {
      title: 'Concurrent plays of the minute',
      definition:
        'Plays with a first frame that were starting, playing, stalled or seeking in the minute, each counted once: where the minute found it, or where its first frame was.',
      population: 'plays that were active in the minute',
      numerator: 'plays (concurrent_plays)',
      better: 'neither',
    },
    'ebvs.minute:playloop': {
      title: 'Exits before video start',
      definition: 'Attempts that ended in the minute without a first frame and without a fatal error.',
      population: 'attempts that ended in the minute',
      numerator: 'attempts without a first frame and without a fatal error (ebvs)',
      better: 'lower',
      source: 'CTA WAVE R4WG20, EBVS and VSF',
    },
    'vsf.minute:playloop': {
      title: 'Video start failures',
      definition: 'Attempts that ended in the minute without a first frame, by a fatal error.',
      population: 'attempts that ended in the minute',
      numerator: 'attempts without a first frame that had a fatal error (vsf)',
      better: 'lower',
      source: 'CTA WAVE R4WG20, EBVS and VSF',
    },
    'errors_technical.minute:playloop': {
      title: 'Technical errors',
      definition: 'Technical errors, fatal or not, in the minute that reported them.',
      population: 'all players',
      numerator: 'technical errors (errors_technical)',
      better: 'lower',
    },
    'errors_business.minute:playloop': {
      title: 'Business errors',
      definition: 'Business errors (a limit, a right), fatal or not, in the minute that reported them.',
      population: 'all players',
      numerator: 'business errors (errors_business)',
      better: 'lower',
    },
    'errors_fatal.minute:playloop': {
      title: 'Fatal errors',
      definition: 'Fatal errors, in the minute that reported them.',
      population: 'all players',
      numerator: 'fatal errors (errors_fatal)',
      better: 'lower',
    },
    'unknown_players.minute:playloop': {
      title: 'Players of unknown time',
      definition:
        'Players heard in the minute whose time in it is unknown, because they were silent for more than 5 minutes before; of plain CMCD also because a record before was lost, or a change of state was not announced.',
      population: 'players heard in the minute',
      numerator: 'players whose time in the minute is unknown (unknown)',
      better: 'lower',
    },
  }),
  ...family(STARTUP, {
    'startup.minute.p50:cta2066': {
      title: 'Start-up time, median',
      definition: `Playback request to first frame, median over plays whose first frame was in the minute; ${NOT_STARTED}`,
      denominator: null,
      estimator: 'p50',
    },
    'startup.minute.p95:cta2066': {
      title: 'Start-up time, 95th percentile',
      definition: `Playback request to first frame, 95th percentile over plays whose first frame was in the minute; ${NOT_STARTED}`,
      denominator: null,
      estimator: 'p95',
    },
    'startup.minute.mean:cta2066': {
      title: 'Start-up time, mean',
      definition: 'Playback request to first frame, mean over plays whose first frame was in the minute.',
      denominator: 'plays',
      estimator: 'mean',
      servedBy: ['detection'],
    },
  }),
  ...family(OF_MINUTES, {
    'rebuffer_ratio.minute:cta2066': {
      title: 'Rebuffer ratio',
      definition:
        'Time stalled divided by watched time (start-up, playing, stalled, seeking; pauses excluded), both within the minute.',
      population: WATCHING,
      numerator: 'time stalled in the minute (stall_ms)',
      denominator: 'watched time in the minute (watched_ms)',
      estimator: 'ratio of sums',
      unit: 'ratio',
      better: 'lower',
      source: 'CTA-2066 Stalled Time %',
      servedBy: ['live', 'detection'],
    },
    'average_bitrate.minute:cta2066': {
      title: 'Average bitrate',
      definition: 'Bits played divided by media time played, both within the minute.',
      population: 'players that played media in the minute',
      numerator: 'bits of media played (bits_played)',
      denominator: 'media time played (media_ms)',
      estimator: 'ratio of sums',
      unit: 'kbit/s',
      better: 'higher',
      source: 'CTA-2066 Average Playback Bitrate',
    },
  }),
}
