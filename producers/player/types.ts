/**
 * The player model's contract: inputs and outputs of a playback.
 *
 * Times are whole milliseconds. `at` is absolute, on the caller's clock; everything named `...Ms` is a duration. The
 * model is pure: it draws no random numbers and reads no clock, so every failure comes from its inputs.
 */
import type { PlaybackTelemetryInput } from './telemetry.ts'

export interface Rendition {
  readonly name: string
  /** Reported bitrate, video + audio, kbit/s. */
  readonly kbps: number
  readonly width: number
  readonly height: number
  /** VMAF x 100, if the encoder supplies it. */
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
 * The result of one request. `status` 0 means no answer (refused, reset); `doneAt` Infinity means that it hangs until
 * the player gives up.
 */
export interface Transfer {
  readonly status: number
  readonly firstByteAt: number
  readonly doneAt: number
}

/** The network between the player and an OCA; returns whole milliseconds. */
export interface Network {
  request(oca: string, at: number, bytes: number): Transfer
}

export type AbrName = 'bba' | 'bola' | 'throughput'

export interface PlayerConfig {
  /** Player and version, as reported in telemetry. */
  readonly name: string
  readonly abr: AbrName
  readonly bufferTargetMs: number
  /** Buffer at which playback starts. */
  readonly startBufferMs: number
  /** Buffer at which playback resumes after a stall or a seek. */
  readonly resumeBufferMs: number
  /** Throughput assumed before the first measurement, kbit/s. */
  readonly initialKbps: number
  readonly firstByteTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Retries of a failed request at one OCA before the next OCA is tried. */
  readonly retries: number
  /** Wait before the first retry; doubles with each. */
  readonly backoffMs: number
  /** Start-up longer than this is a failure. */
  readonly startTimeoutMs: number
  /** Minimum time of a seek, ms: decoders are flushed even if the target is buffered. */
  readonly seekDelayMs: number
  /** Interval of telemetry, ms. */
  readonly intervalMs: number
}

/** Happens at `atMs` after the playback request or, if nothing is playing then, as soon as it plays again. */
export type ViewerStep =
  | { readonly kind: 'pause'; readonly atMs: number; readonly forMs: number }
  /** The application pauses playback: a prompt, a licence renewal. */
  | { readonly kind: 'wait'; readonly atMs: number; readonly forMs: number }
  | { readonly kind: 'seek'; readonly atMs: number; readonly toMs: number }

export interface Viewer {
  readonly startupPatienceMs: number
  /** The longest single stall or seek that the viewer tolerates. */
  readonly stallPatienceMs: number
  readonly quitAtMs?: number
  /** Media time after which the viewer loses interest, ms. */
  readonly leaveAfterMediaMs?: number
  readonly ratePermille?: number
  readonly script?: readonly ViewerStep[]
}

export interface Ad {
  readonly durationMs: number
  readonly kbps: number
  /** Stall in the middle of it, ms; 0 means none. */
  readonly stallMs: number
}

/** Failures that do not come from the network. */
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
 * A change from outside the player: steering moves it to another OCA, or the device changes network. Ends the telemetry
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

/** Constant for the lifetime of the instance. */
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
  /** Time on the page or screen before the playback request. */
  readonly pageMs: number
  readonly playerMs: number
  readonly drmMs: number
}

export interface PlaySetup {
  /** CTA-2066 playbackRequest, ms since the epoch in the caller's clock. */
  readonly at: number
  readonly sessionId: string
  /** Name of the clock, as reported in telemetry. */
  readonly clock: string
  /** The device's clock minus the caller's, ms. Every time in a record is on the device's clock. */
  readonly clockOffsetMs: number
  readonly dimensions: Dimensions
  readonly title: Title
  /** Best first; a player that gives up on one moves to the next. At least one. */
  readonly ranked: readonly RankedOca[]
  readonly network: Network
  readonly config: PlayerConfig
  readonly viewer: Viewer
  readonly startup: StartupParts
  /** Media position to start at (a resumed film), ms. */
  readonly fromMs?: number
  readonly display: { readonly width: number; readonly height: number }
  readonly ad?: Ad
  readonly trouble?: Trouble
  readonly turns?: readonly Turn[]
  /** Frames dropped per mille of those rendered, by rendition. */
  readonly dropPermille?: (rendition: number) => number
  /** Generates an event id (UUID text) for a time of the device. */
  readonly newId: (at: number) => string
  /** Called with every request when it ends: an OCA's view of the session. */
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

/** The records that a player sends together: new ones, then the final records of all earlier segments, unchanged. */
export interface Beacon {
  /** On the caller's clock. */
  readonly at: number
  readonly records: readonly PlaybackTelemetryInput[]
}

export type EndReason = 'finished' | 'quit' | 'failed' | 'start_timeout'

/** Ground truth of one instance: whole ms, bits, bytes; counted from transitions, never from records. */
export interface SessionTotals {
  readonly wallMs: number
  /** Null if no frame was shown. */
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
  /** Length of the union of watched ranges of media. */
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
  /** Number of records produced; resends are not counted. */
  readonly records: number
  readonly endReason: EndReason
}
