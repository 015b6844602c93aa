import type { State } from './state.ts'
import type { Facts, Sight } from './types.ts'

/** A record of the current state; counters that are 0 (the default) are omitted. */
export function factsOf(
  state: State,
  sight: Sight,
  event: string,
  reason: string,
  error?: { readonly code: string; readonly kind: string },
): Facts {
  const facts: Record<string, string | number | null> = {
    event_time: sight.at,
    instance: state.instance,
    segment: state.segment,
    seq: state.seq,
    session_start: state.instance,
    segment_start: state.segmentStart,
    event,
    state: state.phase,
    oca: state.oca,
    pathway: state.pathway,
    asn: state.asn,
    app_version: state.app_version,
    startup_ms: state.startup,
    bitrate_kbps: state.bitrate_kbps,
    rendition: state.rendition,
    throughput_kbps: state.throughput_kbps,
    video_height: sight.height === 0 ? null : sight.height,
    player_height: sight.playerHeight,
    playback_rate_permille: sight.rate,
    buffer_ms: sight.buffer,
    playhead_ms: sight.position,
    watched_from_ms: state.startup === null ? null : state.watchedFrom,
    title_duration_ms: sight.duration,
  }
  for (const [name, value] of Object.entries(state.counters)) if (value !== 0) facts[name] = value
  if (reason !== '') facts['end_reason'] = reason
  if (error !== undefined) [facts['error_code'], facts['error_kind']] = [error.code, error.kind]
  return facts
}
