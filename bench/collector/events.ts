/**
 * Events for the collector's benchmark, as a real player sends them. Their ids are written over before each sending.
 */
export type Sample = 'sparse' | 'full' | 'action'

/** Stands where the benchmark writes a fresh id: 12 hex digits at the end of a UUID. */
export const ID_PREFIX = '0197a3c0-7b1e-7cc3-98c4-'

export const TOPIC_OF: Readonly<Record<Sample, 'playback.telemetry' | 'viewer.actions'>> = {
  sparse: 'playback.telemetry',
  full: 'playback.telemetry',
  action: 'viewer.actions',
}

const START = 1_790_000_000_000
const id = (n: number): string => ID_PREFIX + n.toString(16).padStart(12, '0')

/** What hls.js on a television sends in mid-play: dimensions and what has happened; zeros and blanks are left out. */
const sparse = (n: number): object => ({
  event_id: id(n),
  clock: 'live',
  event_time: START + 60_000 + n,
  session_id: `b1f7c5de-7e54-4d36-8c9b-${String(n % 1_000).padStart(12, '0')}`,
  instance: START,
  segment: 0,
  seq: 6,
  session_start: START,
  segment_start: START + 10,
  event: 't',
  state: 'p',
  title_id: 'title-2045',
  profile_id: 'p-884211',
  household_id: 'h-301882',
  country: 'DE',
  region: 'DE-BY',
  asn: 3_320,
  device: 'tv',
  app_version: '7.14.2',
  player: 'hls.js/1.7.4',
  oca: 'oca-muc-0012',
  pathway: 'A',
  stream_type: 'v',
  stream_format: 'h',
  startup_ms: 812,
  startup_player_ms: 312,
  starting_ms: 812,
  playing_ms: 57_210,
  stall_connection_ms: 1_210,
  stall_connection_count: 1,
  media_ms: 57_210,
  bits_played: 286_050_000_000,
  switches_up: 2,
  frames_rendered: 1_371,
  bytes_loaded: 38_456_789,
  requests: 18,
  bitrate_kbps: 5_000,
  rendition: 'v5-1080p',
  video_height: 1_080,
  player_height: 1_080,
  buffer_ms: 24_310,
  throughput_kbps: 18_700,
  playhead_ms: 57_210,
  watched_from_ms: 0,
  title_duration_ms: 5_400_000,
})

/** The same with every field spelt out, as a careless client does. */
const full = (n: number): object => ({
  ...sparse(n),
  startup_page_ms: 120,
  startup_drm_ms: 88,
  startup_ad_ms: 0,
  stall_decoder_ms: 0,
  stall_ad_ms: 0,
  seeking_ms: 0,
  paused_ms: 0,
  waiting_ms: 0,
  stall_decoder_count: 0,
  stall_ad_count: 0,
  seek_count: 0,
  pause_count: 0,
  vmaf_centi_ms: 532_053_000,
  vmaf_known_ms: 57_210,
  upscale_permille_ms: 0,
  downscale_permille_ms: 0,
  upscale_max_permille: 0,
  downscale_max_permille: 0,
  switches_down: 0,
  frames_dropped: 0,
  requests_failed: 0,
  errors_technical: 0,
  errors_business: 0,
  errors_fatal: 0,
  ad_count: 0,
  ad_playing_ms: 0,
  ad_errors: 0,
  playback_rate_permille: 1_000,
  live_latency_ms: null,
  error_code: '',
  error_kind: '',
  end_reason: '',
})

/** An impression of a recommended title. */
const action = (n: number): object => ({
  event_id: id(n),
  clock: 'live',
  event_time: START + n,
  profile_id: `p-${n % 5_000}`,
  household_id: 'h-301882',
  action: 'impression',
  title_id: `title-${n % 3_201}`,
  page_id: '0197a3c0-7b1e-7cc3-98c4-aaaaaaaaaaaa',
  page: 'home',
  row: 'because:title-17',
  row_index: 3,
  position: n % 40,
  propensity: 0.0625,
  model_version: 'ease-2026-11-01',
  rule_version: 'r12',
  request_id: '0197a3c0-7b1e-7cc3-98c4-bbbbbbbbbbbb',
  country: 'DE',
  region: 'DE-BY',
  device: 'tv',
  app_version: '7.14.2',
  language: 'de',
})

export const eventOf = (sample: Sample, n: number): object => ({ sparse, full, action })[sample](n)
