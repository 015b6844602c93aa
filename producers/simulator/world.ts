/**
 * The world: a queue of tasks, run up to any time. The same options give the same events, byte for byte, however the
 * run is divided: it depends neither on the machine's clock nor on the network.
 */
import type { Random } from '../../platform/random.ts'
import { DAY_MS } from '../../platform/time.ts'
import { idsFrom, type Player } from '../player/index.ts'
import { titleEvent } from './catalogue.ts'
import { exposures, visitor, type Emit, type EventOf, type Topic } from './events.ts'
import { EXPERIMENTS, type Experiment } from './experiments.ts'
import type { PlantedTruth } from './faults.ts'
import { byShare, COUNTRIES } from './geography.ts'
import { MEAN_SESSION_S } from './load.ts'
import { OCAS } from './ocas.ts'
import { PlayTask } from './playing.ts'
import type { Household } from './population.ts'
import { andThen, type Answer } from './answer.ts'
import { TaskQueue, type Task } from './queue.ts'
import { reportEvents } from './reports.ts'
import { demand, PEAK_DEMAND } from './rhythm.ts'
import { createScene, WORLD_CLOCK, type Scene, type WorldOptions } from './scene.ts'
import { planSession, type Start } from './session.ts'
import { planVisit, type Unfinished, type Visit } from './visit.ts'

export interface WorldTruth {
  readonly seed: number | string
  readonly from: number
  readonly liveFrom: number
  readonly faults: readonly PlantedTruth[]
  readonly experiments: readonly Experiment[]
}

export interface WorldCounts {
  sessions: number
  /** Number of running sessions. */
  playing: number
  events: number
  duplicated: number
  lost: number
}

const UNFINISHED_KEPT = 50_000
/** Maximum world time that passes while a query is open, ms: about as long as a viewer waits for a page. */
const ANSWER_MS = 1_000

export class World {
  readonly scene: Scene
  readonly counts: WorldCounts = { sessions: 0, playing: 0, events: 0, duplicated: 0, lost: 0 }
  /** Running sessions by OCA, and their bitrate, kbit/s. */
  readonly load = new Map<string, { sessions: number; kbps: number }>()
  private readonly options: WorldOptions
  private readonly queue = new TaskQueue()
  private readonly emit: Emit
  private readonly arrivals: Random
  private readonly unfinished = new Map<string, Unfinished>()
  private readonly busy = new Set<string>()
  private readonly playing = new Set<PlayTask>()
  /** Unanswered queries to ports, oldest first, with the time they were made. */
  private readonly questions = new Map<Promise<void>, number>()
  private failure: Error | undefined
  private closed = false
  private visits = 0
  private time: number

  constructor(options: WorldOptions, emit: Emit) {
    this.options = options
    this.scene = createScene(options)
    this.arrivals = this.scene.random.fork('arrivals')
    this.time = this.scene.from
    this.emit = (topic, event) => {
      this.counts.events++
      emit(topic, event)
    }
    this.plan(this.scene.from, { run: (at) => this.tellCatalogue(at) })
    this.planNextArrival(this.scene.from)
    if (options.liveSessionsPerSecond !== undefined) this.plan(this.scene.liveFrom, { run: () => this.planRush() })
    this.plan(this.scene.from, { run: (at) => this.report(at) })
  }

  /** World time: everything before it has happened. */
  get now(): number {
    return this.time
  }

  get nextAt(): number {
    return this.queue.nextAt
  }

  /** World time that must not be passed before `answered` resolves. */
  get heldAt(): number {
    for (const askedAt of this.questions.values()) return askedAt + ANSWER_MS
    return Infinity
  }

  /** Resolves when the oldest open query is answered. */
  async answered(): Promise<void> {
    for (const question of this.questions.keys()) return question
  }

  /** Runs the next task. Throws the error of a failed port. */
  step(): void {
    if (this.failure !== undefined) throw this.failure
    this.time = Math.max(this.time, this.queue.nextAt)
    this.queue.pop()?.run(this.time)
  }

  /** Runs everything up to and including `until`. */
  runUntil(until: number): void {
    while (this.queue.nextAt <= until) this.step()
    this.time = Math.max(this.time, until)
  }

  /** Ends all running sessions, one per step, as when the service shuts down for good: each sends a final beacon. */
  *closing(): Generator<void> {
    this.closed = true
    for (const task of this.playing) {
      task.leave()
      this.playing.delete(task)
      this.counts.playing--
      yield
    }
  }

  truth(): WorldTruth {
    return {
      seed: this.options.seed,
      from: this.scene.from,
      liveFrom: this.scene.liveFrom,
      faults: this.scene.faults.truth(),
      experiments: EXPERIMENTS,
    }
  }

  /** For tasks of the world: plans another task. */
  plan(at: number, task: Task): void {
    this.queue.push(at, task)
  }

  send<T extends Topic>(topic: T, event: EventOf<T>): void {
    this.emit(topic, event)
  }

  /** Continues with a port's answer. */
  private ask<T>(answer: Answer<T>, next: (value: T) => void): void {
    const going = andThen(answer, (value) => {
      if (!this.closed) next(value)
    })
    if (!(going instanceof Promise)) return
    const question: Promise<void> = going
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error))
      })
      .finally(() => this.questions.delete(question))
    this.questions.set(question, this.time)
  }

  // --- catalogue and OCAs ---

  private tellCatalogue(at: number): void {
    const newId = idsFrom(this.scene.random.fork('catalogue'))
    const launches = new Map(this.scene.popularity.launches.map((launch) => [launch.film, launch]))
    for (const film of this.scene.films)
      this.send('catalog.titles', {
        event_id: newId(at),
        ...titleEvent(film, WORLD_CLOCK, at, launches.get(film.index)),
      })
  }

  private report(at: number): void {
    this.ask(this.scene.inventory.holdings(at), (holdings) => {
      this.scene.holdings = holdings
      const newId = idsFrom(this.scene.random.fork(`reports/${at}`))
      for (const oca of OCAS)
        for (const event of reportEvents(this.scene, oca, at, this.load.get(oca.name), newId))
          this.send('oca.reports', event)
      const next = at + this.scene.detail(at).reportMs
      this.plan(at < this.scene.liveFrom ? Math.min(next, this.scene.liveFrom) : next, {
        run: (time) => this.report(time),
      })
    })
  }

  // --- viewers ---

  /** Visits are a Poisson process whose rate follows the day of every country (thinning: Lewis & Shedler 1979). */
  private planNextArrival(from: number): void {
    const { sessionsPerDay = 1_200, liveSessionsPerSecond } = this.options
    const rhythm = liveSessionsPerSecond === undefined || from < this.scene.liveFrom
    const peak = rhythm ? (sessionsPerDay / DAY_MS) * PEAK_DEMAND : liveSessionsPerSecond / 1000
    const gap = -Math.log(1 - this.arrivals.next()) / peak
    const at = Math.max(from + gap, from)
    this.plan(Math.ceil(at), { run: (time) => this.arrive(time, at, rhythm) })
  }

  private arrive(time: number, exactly: number, rhythm: boolean): void {
    const demands = COUNTRIES.map(({ share, utcMinutes }) => share * demand(time, utcMinutes))
    const total = demands.reduce((a, b) => a + b)
    // The first arrival after the world goes live was planned at the past's rate: it is dropped, and the new process
    // begins.
    const stale = rhythm && this.options.liveSessionsPerSecond !== undefined && time >= this.scene.liveFrom
    if (!stale && (!rhythm || this.arrivals.next() * PEAK_DEMAND < total))
      this.visit(time, pick(demands, total, this.arrivals))
    this.planNextArrival(stale ? this.scene.liveFrom : exactly)
  }

  /** The steady-state number of sessions starts at the beginning, so that the load is there from the start. */
  private planRush(): void {
    const { liveSessionsPerSecond = 0, rushMs = 60_000 } = this.options
    const count = Math.round(liveSessionsPerSecond * MEAN_SESSION_S)
    const random = this.scene.random.fork('rush')
    for (let i = 0; i < count; i++) {
      this.plan(this.scene.liveFrom + random.below(rushMs), {
        run: (at) => this.visit(at, byShare(COUNTRIES, random.next()), true),
      })
    }
  }

  private visit(at: number, countryIndex: number, underWay = false): void {
    const random = this.scene.random.fork(`visit/${this.visits++}`)
    this.ask(this.scene.people.draw(countryIndex, random), (household) => this.enter(at, household, random, underWay))
  }

  /** A viewer of the household opens the application. */
  private enter(at: number, household: Household, random: Random, underWay: boolean): void {
    const profile = household.profiles[random.below(household.profiles.length)]!
    if (this.busy.has(profile.id)) return
    const device = household.devices[random.below(household.devices.length)]!
    this.busy.add(profile.id)
    const who = visitor(household, profile, device, at, this.scene.liveFrom, random.fork('ids'))
    this.ask(planVisit(this.scene, who, at, this.unfinished.get(profile.id), random), ({ visit, shown }) => {
      // A session that is already running sends no impressions.
      if (!underWay) for (const event of shown) this.send('viewer.actions', event)
      for (const event of exposures(who, at, this.scene.liveFrom, 'page', '')) this.send('experiment.exposures', event)
      if (visit === undefined) this.busy.delete(profile.id)
      else this.plan(visit.playAt, { run: (time) => this.play(time, visit, random, underWay) })
    })
  }

  private play(at: number, visit: Visit, random: Random, underWay: boolean): void {
    const { scene } = this
    const { household, profile, device, newId } = visit.who
    const sessionId = newId(at)
    const film = scene.films[visit.film]!
    const request = { isp: household.isp, film, at, sessionId, profileId: profile.id, device: device.kind }
    this.ask(scene.steering.rank(request), (ranking) => this.start(visit, { at, sessionId, ranking, underWay }, random))
  }

  private start(visit: Visit, begun: Start, random: Random): void {
    const { at, sessionId } = begun
    const onRequest = (event: EventOf<'delivery.requests'>): void =>
      this.plan(Math.max(event.event_time, this.time), { run: () => this.send('delivery.requests', event) })
    const plan = planSession(this.scene, visit, begun, random, onRequest)
    this.counts.sessions++
    this.counts.playing++
    if (plan.decision !== undefined) this.send('delivery.decisions', plan.decision)
    for (const event of exposures(visit.who, at, this.scene.liveFrom, 'playback', sessionId))
      this.send('experiment.exposures', event)
    const task = new PlayTask(this, visit, plan.setup, random)
    this.playing.add(task)
    task.start(at)
  }

  /** A session is over. */
  over(task: PlayTask, { who, film }: Visit, player: Player, playheadMs: number): void {
    this.playing.delete(task)
    this.counts.playing--
    this.busy.delete(who.profile.id)
    const done = player.totals?.endReason === 'finished' || playheadMs > 0.92 * this.scene.films[film]!.runtimeMs
    this.unfinished.delete(who.profile.id)
    if (!done && playheadMs > 5 * 60_000) this.unfinished.set(who.profile.id, { film, positionMs: playheadMs })
    if (this.unfinished.size > UNFINISHED_KEPT) this.unfinished.delete(this.unfinished.keys().next().value!)
  }
}

function pick(weights: readonly number[], total: number, random: Random): number {
  let left = random.next() * total
  const index = weights.findIndex((weight) => (left -= weight) < 0)
  return index === -1 ? weights.length - 1 : index
}
