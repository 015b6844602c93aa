/**
 * Ground truth of a session, kept apart from the records: state intervals and ranges of media are closed when they end,
 * and everything is summed from them. Results computed from records must equal it exactly.
 */
import type { Shown, StallCause, State } from './counters.ts'
import type { EndReason, SessionTotals } from './types.ts'

type Slot = 's' | 'p' | 'k' | 'a' | 'w' | 'e' | 'f' | 'q' | StallCause
type Tally =
  | 'requests'
  | 'requestsFailed'
  | 'errorsTechnical'
  | 'errorsBusiness'
  | 'errorsFatal'
  | 'adCount'
  | 'adErrors'
  | 'segments'
  | 'records'
  | 'switchesUp'
  | 'switchesDown'

export class Ledger {
  private readonly startedAt: number
  private readonly fps: number
  private slot: Slot = 's'
  private since: number
  private readonly time: Record<Slot, number> = {
    s: 0,
    p: 0,
    k: 0,
    a: 0,
    w: 0,
    e: 0,
    f: 0,
    q: 0,
    connection: 0,
    decoder: 0,
    ad: 0,
  }
  private readonly entered: Record<Slot, number> = {
    s: 1,
    p: 0,
    k: 0,
    a: 0,
    w: 0,
    e: 0,
    f: 0,
    q: 0,
    connection: 0,
    decoder: 0,
    ad: 0,
  }
  private firstFrameAt: number | undefined
  private shown: Shown | undefined
  private runFrom = 0
  private watchedFrom = 0
  private readonly watched: { from: number; to: number }[] = []
  /** Media time by rendition, of the ranges that ended. */
  private readonly shownMs = new Map<Shown, number>()
  private adSince: number | undefined
  private adMs = 0
  private bytes = 0
  private readonly tallies: Record<Tally, number> = {
    requests: 0,
    requestsFailed: 0,
    errorsTechnical: 0,
    errorsBusiness: 0,
    errorsFatal: 0,
    adCount: 0,
    adErrors: 0,
    segments: 1,
    records: 0,
    switchesUp: 0,
    switchesDown: 0,
  }

  constructor(startedAt: number, fps: number) {
    this.startedAt = startedAt
    this.since = startedAt
    this.fps = fps
  }

  count(what: Tally): void {
    this.tallies[what]++
  }

  loaded(bytes: number): void {
    this.bytes += bytes
  }

  enter(state: State, cause: StallCause, at: number): void {
    this.time[this.slot] += at - this.since
    this.slot = state === 'r' ? cause : state
    this.since = at
    this.entered[this.slot]++
    if (state === 'p') this.firstFrameAt ??= at
  }

  /** From this position on, `shown` is on the screen; the previous range ends here. */
  show(shown: Shown, position: number): void {
    this.endRun(position)
    if (this.shown !== undefined && shown.rendition.kbps !== this.shown.rendition.kbps) {
      this.count(shown.rendition.kbps > this.shown.rendition.kbps ? 'switchesUp' : 'switchesDown')
    }
    this.shown = shown
  }

  /** The playhead moves by a seek. */
  jump(from: number, to: number): void {
    this.endRun(from)
    if (from > this.watchedFrom) this.watched.push({ from: this.watchedFrom, to: from })
    this.runFrom = to
    this.watchedFrom = to
  }

  /** An advertisement starts, or resumes after its stall. */
  adStarts(at: number, first = true): void {
    if (first) this.count('adCount')
    this.adSince = at
  }

  adPauses(at: number): void {
    this.adMs += at - (this.adSince ?? at)
    this.adSince = undefined
  }

  private endRun(position: number): void {
    if (this.shown !== undefined)
      this.shownMs.set(this.shown, (this.shownMs.get(this.shown) ?? 0) + position - this.runFrom)
    this.runFrom = position
  }

  /** Closes all intervals; the terminal state was entered at `at`. */
  close(at: number, position: number, endReason: EndReason): SessionTotals {
    this.adPauses(at)
    this.jump(position, position)
    const runs = [...this.shownMs].map(([shown, ms]) => ({ shown, ms }))
    const sum = (of: (run: { shown: Shown; ms: number }) => number): number =>
      runs.reduce((total, run) => total + of(run), 0)
    const { time, entered, tallies, fps } = this
    const mediaMs = sum(({ ms }) => ms)
    return {
      wallMs: this.since - this.startedAt,
      startupMs: this.firstFrameAt === undefined ? null : this.firstFrameAt - this.startedAt,
      startingMs: time.s,
      playingMs: time.p,
      seekingMs: time.k,
      pausedMs: time.a,
      waitingMs: time.w,
      stallConnectionMs: time.connection,
      stallDecoderMs: time.decoder,
      stallAdMs: time.ad,
      stallConnectionCount: entered.connection,
      stallDecoderCount: entered.decoder,
      stallAdCount: entered.ad,
      seekCount: entered.k,
      pauseCount: entered.a,
      watchedTimeMs: time.s + time.p + time.k + time.connection + time.decoder + time.ad,
      mediaMs,
      uniqueMediaMs: unionLength(this.watched),
      bitsPlayed: sum(({ shown, ms }) => shown.rendition.kbps * ms),
      vmafCentiMs: sum(({ shown, ms }) => (shown.rendition.vmafCenti ?? 0) * ms),
      upscalePermilleMs: sum(({ shown, ms }) => shown.upPermille * ms),
      downscalePermilleMs: sum(({ shown, ms }) => shown.downPermille * ms),
      framesRendered: Math.floor((mediaMs * fps) / 1000),
      framesDropped: Math.floor((sum(({ shown, ms }) => shown.dropPermille * ms) * fps) / 1e6),
      bytesLoaded: this.bytes,
      adPlayingMs: this.adMs,
      ...tallies,
      endReason,
    }
  }
}

/** Length of the union of half-open intervals. */
export function unionLength(intervals: readonly { readonly from: number; readonly to: number }[]): number {
  let covered = 0
  let reach = -Infinity
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, reach))
    reach = Math.max(reach, to)
  }
  return covered
}
