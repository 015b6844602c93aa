/**
 * CMCD v2 player states: s starting, p playing, k seeking, r rebuffering, a paused, w waiting, e ended, f fatal, q
 * quit.
 */
export type Phase = 's' | 'p' | 'k' | 'r' | 'a' | 'e' | 'f' | 'q'

/**
 * Dimensions that may change within an instance; a change ends the segment. Names:
 * schemas/avro/playback.telemetry.avsc.
 */
export interface Dimensions {
  readonly oca: string
  readonly pathway: string
  readonly asn: number
  readonly app_version: string
}

/** Current values that only the host's player knows; null if unreported. */
export interface Gauges {
  readonly bitrate_kbps: number | null
  readonly rendition: string
  readonly throughput_kbps: number | null
}

/**
 * The element's state in one look. Times: `at` ms since the epoch, never decreasing; positions in ms of media.
 * Integers.
 */
export interface Sight {
  readonly at: number
  readonly position: number
  readonly paused: boolean
  readonly seeking: boolean
  readonly ended: boolean
  /** Playback rate x 1000. */
  readonly rate: number
  readonly width: number
  readonly height: number
  readonly playerWidth: number
  readonly playerHeight: number
  /** Frames since the source was loaded (shown and dropped), and the dropped ones. */
  readonly frames: number
  readonly dropped: number
  /** Buffered ms ahead of the position; null if unknown. */
  readonly buffer: number | null
  /** Ms; null if unknown or endless. */
  readonly duration: number | null
}

export interface Failure {
  readonly code: string
  readonly kind: 'technical' | 'business'
  /** Whether the error ended the playback (CTA-2066 playbackFail). */
  readonly fatal: boolean
}

/** Input of the reducer: media events by name where they matter, all others as a `look`. */
export type Action =
  | { readonly type: 'look' | 'play' | 'playing' | 'pause' | 'seeking' | 'beat' | 'leave' }
  | { readonly type: 'error'; readonly failure: Failure }
  | {
      readonly type: 'update'
      readonly dimensions?: Partial<Dimensions>
      readonly gauges?: Partial<Gauges>
      readonly loaded?: Partial<Loaded>
    }

/** Increments of the host's loader counters. */
export interface Loaded {
  readonly bytes_loaded: number
  readonly requests: number
  readonly requests_failed: number
}

/** A record of playback.telemetry without its id and without the fields that are equal in the whole session. */
export type Facts = Readonly<Record<string, string | number | null>>

/** `final`: the last record of a segment. */
export interface Out {
  readonly facts: Facts
  readonly final: boolean
}
