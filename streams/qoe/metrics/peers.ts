import { metric, type Draft, type Metric } from './metric.ts'

const RATIO = { unit: 'ratio', better: 'lower' } as const
const MEDIA3 = 'androidx/media PlaybackStats'
const PUFFER = 'Puffer (Stanford), published analysis'
const CONVIVA = 'Conviva metric dictionary'

/** Puffer leaves out streams that played nothing and those whose decoder was too slow (over 0.15 s of stall with data there). */
const PUFFER_VALID = 'playing_ms > 0 AND stall_decoder_ms <= 150'
/** Media3's wait: joining, rebuffering, seeking. */
const PLAY_AND_WAIT = 's_playing_ms + s_starting_ms + s_stall_ms + s_seeking_ms'
const ENDED_PLAY = 'closed AND play'

/** The same questions as other systems ask them; their denominators differ, so their names do. */
export const PEER_METRICS: readonly Metric[] = ([
  { ...RATIO, id: 'rebuffer_ratio:media3', title: 'Rebuffer ratio', definition: 'Rebuffering divided by play and wait time (join, rebuffer, seek).', numerator: 's_stall_ms', denominator: PLAY_AND_WAIT, place: 'segment', loss: 'time', source: `${MEDIA3}.getRebufferTimeRatio` },
  { ...RATIO, id: 'join_ratio:media3', title: 'Join ratio', definition: 'Joining divided by play and wait time.', numerator: 's_starting_ms', denominator: PLAY_AND_WAIT, place: 'segment', loss: 'time', source: `${MEDIA3}.getJoinTimeRatio` },
  { ...RATIO, id: 'seek_ratio:media3', title: 'Seek ratio', definition: 'Seeking divided by play and wait time.', numerator: 's_seeking_ms', denominator: PLAY_AND_WAIT, place: 'segment', loss: 'time', source: `${MEDIA3}.getSeekTimeRatio` },
  { ...RATIO, id: 'wait_ratio:media3', title: 'Wait ratio', definition: 'Joining, rebuffering and seeking divided by play and wait time: the sum of the three ratios.', numerator: 's_starting_ms + s_stall_ms + s_seeking_ms', denominator: PLAY_AND_WAIT, place: 'segment', loss: 'time', source: `${MEDIA3}.getWaitTimeRatio` },
  { ...RATIO, id: 'rebuffer_ratio:newrelic', title: 'Rebuffer ratio', definition: 'Rebuffering divided by play time.', numerator: 's_stall_ms', denominator: 's_playing_ms', place: 'segment', loss: 'rate', source: 'New Relic video agents' },
  { ...RATIO, id: 'rebuffer_ratio:puffer', title: 'Stall ratio', definition: 'Stalls after start-up divided by watch time after start-up, of valid streams: some play, no slow decoder. Puffer also cuts a stream at a stall of 20 s; sums over a session cannot.', numerator: 'stall_ms', denominator: 'watched_ms - starting_ms', where: PUFFER_VALID, loss: 'time', source: PUFFER },
  { id: 'startup:puffer', title: 'Start-up delay', definition: 'Request to first frame, mean of valid streams.', unit: 'ms', better: 'lower', numerator: 'startup_ms', denominator: '1', place: 'frame', where: `play AND ${PUFFER_VALID}`, distribution: true, loss: 'none', source: PUFFER },
  { ...RATIO, id: 'ebvs_rate:conviva', title: 'Exits before video start', definition: 'Attempts that are over without a first frame and without a failure, of all attempts.', numerator: 'ebvs', denominator: '1', loss: 'outcome', source: CONVIVA },
  { ...RATIO, id: 'vsf_technical_rate:conviva', title: 'Video start failures, technical', definition: 'Attempts that failed before the first frame by a technical error or by 60 s of start-up, of all attempts.', numerator: 'vsf_technical', denominator: '1', loss: 'outcome', source: CONVIVA },
  { ...RATIO, id: 'vsf_business_rate:conviva', title: 'Video start failures, business', definition: 'Attempts that failed before the first frame by a business error, of all attempts.', numerator: 'vsf_business', denominator: '1', loss: 'outcome', source: CONVIVA },
  { ...RATIO, id: 'vsf_timeout_rate:bitmovin', title: 'Start time-outs', definition: 'Attempts with 60 s of start-up, told or not, of all attempts; part of the technical failures.', numerator: 'vsf_timeout', denominator: '1', loss: 'outcome', source: 'Bitmovin analytics, TIMEOUT' },
  { ...RATIO, id: 'vpf_technical_rate:conviva', title: 'Video playback failures, technical', definition: 'Ended plays that a technical error ended, of ended plays.', numerator: 'vpf_technical', denominator: '1', time: 'end', where: ENDED_PLAY, loss: 'outcome', source: CONVIVA },
  { ...RATIO, id: 'vpf_business_rate:conviva', title: 'Video playback failures, business', definition: 'Ended plays that a business error ended, of ended plays.', numerator: 'vpf_business', denominator: '1', time: 'end', where: ENDED_PLAY, loss: 'outcome', source: CONVIVA },
  { ...RATIO, id: 'cirr:conviva', title: 'Connection-induced rebuffering ratio', definition: 'Stalls for want of data divided by playing and all stalled time; the published formula is not open, so this denominator is an assumption.', numerator: 's_stall_connection_ms', denominator: 's_playing_ms + s_stall_ms', place: 'segment', loss: 'time', source: CONVIVA },
  { ...RATIO, id: 'cir_exits:conviva', title: 'Exits in a stall', definition: 'Ended plays that were left while stalled, of ended plays.', numerator: 'exit_in_stall', denominator: '1', time: 'end', where: ENDED_PLAY, loss: 'outcome', source: CONVIVA },
  { ...RATIO, id: 'interrupted_plays:conviva', title: 'Interrupted plays', definition: 'Ended plays with a stall for want of data, of ended plays.', numerator: 'stall_connection_count > 0', denominator: '1', time: 'end', where: ENDED_PLAY, cmcd: true, loss: 'outcome', source: CONVIVA },
  { id: 'restart:conviva', title: 'Video restart time', definition: 'Time seeking a seek, until playback goes on.', unit: 'ms', better: 'lower', numerator: 's_seeking_ms', denominator: 's_seek_count', place: 'segment', loss: 'count', source: CONVIVA },
  { ...RATIO, id: 'paused_ratio:conviva', title: 'Paused ratio', definition: 'Paused divided by all time of the session.', better: 'unknown', numerator: 's_paused_ms', denominator: 's_wall_ms', place: 'segment', loss: 'time', source: CONVIVA },
  { id: 'starting_bitrate:conviva', title: 'Starting bitrate', definition: 'Bitrate of the first frame, mean of plays.', unit: 'kbit/s', better: 'higher', numerator: 'first_kbps', denominator: '1', place: 'frame', where: 'play AND first_kbps >= 0', distribution: true, loss: 'none', source: CONVIVA },
  { id: 'peak_bitrate:conviva', title: 'Average peak bitrate', definition: 'Greatest bitrate of a session, mean of plays.', unit: 'kbit/s', better: 'higher', numerator: 'bitrate_kbps', denominator: '1', where: 'play AND bitrate_kbps >= 0', distribution: true, loss: 'count', source: CONVIVA },
] satisfies Draft[]).map(metric)
