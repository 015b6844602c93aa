/**
 * The player model's contract: what a playback is given, what it gives back.
 *
 * Times are whole milliseconds. `at` is absolute, in the caller's clock; everything named `...Ms` is a length.
 * The model is pure: it draws no random numbers and reads no clock, so what goes wrong comes from its inputs alone.
 */
import type { PlaybackTelemetryInput } from './telemetry.ts'

export interface Rendition {
  readonly name: string
  /** Reported bitrate, video + audio, kbit/s. */
  readonly kbps: number
  readonly width: number
  readonly height: number
  /** VMAF x 100, where the encoder supplies it. */
  readonly vmafCenti?: number
}

export interface Title {
  readonly id: string
  readonly durationMs: number
  readonly segmentMs: number
  readonly fps: number
  /** Ascending by bitrate. */
  readonly ladder: readonly Rendition[]
  /** Size of a media segment, bytes. */
  readonly bytes: (rendition: number, segment: number) => number
}

/**
 * How one request ends. `status` 0 = no answer (refused, reset); `doneAt` Infinity = it hangs until the player gives
 * up.
 */
export interface Transfer {
  readonly status: number
  readonly firstByteAt: number
  readonly doneAt: number
}

/** The way from the player to an OCA; whole milliseconds out. */
export interface Network {
  request(oca: string, at: number, bytes: number): Transfer
}

export type AbrName = 'bba' | 'bola' | 'throughput'

export interface PlayerConfig {
  /** Player and version, as telemetry names it. */
  readonly name: string
  readonly abr: AbrName
  readonly bufferTargetMs: number
  /** Playback starts at this much buffer. */
  readonly startBufferMs: number
  /** Playback goes on after a stall or a seek at this much buffer. */
  readonly resumeBufferMs: number
  /** Throughput assumed before anything was measured, kbit/s. */
  readonly initialKbps: number
  readonly firstByteTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Repeats of a failed request at one OCA before the next OCA is tried. */
  readonly retries: number
  /** Wait before the first repeat; doubles with each. */
  readonly backoffMs: number
  /** Start-up longer than this is a failure. */
  readonly startTimeoutMs: number
  /** Least time of a seek, ms: decoders are flushed even when the target is buffered. */
  readonly seekDelayMs: number
  /** Interval of telemetry, ms. */
  readonly intervalMs: number
}

/** Happens at `atMs` after the playback request, or, when nothing plays then, as soon as it plays again. */
export type ViewerStep =
  | { readonly kind: 'pause'; readonly atMs: number; readonly forMs: number }
  /** The application holds playback: a prompt, a licence renewed. */
  | { readonly kind: 'wait'; readonly atMs: number; readonly forMs: number }
  | { readonly kind: 'seek'; readonly atMs: number; readonly toMs: number }

export interface Viewer {
  readonly startupPatienceMs: number
  /** The longest single stall or seek that is borne. */
  readonly stallPatienceMs: number
  readonly quitAtMs?: number
  /** Media time after which interest is lost, ms. */
  readonly leaveAfterMediaMs?: number
  readonly ratePermille?: number
  readonly script?: readonly ViewerStep[]
}

export interface Ad {
  readonly durationMs: number
  readonly kbps: number
  /** Stall in the middle of it, ms; 0 = none. */
  readonly stallMs: number
}

/** What goes wrong by itself, apart from the network. */
export interface Trouble {
  readonly decoder?: readonly { readonly atMediaMs: number; readonly forMs: number }[]
  readonly errors?: readonly PlantedError[]
}

export interface PlantedError {
  readonly atMs: number
  readonly code: string
  readonly kind: 'technical' | 'business'
  readonly fatal: boolean
}

/**
 * A change that is not the player's own: steering sends it elsewhere, the device changes network. Ends the telemetry
 * segment.
 */
export type Turn =
  | { readonly kind: 'steer'; readonly atMs: number; readonly rank: number }
  | { readonly kind: 'roam'; readonly atMs: number; readonly asn: number }

/** An OCA of the ranked list. */
export interface RankedOca {
  readonly oca: string
  readonly pathway: string
}

/** Constant while the instance lives. */
export interface Dimensions {
  readonly profile_id: string
  readonly household_id: string
  readonly country: string
  readonly region: string
  readonly asn: number
  readonly device: string
  readonly app_version: string
  readonly stream_format: string
}

export interface StartupParts {
  /** Before the playback request: the page or screen. */
  readonly pageMs: number
  readonly playerMs: number
  readonly drmMs: number
}

export interface PlaySetup {
  /** CTA-2066 playbackRequest, ms since the epoch in the caller's clock. */
  readonly at: number
  readonly sessionId: string
  /** Name of the clock, as telemetry tells it. */
  readonly clock: string
  /** The device's clock minus the caller's, ms. Every time in a record is told in the device's clock. */
  readonly clockOffsetMs: number
  readonly dimensions: Dimensions
  readonly title: Title
  /** Best first; a player that gives up on one goes to the next. At least one. */
  readonly ranked: readonly RankedOca[]
  readonly network: Network
  readonly config: PlayerConfig
  readonly viewer: Viewer
  readonly startup: StartupParts
  /** Media position to begin at (a film taken up again), ms. */
  readonly fromMs?: number
  readonly display: { readonly width: number; readonly height: number }
  readonly ad?: Ad
  readonly trouble?: Trouble
  readonly turns?: readonly Turn[]
  /** Frames lost per mille of those rendered, by rendition. */
  readonly dropPermille?: (rendition: number) => number
  /** Makes an event id (UUID text) for a time of the device. */
  readonly newId: (at: number) => string
  /** Told of every request when it ends: an OCA's view of the session. */
  readonly onRequest?: (line: RequestLine) => void
}

export interface RequestLine {
  readonly oca: string
  readonly pathway: string
  readonly kind: 'manifest' | 'ad' | 'media'
  readonly rendition: number
  readonly segment: number
  readonly bytes: number
  readonly status: number
  readonly at: number
  readonly firstByteAt: number
  readonly endedAt: number
}

/** What leaves the player at once: new records, then the finals of all earlier segments, unchanged. */
export interface Beacon {
  /** In the caller's clock. */
  readonly at: number
  readonly records: readonly PlaybackTelemetryInput[]
}

export type EndReason = 'finished' | 'quit' | 'failed' | 'start_timeout'

/** What truly happened in one instance: whole ms, bits, bytes; counted from transitions, never from records. */
export interface SessionTotals {
  readonly wallMs: number
  /** Null when no frame was shown. */
  readonly startupMs: number | null
  readonly startingMs: number
  readonly playingMs: number
  readonly stallConnectionMs: number
  readonly stallDecoderMs: number
  readonly stallAdMs: number
  readonly seekingMs: number
  readonly pausedMs: number
  readonly waitingMs: number
  readonly stallConnectionCount: number
  readonly stallDecoderCount: number
  readonly stallAdCount: number
  readonly seekCount: number
  readonly pauseCount: number
  /** CTA-2066 watchedTime: start-up, play, stalls and seeks; pauses and waits do not count. */
  readonly watchedTimeMs: number
  readonly mediaMs: number
  /** Length of the union of watched stretches of media. */
  readonly uniqueMediaMs: number
  readonly bitsPlayed: number
  readonly vmafCentiMs: number
  readonly upscalePermilleMs: number
  readonly downscalePermilleMs: number
  readonly switchesUp: number
  readonly switchesDown: number
  readonly framesRendered: number
  readonly framesDropped: number
  readonly bytesLoaded: number
  readonly requests: number
  readonly requestsFailed: number
  readonly errorsTechnical: number
  readonly errorsBusiness: number
  readonly errorsFatal: number
  readonly adCount: number
  readonly adPlayingMs: number
  readonly adErrors: number
  readonly segments: number
  /** Records made; resends are not counted. */
  readonly records: number
  readonly endReason: EndReason
}
