import { metric, type Draft, type Metric } from './metric.ts'

const OWN = 'playloop'
const startup = (part: string, title: string, definition: string): Draft => ({
  id: `startup_${part}:playloop`, title, definition, unit: 'ms', better: 'lower', numerator: `startup_${part}_ms`, denominator: '1',
  place: 'frame', where: `play AND startup_${part}_ms >= 0`, distribution: true, loss: 'none', source: `${OWN}; parts as Bitmovin's and Conviva's`,
})
const perSession = (name: string, title: string, definition: string, better: Metric['better'] = 'lower'): Draft => ({
  id: `${name}:playloop`, title, definition, unit: 'count', better, numerator: name, denominator: '1', distribution: true, loss: 'count', source: OWN,
})

/**
 * Linear QoE: quality less stalls less switches, each in kbit/s of a ms played. mu = 4.3 Mbit/s a second stalled (Pensieve,
 * QoE_lin). A switch costs a second of 1 Mbit/s: telemetry counts switches, not their sizes.
 */
const LINEAR = 's_bits_played - 4300 * s_stall_ms - 1000 * 1000 * (s_switches_up + s_switches_down)'

/** What no other system names, and what several have without a formula of their own. */
export const PLAYLOOP_METRICS: readonly Metric[] = ([
  { id: 'attempts:playloop', title: 'Attempts', definition: 'Playback requests: a restart under one session id is another.', unit: 'count', better: 'unknown', numerator: '1', denominator: '0', place: 'first', loss: 'none', cmcd: true, source: 'CTA-2066 playbackRequest' },
  { id: 'plays:playloop', title: 'Plays', definition: 'Sessions that showed a frame.', unit: 'count', better: 'higher', numerator: '1', denominator: '0', place: 'frame', where: 'play', loss: 'none', cmcd: true, source: 'Conviva, plays (at least one frame)' },
  { id: 'play_rate:playloop', title: 'Play rate', definition: 'Sessions that showed a frame, of all sessions.', unit: 'ratio', better: 'higher', numerator: 'play', denominator: '1', loss: 'outcome', cmcd: true, source: OWN },
  startup('page', 'Start-up: page', 'Loading of the page or screen, before the request.'),
  startup('player', 'Start-up: player', "The player's own start."),
  startup('drm', 'Start-up: DRM', 'The licence.'),
  startup('ad', 'Start-up: advertisement', 'The preroll, where there was one.'),
  startup('content', 'Start-up: content', 'What is left of the start-up: manifest and first media.'),
  { id: 'stall_decoder_ratio:playloop', title: 'Stalled by the device', definition: 'Time in which the device could not decode, divided by watched time.', unit: 'ratio', better: 'lower', numerator: 's_stall_decoder_ms', denominator: 's_watched_ms', place: 'segment', loss: 'time', source: OWN },
  { id: 'completion:playloop', title: 'Completion', definition: 'Union of the stretches watched divided by the length of the title: what is watched twice counts once.', unit: 'ratio', better: 'higher', numerator: 'least(unique_ms, title_duration_ms)', denominator: 'title_duration_ms', where: 'play AND title_duration_ms > 0', time: 'end', loss: 'count', source: 'Bitmovin, union of watched intervals' },
  { id: 'finish_rate:playloop', title: 'Finished', definition: 'Ended plays that reached the end, of ended plays.', unit: 'ratio', better: 'higher', numerator: 'finished', denominator: '1', where: 'closed AND play', time: 'end', loss: 'outcome', source: OWN },
  { id: 'vmaf:time_weighted', title: 'VMAF', definition: 'VMAF weighted by the media time it is known of.', unit: 'VMAF', better: 'higher', numerator: 's_vmaf_centi_ms', denominator: 's_vmaf_known_ms', scale: 0.01, place: 'segment', loss: 'media', cap: '10000', source: 'Netflix, VMAF in A/B tests' },
  { id: 'linear_qoe:playloop', title: 'Linear QoE', definition: 'Mean bitrate less 4,300 kbit/s a second stalled for every second played, less 1,000 kbit of each switch.', unit: 'kbit/s', better: 'higher', numerator: LINEAR, denominator: 's_media_ms', place: 'segment', loss: 'net', cap: 'bitrate_kbps', source: 'Pensieve, QoE_lin (q - mu x stall - lambda x |dq|)' },
  { id: 'switches_down:playloop', title: 'Switches down', definition: 'Changes to a lower bitrate a minute of media.', unit: '1/min', better: 'lower', numerator: 's_switches_down', denominator: 's_media_ms', scale: 60_000, place: 'segment', loss: 'rate', source: OWN },
  { id: 'switches_up:playloop', title: 'Switches up', definition: 'Changes to a higher bitrate a minute of media.', unit: '1/min', better: 'unknown', numerator: 's_switches_up', denominator: 's_media_ms', scale: 60_000, place: 'segment', loss: 'rate', source: OWN },
  { id: 'dropped_frames:playloop', title: 'Dropped frames', definition: 'Frames dropped of those dropped or rendered.', unit: 'ratio', better: 'lower', numerator: 's_frames_dropped', denominator: 's_frames_dropped + s_frames_rendered', place: 'segment', loss: 'rate', source: OWN },
  { id: 'live_latency_max:playloop', title: 'Greatest live latency', definition: 'Greatest live latency of a session, mean of live sessions.', unit: 'ms', better: 'lower', numerator: 'live_latency_ms', denominator: '1', where: 'live_latency_ms >= 0', distribution: true, loss: 'count', source: 'CMCD ltc' },
  { id: 'live_latency_min:playloop', title: 'Least live latency', definition: 'Least live latency of a session, mean of live sessions.', unit: 'ms', better: 'lower', numerator: 'live_latency_least', denominator: '1', where: 'live_latency_least >= 0', distribution: true, loss: 'none', source: 'CMCD ltc' },
  perSession('seek_count', 'Seeks a session', 'Seeks of all sessions.', 'unknown'),
  perSession('pause_count', 'Pauses a session', 'Pauses of all sessions.', 'unknown'),
  perSession('errors_technical', 'Technical errors a session', 'Technical errors, fatal or not, of all sessions.'),
  perSession('errors_business', 'Business errors a session', 'Business errors, fatal or not, of all sessions.'),
  { id: 'request_failures:playloop', title: 'Failed requests', definition: 'Media requests that failed or timed out, of those made.', unit: 'ratio', better: 'lower', numerator: 's_requests_failed', denominator: 's_requests', place: 'segment', loss: 'rate', source: OWN },
  { id: 'completeness:playloop', title: 'Telemetry completeness', definition: 'Records that landed, of the sequence numbers up to the greatest heard.', unit: 'ratio', better: 'higher', numerator: 'least(records, expected)', denominator: 'expected', loss: 'count', source: 'CMCD sn' },
  { id: 'ad_share:playloop', title: 'Share of advertisements', definition: 'Time advertisements played divided by watched time.', unit: 'ratio', better: 'unknown', numerator: 's_ad_playing_ms', denominator: 's_watched_ms', place: 'segment', loss: 'time', source: OWN },
  { id: 'ad_errors:playloop', title: 'Advertisement errors', definition: 'Advertisement errors of advertisements started or not loaded.', unit: 'ratio', better: 'lower', numerator: 's_ad_errors', denominator: 's_ad_count + s_ad_errors', place: 'segment', loss: 'rate', source: OWN },
  { id: 'ad_rebuffer_ratio:playloop', title: 'Rebuffer ratio of advertisements', definition: 'Stalls around or in advertisements divided by their playing and stalled time.', unit: 'ratio', better: 'lower', numerator: 's_stall_ad_ms', denominator: 's_ad_playing_ms + s_stall_ad_ms', place: 'segment', loss: 'time', source: OWN },
  { id: 'ad_count:playloop', title: 'Advertisements a session', definition: 'Advertisements started of all sessions.', unit: 'count', better: 'unknown', numerator: 'ad_count', denominator: '1', distribution: true, loss: 'count', source: OWN },
] satisfies Draft[]).map(metric)
