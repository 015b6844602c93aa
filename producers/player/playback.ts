/**
 * State and time of a playback: how every event of the player changes clocks, counters, the ledger and telemetry.
 * `player.ts` defines the events.
 */
import { addTime, type StallCause, type State } from './counters.ts'
import { Ledger } from './ledger.ts'
import { Loader } from './loader.ts'
import { Preroll } from './preroll.ts'
import { Reporter, type ErrorNote, type Moment } from './reporter.ts'
import { Screen } from './screen.ts'
import type { Timers } from './timers.ts'
import type { EndReason, PlaySetup, SessionTotals } from './types.ts'

export abstract class Playback {
  protected readonly setup: PlaySetup
  protected readonly loader: Loader
  protected readonly reporter: Reporter
  protected readonly ledger: Ledger
  protected readonly screen: Screen
  protected readonly preroll: Preroll
  protected readonly timers: Timers
  protected now: number
  protected state: State = 's'
  protected cause: StallCause = 'connection'
  protected startupMs: number | undefined
  /** Next position at which an event of the playhead occurs, while playing. */
  protected limit = 0
  protected hiccup = 0
  protected step = 0
  protected result: SessionTotals | undefined

  constructor(setup: PlaySetup) {
    const { at, startup, config, viewer } = setup
    this.setup = setup
    this.now = at
    this.loader = new Loader(setup)
    this.reporter = new Reporter(setup)
    this.ledger = new Ledger(at, setup.title.fps)
    this.screen = new Screen(setup)
    this.preroll = new Preroll(setup.ad)
    this.timers = {
      boot: at + startup.playerMs + startup.drmMs,
      loader: Infinity,
      resume: Infinity,
      adEnd: Infinity,
      media: Infinity,
      turn: at + (setup.turns?.[0]?.atMs ?? Infinity),
      error: at + (setup.trouble?.errors?.[0]?.atMs ?? Infinity),
      script: Infinity,
      patience: at + Math.min(viewer.startupPatienceMs, config.startTimeoutMs),
      quit: at + (viewer.quitAtMs ?? Infinity),
      tick: at + config.intervalMs,
    }
    if (setup.fromMs !== undefined) this.jump(setup.fromMs)
    this.report('ps')
  }

  /** Moves the playhead; media buffered beyond it is kept. */
  protected jump(to: number): void {
    this.ledger.jump(this.screen.playhead, to)
    if (to < this.screen.playhead || to >= this.loader.loadedTo) this.loader.flush(to)
    this.screen.jump(to)
  }

  // --- time ---

  /** Advances time to `at` in the current state. */
  protected pass(at: number): void {
    const ms = at - this.now
    if (ms <= 0) return
    addTime(this.reporter.counters, this.state, this.cause, ms)
    if (this.preroll.running && this.state === 's') this.reporter.counters.ad_playing_ms += ms
    if (this.state === 'p') this.screen.play(ms, this.limit, this.reporter.counters)
    this.now = at
  }

  /** The next position at which an event of the playhead occurs. */
  protected mediaLimit(): number {
    const { loader, screen, setup } = this
    let limit = loader.loadedTo
    if (loader.changes.length > 0) limit = Math.min(limit, loader.changes[0]!)
    const { leaveAfterMediaMs } = setup.viewer
    if (leaveAfterMediaMs !== undefined) limit = Math.min(limit, screen.playhead + leaveAfterMediaMs - screen.played)
    const hiccup = setup.trouble?.decoder?.[this.hiccup]
    return hiccup === undefined ? limit : Math.min(limit, hiccup.atMediaMs)
  }

  // --- states ---

  protected enter(state: State, cause: StallCause = 'connection'): void {
    this.ledger.enter(state, cause, this.now)
    this.state = state
    this.cause = cause
    this.timers.patience = this.patience()
    this.timers.script = this.scriptAt()
    this.schedule()
  }

  protected patience(): number {
    const { viewer, config } = this.setup
    if (this.state === 'r' || this.state === 'k') return this.now + viewer.stallPatienceMs
    if (this.state !== 's' || this.preroll.running) return Infinity
    // Viewers expect advertisements: their time does not count against the start.
    return this.setup.at + this.preroll.tookMs + Math.min(viewer.startupPatienceMs, config.startTimeoutMs)
  }

  protected stall(cause: StallCause): void {
    const { counters } = this.reporter
    if (cause === 'connection') counters.stall_connection_count++
    else if (cause === 'decoder') counters.stall_decoder_count++
    else counters.stall_ad_count++
    this.enter('r', cause)
    this.report('ps')
  }

  protected get buffer(): number {
    return this.loader.loadedTo - this.screen.playhead
  }

  /** Shows the rendition at the playhead. */
  protected show(): void {
    const { changes, renditionOf } = this.loader
    const { playhead } = this.screen
    while (changes.length > 0 && changes[0]! <= playhead) changes.shift()
    const rendition = renditionOf[Math.floor(playhead / this.setup.title.segmentMs)]!
    this.ledger.show(this.screen.show(rendition, this.reporter.counters), playhead)
  }

  protected end(state: 'e' | 'q', reason: EndReason): void {
    this.enter(state)
    this.report('ps', undefined, reason)
    this.result = this.ledger.close(this.now, this.screen.playhead, reason)
  }

  protected countError({ kind }: ErrorNote): void {
    if (kind === 'technical') this.reporter.counters.errors_technical++
    else this.reporter.counters.errors_business++
    this.ledger.count(kind === 'technical' ? 'errorsTechnical' : 'errorsBusiness')
  }

  protected fail(error: ErrorNote, reason: EndReason): void {
    this.countError(error)
    this.reporter.counters.errors_fatal++
    this.ledger.count('errorsFatal')
    this.enter('f')
    this.report('e', error, reason)
    this.result = this.ledger.close(this.now, this.screen.playhead, reason)
  }

  // --- requests ---

  protected schedule(): void {
    const excess = this.loader.excess(this.screen.playhead)
    this.loader.schedule(this.now, excess <= 0 ? 0 : this.state === 'p' ? this.screen.wallFor(excess) : Infinity)
  }

  protected endSegment(change: { oca?: string; pathway?: string; asn?: number }): void {
    this.reporter.turn(this.now, this.moment(), change)
    this.ledger.count('records')
    this.ledger.count('segments')
  }

  protected scriptAt(): number {
    const step = this.setup.viewer.script?.[this.step]
    return step === undefined || this.state !== 'p' ? Infinity : Math.max(this.now, this.setup.at + step.atMs)
  }

  // --- telemetry ---

  protected moment(): Moment {
    const { shown, playhead, watchedFrom } = this.screen
    return {
      state: this.state,
      shown,
      playhead,
      watchedFrom,
      bufferMs: this.buffer,
      throughputKbps: Math.round(this.loader.throughput.kbps),
      startupMs: this.startupMs,
      startupAdMs: this.preroll.tookMs,
    }
  }

  protected report(event: string, error?: ErrorNote, reason?: EndReason): void {
    this.ledger.count('records')
    this.reporter.record(this.now, event, this.moment(), error, reason)
  }
}
