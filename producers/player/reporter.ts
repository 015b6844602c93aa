/**
 * Turns the player's state into telemetry: sequence numbers, segments with counters from 0, and the final records of
 * earlier segments, which every later beacon repeats unchanged, so that the next beacon repairs a lost one.
 */
import { zeroCounters, type Counters, type Shown, type State } from './counters.ts'
import type { PlaybackTelemetryInput, TelemetryDraft } from './telemetry.ts'
import type { Beacon, EndReason, PlaySetup } from './types.ts'

/** The player's state that a record reports. */
export interface Moment {
  readonly state: State
  readonly shown: Shown | undefined
  readonly playhead: number
  readonly watchedFrom: number
  readonly bufferMs: number
  readonly throughputKbps: number
  readonly startupMs: number | undefined
  readonly startupAdMs: number
}

export interface ErrorNote {
  readonly code: string
  readonly kind: 'technical' | 'business'
}

interface Draft {
  /** In the device's clock. */
  readonly at: number
  readonly event: string
  readonly moment: Moment
  readonly error: ErrorNote | undefined
  readonly endReason: EndReason | undefined
}

export class Reporter {
  /** Counters of the open segment. */
  counters: Counters = zeroCounters()
  records = 0
  private readonly setup: PlaySetup
  private readonly instance: number
  private oca: string
  private pathway: string
  private asn: number
  private segment = 0
  private segmentStart: number
  private draft: Draft | undefined
  private outbox: PlaybackTelemetryInput[] = []
  private finals: PlaybackTelemetryInput[] = []
  private freshFinals = 0

  constructor(setup: PlaySetup) {
    this.setup = setup
    this.instance = setup.at + setup.clockOffsetMs
    this.segmentStart = this.instance
    this.oca = setup.ranked[0]!.oca
    this.pathway = setup.ranked[0]!.pathway
    this.asn = setup.dimensions.asn
  }

  get pending(): boolean {
    return this.draft !== undefined || this.outbox.length > 0
  }

  /** Queues a record; it is built when it is sent, so that queued records stay small. */
  record(at: number, event: string, moment: Moment, error?: ErrorNote, endReason?: EndReason): void {
    this.buildDraft()
    this.draft = { at: at + this.setup.clockOffsetMs, event, moment, error, endReason }
    this.records++
  }

  /** Ends the segment with its final record; the next one has other dimensions and counters from 0. */
  turn(at: number, moment: Moment, change: { oca?: string; pathway?: string; asn?: number }): void {
    this.record(at, 'pe', moment)
    this.finals.push(this.buildDraft()!)
    this.freshFinals++
    this.segment++
    this.segmentStart = at + this.setup.clockOffsetMs
    this.counters = zeroCounters()
    this.oca = change.oca ?? this.oca
    this.pathway = change.pathway ?? this.pathway
    this.asn = change.asn ?? this.asn
  }

  /** Everything to be sent now. */
  take(at: number): Beacon {
    this.buildDraft()
    const resent = this.finals.slice(0, this.finals.length - this.freshFinals)
    const records = resent.length === 0 ? this.outbox : [...this.outbox, ...resent]
    this.outbox = []
    this.freshFinals = 0
    return { at, records }
  }

  /** Counters must not have changed since the record was queued. */
  private buildDraft(): PlaybackTelemetryInput | undefined {
    if (this.draft === undefined) return undefined
    const record = this.build(this.draft)
    this.draft = undefined
    this.outbox.push(record)
    return record
  }

  private build({ at, event, moment, error, endReason }: Draft): PlaybackTelemetryInput {
    const { setup, counters: c } = this
    const { dimensions: d, title } = setup
    const record: TelemetryDraft = {
      event_id: setup.newId(at),
      clock: setup.clock,
      event_time: at,
      session_id: setup.sessionId,
      instance: this.instance,
      segment: this.segment,
      seq: this.records - 1,
      session_start: this.instance,
      segment_start: this.segmentStart,
      event,
      state: moment.state,
      title_id: title.id,
      profile_id: d.profile_id,
      household_id: d.household_id,
      country: d.country,
      region: d.region,
      asn: this.asn,
      device: d.device,
      app_version: d.app_version,
      player: setup.config.name,
      oca: this.oca,
      pathway: this.pathway,
      stream_type: 'v',
      stream_format: d.stream_format,
      title_duration_ms: title.durationMs,
      starting_ms: c.starting_ms,
      playing_ms: c.playing_ms,
      stall_connection_ms: c.stall_connection_ms,
      stall_connection_count: c.stall_connection_count,
      media_ms: c.media_ms,
      bits_played: c.bits_played,
      bytes_loaded: c.bytes_loaded,
      requests: c.requests,
      buffer_ms: moment.bufferMs,
      throughput_kbps: moment.throughputKbps,
      playhead_ms: moment.playhead,
      watched_from_ms: moment.watchedFrom,
    }
    if (moment.startupMs !== undefined) addPlayback(record, setup, moment, c)
    addRare(record, c)
    if (error !== undefined) [record.error_code, record.error_kind] = [error.code, error.kind]
    if (endReason !== undefined) record.end_reason = endReason
    return record
  }
}

/** Fields that only a playback with a first frame can report. */
function addPlayback(record: TelemetryDraft, setup: PlaySetup, moment: Moment, c: Counters): void {
  const { startup } = setup
  record.startup_ms = moment.startupMs ?? null
  record.startup_page_ms = startup.pageMs
  record.startup_player_ms = startup.playerMs
  record.startup_drm_ms = startup.drmMs
  if (moment.startupAdMs > 0) record.startup_ad_ms = moment.startupAdMs
  record.frames_rendered = c.frames_rendered
  if (moment.shown === undefined) return
  const { rendition } = moment.shown
  record.bitrate_kbps = rendition.kbps
  record.rendition = rendition.name
  record.video_height = rendition.height
  record.player_height = setup.display.height
  if (setup.viewer.ratePermille !== undefined) record.playback_rate_permille = setup.viewer.ratePermille
}

const RARE = [
  'stall_decoder_ms',
  'stall_ad_ms',
  'seeking_ms',
  'paused_ms',
  'waiting_ms',
  'stall_decoder_count',
  'stall_ad_count',
  'seek_count',
  'pause_count',
  'vmaf_centi_ms',
  'vmaf_known_ms',
  'upscale_permille_ms',
  'downscale_permille_ms',
  'upscale_max_permille',
  'downscale_max_permille',
  'switches_up',
  'switches_down',
  'frames_dropped',
  'requests_failed',
  'errors_technical',
  'errors_business',
  'errors_fatal',
  'ad_count',
  'ad_playing_ms',
  'ad_errors',
] as const satisfies readonly (keyof Counters)[]

/** Counters that mostly stay 0, their default: they are left out and cost neither bytes nor parsing. */
function addRare(record: TelemetryDraft, counters: Counters): void {
  for (const name of RARE) if (counters[name] !== 0) record[name] = counters[name]
}
