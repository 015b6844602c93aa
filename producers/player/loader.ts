/**
 * The player's requests: one at a time, retried at the same OCA, then at the next of the ranked list.
 *
 * `at` is the time of the loader's next event; Infinity while it has nothing to do.
 */
import { Adaptation, Throughput } from './abr.ts'
import type { PlaySetup, RankedOca, Rendition, RequestLine, Transfer } from './types.ts'

type Kind = 'manifest' | 'ad' | 'media'

/** How a request ended; `exhausted` means that no retry is left at this OCA. */
export type Outcome =
  | { readonly kind: Kind; readonly ok: true; readonly bytes: number }
  | { readonly kind: Kind; readonly ok: false; readonly code: string; readonly exhausted: boolean }

const MANIFEST_BYTES = 20_000

export class Loader {
  at = Infinity
  rank = 0
  /** Media position up to which segments are loaded without a gap. */
  loadedTo = 0
  /** Rendition of each loaded media segment. */
  readonly renditionOf: Uint8Array
  /** Positions ahead at which the loaded rendition changes, ascending. */
  readonly changes: number[] = []
  readonly throughput: Throughput
  private readonly setup: PlaySetup
  private readonly adaptation: Adaptation
  private readonly segmentCount: number
  private kind: Kind = 'manifest'
  private busy = false
  private attempts = 0
  private segment = 0
  private rendition = -1
  private runRendition = -1
  private bytes = 0
  private startedAt = 0
  private transfer: Transfer = { status: 0, firstByteAt: 0, doneAt: 0 }
  private endsAt = 0

  constructor(setup: PlaySetup) {
    const { title, config } = setup
    this.setup = setup
    this.segmentCount = Math.ceil(title.durationMs / title.segmentMs)
    this.renditionOf = new Uint8Array(this.segmentCount)
    this.throughput = new Throughput(config.initialKbps)
    this.adaptation = new Adaptation(
      config.abr,
      bitrates(title.ladder),
      Math.max(config.bufferTargetMs - title.segmentMs, title.segmentMs),
    )
  }

  get oca(): RankedOca {
    return this.setup.ranked[this.rank]!
  }

  get allLoaded(): boolean {
    return this.segment >= this.segmentCount
  }

  /** Starts with the manifest. */
  begin(at: number): void {
    this.at = at
  }

  /** Sets what to load next; media follows manifest and advertisement. */
  proceed(kind: Kind, at: number): void {
    this.kind = kind
    this.attempts = 0
    this.at = at
  }

  /** Sends a request at `now`; returns false if an answer is due instead (call `finish`). */
  startIfIdle(now: number, bufferMs: number): boolean {
    if (this.busy) return false
    this.bytes = this.sizeOf(bufferMs)
    this.transfer = this.setup.network.request(this.oca.oca, now, this.bytes)
    this.startedAt = now
    this.busy = true
    this.endsAt = this.endOf(now)
    this.at = Math.max(this.endsAt, now)
    return true
  }

  private sizeOf(bufferMs: number): number {
    if (this.kind === 'manifest') return MANIFEST_BYTES
    if (this.kind === 'ad') return Math.round((this.setup.ad!.kbps * this.setup.ad!.durationMs) / 8)
    this.rendition = this.adaptation.choose(Math.max(this.rendition, 0), bufferMs, this.throughput.kbps)
    return this.setup.title.bytes(this.rendition, this.segment)
  }

  private endOf(now: number): number {
    const { firstByteTimeoutMs, requestTimeoutMs } = this.setup.config
    if (this.transfer.firstByteAt - now > firstByteTimeoutMs) return now + firstByteTimeoutMs
    return Math.min(this.transfer.doneAt, now + requestTimeoutMs)
  }

  /** Processes the answer that is due. A failed request is retried after a back-off. */
  finish(now: number): Outcome {
    this.busy = false
    const ok = this.transfer.doneAt <= now && this.transfer.status >= 200 && this.transfer.status < 300
    this.setup.onRequest?.(this.line(now, ok))
    if (ok) return this.succeed(now)
    this.attempts++
    const exhausted = this.attempts > this.setup.config.retries
    this.at = now + this.setup.config.backoffMs * 2 ** (this.attempts - 1)
    return {
      kind: this.kind,
      ok: false,
      code: this.transfer.doneAt > now ? 'TIMEOUT' : codeOf(this.transfer.status),
      exhausted,
    }
  }

  private succeed(now: number): Outcome {
    this.attempts = 0
    this.at = Infinity
    if (this.kind === 'media') {
      this.throughput.add(this.bytes, now - this.transfer.firstByteAt)
      this.append()
    }
    return { kind: this.kind, ok: true, bytes: this.bytes }
  }

  private append(): void {
    const { segmentMs, durationMs } = this.setup.title
    this.renditionOf[this.segment] = this.rendition
    if (this.runRendition !== -1 && this.runRendition !== this.rendition) this.changes.push(this.segment * segmentMs)
    this.runRendition = this.rendition
    this.segment++
    this.loadedTo = Math.min(this.segment * segmentMs, durationMs)
  }

  private line(now: number, ok: boolean): RequestLine {
    const { oca, pathway } = this.oca
    return {
      oca,
      pathway,
      kind: this.kind,
      rendition: this.rendition,
      segment: this.kind === 'media' ? this.segment : -1,
      bytes: ok ? this.bytes : 0,
      status: this.transfer.status,
      at: this.startedAt,
      firstByteAt: this.transfer.firstByteAt,
      endedAt: now,
    }
  }

  /** Media that must be played before the buffer has space for the next segment, ms. */
  excess(playhead: number): number {
    return this.loadedTo - playhead + this.setup.title.segmentMs - this.setup.config.bufferTargetMs
  }

  /** Schedules the request for the next segment after `waitMs`. */
  schedule(now: number, waitMs: number): void {
    if (this.busy || this.kind !== 'media' || this.attempts > 0) return
    this.at = this.allLoaded ? Infinity : now + waitMs
  }

  /** Moves to the next OCA; false at the end of the list. */
  nextOca(now: number): boolean {
    if (this.rank + 1 >= this.setup.ranked.length) return false
    this.moveTo(this.rank + 1)
    this.at = now
    return true
  }

  /** Sends later requests to the OCA of this rank; a request in flight continues. */
  moveTo(rank: number): void {
    this.rank = rank
    this.attempts = 0
  }

  /** Drops the buffer and loads from `position`; a request in flight is abandoned. */
  flush(position: number): void {
    this.segment = Math.floor(position / this.setup.title.segmentMs)
    this.loadedTo = position
    this.changes.length = 0
    this.runRendition = -1
    this.busy = false
    this.attempts = 0
    this.adaptation.restart()
  }
}

const known = new WeakMap<readonly Rendition[], readonly number[]>()

/** Bitrates of a ladder, cached because ladders are shared by many titles and sessions. */
function bitrates(ladder: readonly Rendition[]): readonly number[] {
  const kbps = known.get(ladder) ?? ladder.map((rendition) => rendition.kbps)
  known.set(ladder, kbps)
  return kbps
}

const codeOf = (status: number): string => (status === 0 ? 'NETWORK' : `HTTP_${status}`)
