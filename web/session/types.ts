/** The answer of `/v1/qoe/sessions/{id}`, as far as the page reads it. Times are ms, event times as `event_time_ms`. */
export interface Heard {
  readonly event_time_ms: number
}
export interface TelemetryRow extends Heard {
  readonly instance: number
  readonly segment: number
  readonly seq: number
  /** CMCD v2 tokens. */
  readonly event: string
  readonly state: string
  readonly oca: string
  readonly title_id: string
  readonly profile_id: string
  readonly country: string
  readonly device: string
  readonly app_version: string
  readonly player: string
  readonly asn: number
  readonly session_start: number
  readonly segment_start: number
  readonly startup_ms: number | null
  readonly bitrate_kbps: number | null
  readonly buffer_ms: number | null
  readonly throughput_kbps: number | null
  readonly playhead_ms: number | null
  readonly stall_connection_ms: number
  readonly stall_decoder_ms: number
  readonly stall_ad_ms: number
  readonly error_code: string
  readonly error_kind: string
  readonly end_reason: string
}
export interface DecisionRow extends Heard {
  readonly service: string
  readonly outcome: string
  readonly outcome_code: string
  readonly ocas: readonly string[]
  readonly reasons: readonly string[]
}
export interface RequestRow extends Heard {
  readonly oca: string
  readonly path: string
  readonly status: number
  readonly bytes: number
  readonly ttfb_us: number | null
  readonly duration_us: number | null
  readonly cache: string
  readonly miss_class: string
  readonly source: string
}
export interface ActionRow extends Heard {
  readonly action: string
  readonly title_id: string
  readonly page: string
  readonly row: string
  readonly playhead_ms: number | null
}
export interface Tracks {
  readonly records: readonly TelemetryRow[]
  readonly decisions: readonly DecisionRow[]
  readonly requests: readonly RequestRow[]
  readonly actions: readonly ActionRow[]
}
/** The metrics' view of one player start. */
export interface ReducedSession {
  readonly instance: number
  readonly dimensions: Readonly<Record<string, string>>
  /** 0 and 1 for no and yes, -1 for unknown; times in ms. */
  readonly numbers: Readonly<Record<string, number>>
  readonly status: string
  readonly end_reason: string
  readonly parts: readonly {
    readonly segment: number
    readonly oca: string
    readonly pathway: string
    readonly asn: number
    readonly app_version: string
    readonly counters: Readonly<Record<string, number>>
    readonly hidden_ms: number
  }[]
}
export interface SessionAnswer {
  readonly clock: string
  readonly session_id: string
  readonly watermark: number | null
  readonly sessions: readonly ReducedSession[]
  readonly tracks: Tracks
}
