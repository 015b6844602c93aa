import { OF_SESSIONS, sessionFamily } from './metric.ts'

/** Advertising within sessions. */
export const ADVERTISING = sessionFamily(OF_SESSIONS, {
  'ad_share:playloop': {
    title: 'Share of advertisements',
    definition: 'Time advertisements played divided by watched time.',
    numerator: 'time advertisements played (ad_playing_ms)',
    denominator: 'watched time (watched_ms)',
    unit: 'ratio',
    better: 'neither',
    loss: 'time',
    source: 'playloop',
  },
  'ad_errors:playloop': {
    title: 'Advertisement errors',
    definition: 'Advertisement errors of advertisements started or not loaded.',
    numerator: 'advertisement errors (ad_errors)',
    denominator: 'advertisements started or not loaded (ad_count + ad_errors)',
    unit: 'ratio',
    better: 'lower',
    loss: 'rate',
    source: 'playloop',
  },
  'ad_rebuffer_ratio:playloop': {
    title: 'Rebuffer ratio of advertisements',
    definition: 'Stalls around or in advertisements divided by their playing and stalled time.',
    numerator: 'time stalled around or in advertisements (stall_ad_ms)',
    denominator: 'time advertisements played or stalled (ad_playing_ms + stall_ad_ms)',
    unit: 'ratio',
    better: 'lower',
    loss: 'time',
    source: 'playloop',
  },
  'ad_count:playloop': {
    title: 'Advertisements a session',
    definition: 'Advertisements started of all sessions.',
    numerator: 'advertisements started (ad_count)',
    denominator: 'sessions',
    estimator: 'mean',
    unit: 'count',
    better: 'neither',
    loss: 'count',
    source: 'playloop',
  },
})
