/**
 * A running playback: sends the player's beacons at their time, with the loss, duplication and delay of real devices,
 * and reports progress.
 */
import type { Random } from '../../platform/random.ts'
import { Player, type PlaybackTelemetryInput, type PlaySetup } from '../player/index.ts'
import { actionEvent, type EventOf, type Topic } from './events.ts'
import type { Task } from './queue.ts'
import type { Scene } from './scene.ts'
import type { Visit } from './visit.ts'

const LATE_MS = 5 * 60_000
const AGAIN_MS = 2 * 60_000

/** What a playback needs from the world. */
export interface Stage {
  readonly scene: Scene
  readonly counts: { lost: number; duplicated: number }
  readonly load: Map<string, { sessions: number; kbps: number }>
  plan(at: number, task: Task): void
  send<T extends Topic>(topic: T, event: EventOf<T>): void
  /** Called when the playback has ended, at this media position. */
  over(task: PlayTask, visit: Visit, player: Player, playheadMs: number): void
}

export class PlayTask implements Task {
  private readonly world: Stage
  private readonly visit: Visit
  private readonly setup: PlaySetup
  private readonly random: Random
  private readonly player: Player
  private oca = ''
  private kbps = 0
  private segment = 0
  /** Media played in earlier segments and in the current one, ms. */
  private watchedBefore = 0
  private watchedNow = 0
  private progressAt: number

  constructor(world: Stage, visit: Visit, setup: PlaySetup, random: Random) {
    this.world = world
    this.visit = visit
    this.setup = setup
    this.random = random
    this.player = new Player(setup)
    this.player.nextAt()
    this.progressAt = this.nextProgress(setup.at)
  }

  start(at: number): void {
    this.act(at, 'click', this.visit.place)
    this.act(at, 'play', { ...this.visit.place, session_id: this.setup.sessionId })
    this.run(at)
  }

  run(at: number): void {
    const { records } = this.player.take()
    const latest = newestOf(records)
    const next = this.player.nextAt()
    this.dispatch(at, records, next === undefined)
    this.follow(latest, at)
    if (next === undefined) this.finish(at, latest)
    else this.world.plan(next, this)
  }

  /** Ends the session at once: the next beacon is sent now and marked as final. */
  leave(): void {
    const { records } = this.player.take()
    const latest = newestOf(records)
    this.send(records)
    if (latest.end_reason !== undefined) return
    this.send([
      {
        ...latest,
        event_id: this.visit.who.newId(latest.event_time),
        seq: latest.seq + 1,
        event: 'ps',
        state: 'q',
        end_reason: 'quit',
      },
    ])
  }

  // --- what leaves the device ---

  private dispatch(at: number, records: readonly PlaybackTelemetryInput[], final: boolean): void {
    const { lostPermille, lostFinalPermille, latePermille, duplicatePermille } = this.world.scene.blemishes
    const fate = this.random.next() * 1000
    const lost = final ? lostFinalPermille : lostPermille
    if (fate < lost) {
      this.world.counts.lost += records.length
      return
    }
    if (fate < lost + latePermille) return this.later(at, records, LATE_MS)
    this.send(records)
    if (fate < lost + latePermille + duplicatePermille) {
      this.world.counts.duplicated += records.length
      this.later(at, records, AGAIN_MS)
    }
  }

  private later(at: number, records: readonly PlaybackTelemetryInput[], withinMs: number): void {
    this.world.plan(at + 1 + this.random.below(withinMs), { run: () => this.send(records) })
  }

  private send(records: readonly PlaybackTelemetryInput[]): void {
    for (const record of records) this.world.send('playback.telemetry', record)
  }

  // --- what the viewer's profile and the OCA see of it ---

  private act(at: number, action: string, details: Parameters<typeof actionEvent>[3]): void {
    this.world.send(
      'viewer.actions',
      actionEvent(this.visit.who, at, action, {
        title_id: this.setup.title.id,
        title_duration_ms: this.setup.title.durationMs,
        ...details,
      }),
    )
  }

  private follow(record: PlaybackTelemetryInput, at: number): void {
    this.serve(record.oca ?? '', record.bitrate_kbps ?? 0)
    if (record.segment > this.segment) this.watchedBefore += this.watchedNow
    this.segment = record.segment
    this.watchedNow = record.media_ms ?? 0
    if (at < this.progressAt || record.state !== 'p') return
    this.progressAt = this.nextProgress(at)
    this.act(at, 'progress', {
      session_id: this.setup.sessionId,
      playhead_ms: record.playhead_ms ?? null,
      watched_ms: this.watchedBefore + this.watchedNow,
    })
  }

  private nextProgress(at: number): number {
    const { progressMs } = this.world.scene.detail(at)
    return progressMs === 0 ? Infinity : at + progressMs
  }

  private serve(oca: string, kbps: number): void {
    const { load } = this.world
    const before = load.get(this.oca)
    if (before !== undefined)
      load.set(this.oca, { sessions: before.sessions - (oca === this.oca ? 0 : 1), kbps: before.kbps - this.kbps })
    if (oca !== '') {
      const now = load.get(oca) ?? { sessions: 0, kbps: 0 }
      load.set(oca, { sessions: now.sessions + (oca === this.oca ? 0 : 1), kbps: now.kbps + kbps })
    }
    this.oca = oca
    this.kbps = oca === '' ? 0 : kbps
  }

  private finish(at: number, last: PlaybackTelemetryInput): void {
    this.serve('', 0)
    const { who } = this.visit
    const totals = this.player.totals!
    const playhead = last.playhead_ms ?? 0
    this.world.over(this, this.visit, this.player, playhead)
    if (totals.startupMs === null) return
    const watched = { session_id: this.setup.sessionId, playhead_ms: playhead, watched_ms: totals.mediaMs }
    const runtime = this.setup.title.durationMs
    this.act(at, playhead >= 0.92 * runtime ? 'finish' : 'progress', watched)
    if (playhead < 0.92 * runtime && this.random.next() < 0.05) this.act(at, 'list_add', {})
    if (this.random.next() < 0.06)
      this.act(at, 'rating', { rating_centi: this.rating(totals.mediaMs / runtime, who.profile.patience) })
  }

  /** In half stars, at most five; viewers who watched more give more. */
  private rating(share: number, mildness: number): number {
    const stars = 2.2 + 1.8 * Math.min(1, share) + 0.3 * Math.log(mildness) + 0.7 * this.random.normal()
    return Math.min(500, Math.max(50, 50 * Math.round(stars * 2)))
  }
}

/** The newest record of a beacon; resent final records have lower numbers. */
const newestOf = (records: readonly PlaybackTelemetryInput[]): PlaybackTelemetryInput =>
  records.length === 1 ? records[0]! : records.reduce((a, b) => (b.seq > a.seq ? b : a))
