/**
 * CMCD v2 player states: s starting, p playing, k seeking, r rebuffering, a paused, w waiting, e ended, f fatal, q
 * quit.
 */
export type Phase = 's' | 'p' | 'k' | 'r' | 'a' | 'e' | 'f' | 'q'

/** What may change within an instance; a change ends the segment. Names: schemas/avro/playback.telemetry.avsc. */
export interface Dimensions {
  readonly oca: string
  readonly pathway: string
  readonly asn: number
  readonly app_version: string
}

/** What only the host's player knows of this moment; null where it said nothing. */
export interface Gauges {
  readonly bitrate_kbps: number | null
  readonly rendition: string
  readonly throughput_kbps: number | null
}

/**
 * The element as one look finds it. Times: `at` ms since the epoch, never going back; positions ms of media. Whole
 * numbers.
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
  /** Frames since the source was loaded, shown or not, and those not shown. */
  readonly frames: number
  readonly dropped: number
  /** Ms ahead of the position; null unknown. */
  readonly buffer: number | null
  /** Ms; null unknown or endless. */
  readonly duration: number | null
}

export interface Failure {
  readonly code: string
  readonly kind: 'technical' | 'business'
  /** It ended the playback (CTA-2066 playbackFail). */
  readonly fatal: boolean
}

/** What the reducer is told: media events come as they are, all others as a `look`. */
export type Action =
  | { readonly type: 'look' | 'play' | 'playing' | 'pause' | 'seeking' | 'beat' | 'leave' }
  | { readonly type: 'error'; readonly failure: Failure }
  | {
      readonly type: 'update'
      readonly dimensions?: Partial<Dimensions>
      readonly gauges?: Partial<Gauges>
      readonly loaded?: Partial<Loaded>
    }

/** Growth of what the host's loader counts. */
export interface Loaded {
  readonly bytes_loaded: number
  readonly requests: number
  readonly requests_failed: number
}

/** A record of playback.telemetry without what is the same in the whole session, and without its id. */
export type Facts = Readonly<Record<string, string | number | null>>

/** `final`: the last record of a segment that was left. */
export interface Out {
  readonly facts: Facts
  readonly final: boolean
}
