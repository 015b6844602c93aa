import { concurrencyFamily } from './metric.ts'

const AT_ONCE = {
  bookedTo: 'moment',
  unit: 'count',
  better: 'neither',
  loss: 'silence',
  servedBy: ['sessions'],
} as const
const PEAK = { ...AT_ONCE, denominator: null, estimator: 'peak' } as const
const AVERAGE = { ...AT_ONCE, denominator: 'length of the interval', estimator: 'average over time' } as const

/** Concurrency by the rules of other systems: figures of moments, not of sessions. */
export const CONCURRENCY_METRICS = {
  ...concurrencyFamily(PEAK, {
    'concurrent_plays:conviva': {
      title: 'Concurrent plays, peak',
      definition:
        'Greatest number of plays at one moment of the interval: from the first frame to the end, or to 30 s after the last record; attempts without a frame are left out, pauses are not.',
      population: 'plays, from the first frame to the end',
      numerator: 'plays at the moment',
      cmcd: true,
      source: 'Conviva metric dictionary, concurrent plays',
    },
    'concurrent_viewers:mux': {
      title: 'Concurrent viewers, peak',
      definition:
        'Greatest number of viewers at one moment of the interval: starting, playing, stalled or seeking; a pause and what is beyond 300 s of one stall are left out. From stored minutes: between two records that they keep, a viewer weighs the share of the time that was watched; after 5 min without a record nothing.',
      population: 'viewers that are starting, playing, stalled or seeking',
      numerator: 'viewers at the moment',
      cap: 'one stall counts for at most 300 s',
      source: 'Mux Data documentation, monitoring metrics',
    },
    'concurrent_sessions:playloop': {
      title: 'Concurrent sessions, peak',
      definition:
        'Greatest number of sessions at one moment of the interval, from their request on: those who wait for the start, or fail in it, count too.',
      population: 'sessions, from the request to the end',
      numerator: 'sessions at the moment',
      cmcd: true,
      source: 'playloop',
    },
  }),
  ...concurrencyFamily(AVERAGE, {
    'concurrent_plays_average:conviva': {
      title: 'Concurrent plays, average',
      definition:
        'Mean of concurrent_plays:conviva over the interval: time that plays were there divided by its length.',
      population: 'plays, from the first frame to the end',
      numerator: 'time that plays were there, ms',
      cmcd: true,
      source: 'Conviva metric dictionary, concurrent plays',
    },
    'concurrent_viewers_average:mux': {
      title: 'Concurrent viewers, average',
      definition: 'Mean of concurrent_viewers:mux over the interval: watched time divided by its length.',
      population: 'viewers that are starting, playing, stalled or seeking',
      numerator: 'watched time, ms',
      cap: 'one stall counts for at most 300 s',
      source: 'Mux Data documentation, monitoring metrics',
    },
    'concurrent_sessions_average:playloop': {
      title: 'Concurrent sessions, average',
      definition:
        'Mean of concurrent_sessions:playloop over the interval: time that sessions were there divided by its length.',
      population: 'sessions, from the request to the end',
      numerator: 'time that sessions were there, ms',
      cmcd: true,
      source: 'playloop',
    },
  }),
}
