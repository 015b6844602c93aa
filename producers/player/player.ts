/**
 * The player model: a discrete-event simulation of one playback (one player instance).
 *
 * It jumps from event to event: an answer arrives, the buffer is empty, a rendition changes on the screen, the viewer
 * acts or loses patience, telemetry is due. Stalls, start-up and switches result from bandwidth and buffer. State
 * names: CMCD v2 (CTA-5004-B); metrics: CTA-2066.
 */
import type { ErrorNote } from './reporter.ts'
import type { Outcome } from './loader.ts'
import { Playback } from './playback.ts'
import { earliest } from './timers.ts'
import type { Beacon, SessionTotals, Turn, ViewerStep } from './types.ts'

export class Player extends Playback {
  private turnIndex = 0
  private errorIndex = 0

  /** The next beacon, in order of time; undefined once the session is over. */
  next(): Beacon | undefined {
    return this.nextAt() === undefined ? undefined : this.take()
  }

  /** Plays until there is something to send; returns its time, or undefined once the session is over. */
  nextAt(): number | undefined {
    while (!this.reporter.pending) {
      if (this.result !== undefined) return undefined
      this.advance()
    }
    return this.now
  }

  /** The beacon to send now. */
  take(): Beacon {
    return this.reporter.take(this.now)
  }

  /** The session's ground truth; undefined until it is over. */
  get totals(): SessionTotals | undefined {
    return this.result
  }

  private advance(): void {
    const { timers } = this
    timers.loader = this.loader.at
    timers.media = Infinity
    if (this.state === 'p') {
      this.limit = this.mediaLimit()
      timers.media = this.now + this.screen.wallFor(this.limit - this.screen.playhead)
    }
    const name = earliest(timers)
    this.pass(timers[name])
    switch (name) {
      case 'boot':
        timers.boot = Infinity
        return this.loader.begin(this.now)
      case 'loader':
        return this.onLoader()
      case 'resume':
        timers.resume = Infinity
        return this.onResume()
      case 'adEnd':
        return this.onAdEnd()
      case 'media':
        return this.onMedia()
      case 'turn':
        return this.onTurn()
      case 'error':
        return this.onPlantedError()
      case 'script':
        return this.onScript()
      case 'patience':
        return this.onPatience()
      case 'quit':
        return this.end('q', 'quit')
      case 'tick':
        timers.tick = this.now + this.setup.config.intervalMs
        return this.report('t')
    }
  }

  private onMedia(): void {
    const { loader, setup } = this
    const { playhead, played } = this.screen
    if (playhead >= setup.title.durationMs) return this.end('e', 'finished')
    if (played >= (setup.viewer.leaveAfterMediaMs ?? Infinity)) return this.end('q', 'quit')
    const hiccup = setup.trouble?.decoder?.[this.hiccup]
    if (hiccup !== undefined && playhead >= hiccup.atMediaMs) return this.onHiccup(hiccup.forMs)
    if (playhead >= loader.loadedTo) return this.stall('connection')
    this.show()
    this.report('bc')
  }

  private onHiccup(forMs: number): void {
    this.hiccup++
    this.timers.resume = this.now + forMs
    this.stall('decoder')
  }

  /** Plays if everything it waits for is there: data, the advertisement's end, the minimum time of a seek. */
  private playIfReady(): void {
    const waits =
      this.state === 's' ? this.preroll.done : (this.state === 'r' && this.cause === 'connection') || this.state === 'k'
    if (!waits || this.timers.resume !== Infinity) return
    const enough = this.state === 's' ? this.setup.config.startBufferMs : this.setup.config.resumeBufferMs
    if (this.buffer >= enough || (this.loader.allLoaded && this.buffer > 0)) this.play()
  }

  private play(): void {
    this.startupMs ??= this.now - this.setup.at
    this.show()
    this.enter('p')
    this.report('ps')
  }

  private onResume(): void {
    if (this.state === 'r' && this.cause === 'ad') return this.adGoesOn()
    if (this.state === 'k') return this.playIfReady()
    if (this.buffer > 0) return this.play()
    if (this.screen.playhead < this.setup.title.durationMs) this.stall('connection')
  }

  private onPatience(): void {
    const timeout =
      this.state === 's' && this.now - this.setup.at - this.preroll.tookMs >= this.setup.config.startTimeoutMs
    if (timeout) this.fail({ code: 'START_TIMEOUT', kind: 'technical' }, 'start_timeout')
    else this.end('q', 'quit')
  }

  // --- requests ---

  private onLoader(): void {
    if (this.loader.startIfIdle(this.now, this.buffer)) {
      this.reporter.counters.requests++
      this.ledger.count('requests')
      return
    }
    const outcome = this.loader.finish(this.now)
    if (!outcome.ok) return this.onFailedRequest(outcome)
    this.reporter.counters.bytes_loaded += outcome.bytes
    this.ledger.loaded(outcome.bytes)
    if (outcome.kind === 'manifest') return this.onManifest()
    if (outcome.kind === 'ad') return this.startAd()
    this.schedule()
    this.playIfReady()
  }

  private onManifest(): void {
    this.loader.proceed(this.preroll.done ? 'media' : 'ad', this.now)
  }

  private onFailedRequest(outcome: Outcome & { ok: false }): void {
    this.reporter.counters.requests_failed++
    this.ledger.count('requestsFailed')
    if (outcome.kind === 'ad') return this.skipAd()
    if (!outcome.exhausted) return
    const error: ErrorNote = { code: outcome.code, kind: 'technical' }
    if (this.loader.rank + 1 >= this.setup.ranked.length) return this.fail(error, 'failed')
    this.countError(error)
    this.report('e', error)
    this.loader.nextOca(this.now)
    this.endSegment(this.loader.oca)
  }

  private onTurn(): void {
    const turn: Turn = this.setup.turns![this.turnIndex++]!
    this.timers.turn = this.setup.at + (this.setup.turns![this.turnIndex]?.atMs ?? Infinity)
    if (turn.kind === 'roam') return this.endSegment({ asn: turn.asn })
    if (turn.rank === this.loader.rank) return
    this.loader.moveTo(turn.rank)
    this.endSegment(this.loader.oca)
  }

  // --- advertisement before the film ---

  private startAd(): void {
    this.reporter.counters.ad_count++
    this.ledger.adStarts(this.now)
    this.timers.adEnd = this.preroll.start(this.now)
    this.timers.patience = Infinity
    this.loader.proceed('media', this.now)
  }

  private onAdEnd(): void {
    this.timers.adEnd = Infinity
    this.ledger.adPauses(this.now)
    const stallMs = this.preroll.stallOrEnd(this.now)
    if (stallMs > 0) {
      this.timers.resume = this.now + stallMs
      return this.stall('ad')
    }
    this.timers.patience = this.patience()
    this.playIfReady()
  }

  private adGoesOn(): void {
    this.ledger.adStarts(this.now, false)
    this.timers.adEnd = this.preroll.goOn(this.now)
    this.enter('s')
    this.report('ps')
  }

  private skipAd(): void {
    this.reporter.counters.ad_errors++
    this.ledger.count('adErrors')
    this.report('e', { code: 'AD_NOT_LOADED', kind: 'technical' })
    this.preroll.skip()
    this.loader.proceed('media', this.now)
  }

  // --- viewer ---

  private onScript(): void {
    const step: ViewerStep = this.setup.viewer.script![this.step++]!
    if (step.kind === 'seek') return this.seek(Math.min(step.toMs, this.setup.title.durationMs))
    if (step.kind === 'pause') this.reporter.counters.pause_count++
    this.timers.resume = this.now + step.forMs
    this.enter(step.kind === 'pause' ? 'a' : 'w')
    this.report('ps')
  }

  private seek(to: number): void {
    this.reporter.counters.seek_count++
    this.timers.resume = this.now + this.setup.config.seekDelayMs
    this.enter('k')
    this.report('ps')
    this.jump(to)
    const planned = this.setup.trouble?.decoder ?? []
    while (this.hiccup < planned.length && planned[this.hiccup]!.atMediaMs <= to) this.hiccup++
    if (to >= this.setup.title.durationMs) return this.end('e', 'finished')
    this.schedule()
  }

  // --- errors ---

  private onPlantedError(): void {
    const planted = this.setup.trouble!.errors!
    const { code, kind, fatal } = planted[this.errorIndex++]!
    this.timers.error = this.setup.at + (planted[this.errorIndex]?.atMs ?? Infinity)
    if (fatal) return this.fail({ code, kind }, 'failed')
    this.countError({ code, kind })
    this.report('e', { code, kind })
  }
}
