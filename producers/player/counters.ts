/** The absolute counters of one telemetry segment, with the schema's names; all are whole units. */
import type { Rendition } from './types.ts'

export interface Counters {
  starting_ms: number
  playing_ms: number
  stall_connection_ms: number
  stall_decoder_ms: number
  stall_ad_ms: number
  seeking_ms: number
  paused_ms: number
  waiting_ms: number
  stall_connection_count: number
  stall_decoder_count: number
  stall_ad_count: number
  seek_count: number
  pause_count: number
  media_ms: number
  bits_played: number
  vmaf_centi_ms: number
  vmaf_known_ms: number
  upscale_permille_ms: number
  downscale_permille_ms: number
  upscale_max_permille: number
  downscale_max_permille: number
  switches_up: number
  switches_down: number
  frames_dropped: number
  frames_rendered: number
  bytes_loaded: number
  requests: number
  requests_failed: number
  errors_technical: number
  errors_business: number
  errors_fatal: number
  ad_count: number
  ad_playing_ms: number
  ad_errors: number
}

export const zeroCounters = (): Counters => ({
  starting_ms: 0,
  playing_ms: 0,
  stall_connection_ms: 0,
  stall_decoder_ms: 0,
  stall_ad_ms: 0,
  seeking_ms: 0,
  paused_ms: 0,
  waiting_ms: 0,
  stall_connection_count: 0,
  stall_decoder_count: 0,
  stall_ad_count: 0,
  seek_count: 0,
  pause_count: 0,
  media_ms: 0,
  bits_played: 0,
  vmaf_centi_ms: 0,
  vmaf_known_ms: 0,
  upscale_permille_ms: 0,
  downscale_permille_ms: 0,
  upscale_max_permille: 0,
  downscale_max_permille: 0,
  switches_up: 0,
  switches_down: 0,
  frames_dropped: 0,
  frames_rendered: 0,
  bytes_loaded: 0,
  requests: 0,
  requests_failed: 0,
  errors_technical: 0,
  errors_business: 0,
  errors_fatal: 0,
  ad_count: 0,
  ad_playing_ms: 0,
  ad_errors: 0,
})

/** CMCD v2 player states that have a duration; the three terminal ones take no time. */
export type State = 's' | 'p' | 'k' | 'r' | 'a' | 'w' | 'e' | 'f' | 'q'
export type StallCause = 'connection' | 'decoder' | 'ad'

/** Adds `ms` of wall time in a state. */
export function addTime(counters: Counters, state: State, cause: StallCause, ms: number): void {
  switch (state) {
    case 's':
      counters.starting_ms += ms
      return
    case 'p':
      counters.playing_ms += ms
      return
    case 'k':
      counters.seeking_ms += ms
      return
    case 'a':
      counters.paused_ms += ms
      return
    case 'w':
      counters.waiting_ms += ms
      return
    case 'r':
      if (cause === 'connection') counters.stall_connection_ms += ms
      else if (cause === 'decoder') counters.stall_decoder_ms += ms
      else counters.stall_ad_ms += ms
      return
    case 'e':
    case 'f':
    case 'q':
  }
}

/** What a millisecond of a rendition adds to the counters on this display, computed once. */
export interface Shown {
  readonly rendition: Rendition
  readonly upPermille: number
  readonly downPermille: number
  readonly dropPermille: number
}

/** Scaling s = min(playerW/srcW, playerH/srcH), up = max(0, s-1), down = max(0, 1-s), per mille (Mux). */
export function shownOn(
  display: { readonly width: number; readonly height: number },
  rendition: Rendition,
  dropPermille: number,
): Shown {
  const scale = Math.min(display.width / rendition.width, display.height / rendition.height)
  const permille = Math.round(1000 * scale)
  return {
    rendition,
    upPermille: Math.max(0, permille - 1000),
    downPermille: Math.max(0, 1000 - permille),
    dropPermille,
  }
}

/** Frames are fractions of milliseconds: the remainder is carried over, so that sums over segments are exact. */
export interface FrameCarry {
  rendered: number
  dropped: number
}

/** Adds `ms` of media played in a rendition. */
export function addMedia(counters: Counters, shown: Shown, ms: number, fps: number, carry: FrameCarry): void {
  counters.media_ms += ms
  counters.bits_played += ms * shown.rendition.kbps
  if (shown.rendition.vmafCenti !== undefined) {
    counters.vmaf_centi_ms += ms * shown.rendition.vmafCenti
    counters.vmaf_known_ms += ms
  }
  counters.upscale_permille_ms += ms * shown.upPermille
  counters.downscale_permille_ms += ms * shown.downPermille
  if (ms > 0) {
    counters.upscale_max_permille = Math.max(counters.upscale_max_permille, shown.upPermille)
    counters.downscale_max_permille = Math.max(counters.downscale_max_permille, shown.downPermille)
  }
  carry.rendered += ms * fps
  carry.dropped += ms * fps * shown.dropPermille
  counters.frames_rendered += Math.floor(carry.rendered / 1000)
  counters.frames_dropped += Math.floor(carry.dropped / 1e6)
  carry.rendered %= 1000
  carry.dropped %= 1e6
}
