import { metric, type Draft, type Metric } from './metric.ts'

/** CTA-2066: the normative vocabulary. */
export const CTA_METRICS: readonly Metric[] = ([
  { id: 'playback_failure_rate:cta2066', title: 'Playback failures', definition: 'Sessions with a fatal error (playbackFail) of all sessions.', unit: 'ratio', better: 'lower', numerator: 'fatal', denominator: '1', loss: 'outcome', source: 'CTA-2066 playbackFailed' },
  { id: 'startup:cta2066', title: 'Start-up time', definition: 'Playback request to first frame, mean of sessions that showed one; those without are never 0.', unit: 'ms', better: 'lower', numerator: 'startup_ms', denominator: '1', place: 'frame', where: 'play', cmcd: true, distribution: true, loss: 'none', source: 'CTA-2066 initialStartupTime' },
  { id: 'stall_count:cta2066', title: 'Stalls a session', definition: 'Stalls (start-up and seeks are none) of all sessions.', unit: 'count', better: 'lower', numerator: 'stall_count', denominator: '1', cmcd: true, distribution: true, loss: 'count', source: 'CTA-2066 playbackStallCount' },
  { id: 'stall_duration:cta2066', title: 'Stalled time a session', definition: 'Time stalled of all sessions, mean.', unit: 'ms', better: 'lower', numerator: 'stall_ms', denominator: '1', cmcd: true, distribution: true, loss: 'count', source: 'CTA-2066 playbackStallDuration' },
  { id: 'rebuffer_ratio:cta2066', title: 'Rebuffer ratio', definition: 'Time stalled divided by watched time (start-up, playing, stalled, seeking; pauses excluded).', unit: 'ratio', better: 'lower', numerator: 's_stall_ms', denominator: 's_watched_ms', place: 'segment', loss: 'time', source: 'CTA-2066 Stalled Time %' },
  { id: 'average_bitrate:cta2066', title: 'Average bitrate', definition: 'Bits played divided by media time played.', unit: 'kbit/s', better: 'higher', numerator: 's_bits_played', denominator: 's_media_ms', place: 'segment', loss: 'media', cap: 'bitrate_kbps', source: 'CTA-2066 Average Playback Bitrate' },
  { id: 'watched_time:cta2066', title: 'Watched time', definition: 'Start-up, playing, stalled and seeking time a session, mean.', unit: 'ms', better: 'higher', numerator: 'watched_ms', denominator: '1', distribution: true, loss: 'count', source: 'CTA-2066 watchedTime' },
] satisfies Draft[]).map(metric)
