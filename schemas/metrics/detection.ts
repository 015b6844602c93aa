import { family } from './metric.ts'

const RATE = {
  bookedTo: 'minute',
  estimator: 'ratio of sums',
  unit: 'ratio',
  better: 'lower',
  source: 'playloop',
  servedBy: ['detection'],
} as const

/** Bad events out of trials within one minute, as tested by incident detection. */
export const DETECTION_METRICS = family(RATE, {
  'start_failure_rate:technical': {
    title: 'Technical start failures',
    definition: 'Attempts that ended in the minute without a first frame, by a technical fatal error, of its attempts.',
    population: 'playback requests of the minute',
    numerator: 'attempts that a technical fatal error ended before the first frame (start_failures)',
    denominator: 'playback requests (attempts)',
  },
  'ebvs_rate.minute:playloop': {
    title: 'Exits before video start',
    definition: 'Attempts that ended in the minute without a first frame and without a fatal error, of its attempts.',
    population: 'playback requests of the minute',
    numerator: 'attempts without a first frame and without a fatal error (ebvs)',
    denominator: 'playback requests (attempts)',
  },
  'slow_start_rate:3s': {
    title: 'Starts over 3 s',
    definition: 'Plays whose start-up took 3,072 ms or longer, of the plays whose first frame was in the minute.',
    population: 'plays whose first frame was in the minute',
    numerator: 'plays with a start-up of 3,072 ms or longer (startups)',
    denominator: 'first frames (plays)',
  },
  'slow_start_rate:6s': {
    title: 'Starts over 6 s',
    definition: 'Plays whose start-up took 6,144 ms or longer, of the plays whose first frame was in the minute.',
    population: 'plays whose first frame was in the minute',
    numerator: 'plays with a start-up of 6,144 ms or longer (startups)',
    denominator: 'first frames (plays)',
  },
  'vpf_technical_rate.minute:playloop': {
    title: 'Technical playback failures',
    definition: 'Plays that ended in the minute by a technical fatal error, of the plays that were active in it.',
    population: 'plays that were active in the minute',
    numerator: 'plays that a technical fatal error ended after the first frame (playback_failures)',
    denominator: 'plays (concurrent_plays)',
  },
  'error_rate:technical': {
    title: 'Technical errors',
    definition: 'Technical errors, fatal or not, reported in the minute, by the plays and attempts of it.',
    population: 'plays that were active and playback requests that were made in the minute',
    numerator: 'technical errors (errors)',
    denominator: 'plays and playback requests (concurrent_plays + attempts)',
  },
})
