/** The parts of a world once its seed, times and size are fixed, and how much of it is sent as events. */
import { seeded, type Random } from '../../platform/random.ts'
import { DAY_MS, MINUTE_MS } from '../../platform/time.ts'
import { variableTitle, type Title } from '../player/index.ts'
import { catalogue, type Film, type MovieRow } from './catalogue.ts'
import { Chooser } from './choice.ts'
import { DEFAULT_SCENARIO, Faults, type Scenario } from './faults.ts'
import { PopularityFill, RouteSteering, type Holdings } from './ocas.ts'
import { ownPages } from './page.ts'
import { createPopularity, type Popularity } from './popularity.ts'
import { Population } from './population.ts'
import type { Ports } from './ports.ts'

export { WORLD_CLOCK } from './clock.ts'

/** How much of what happens is sent as events; the past is sampled more thinly than the present. */
export interface Detail {
  /** Interval of telemetry, ms. */
  readonly intervalMs: number
  /** Pages whose impressions are sent (all of a page or none), per mille. */
  readonly pagePermille: number
  /** Sessions whose ranking of OCAs is sent, per mille. */
  readonly decisionPermille: number
  /** Sessions whose OCA request log is sent (all of it or none), per mille. */
  readonly requestPermille: number
  /** Interval of viewing progress events, ms; 0 means only at the end. */
  readonly progressMs: number
  /** Interval of OCA reports, ms. */
  readonly reportMs: number
}

/** Loss, duplication and delay of beacons, per mille of them. */
export interface Blemishes {
  /** Sent twice, the second time a little later. */
  readonly duplicatePermille: number
  /** Never sent. */
  readonly lostPermille: number
  /** Final beacons never sent, because the page closes (field tests of unload beacons: about 2 %). */
  readonly lostFinalPermille: number
  /** Delayed by up to five minutes. */
  readonly latePermille: number
}

export interface WorldOptions {
  readonly seed: number | string
  readonly movies: readonly MovieRow[]
  /** The films that a catalogue returned; those of `movies` if absent. */
  readonly films?: readonly Film[]
  /** World time at which the past ends, ms since the epoch. */
  readonly liveFrom: number
  readonly backfillDays?: number
  /** Number of households; they are generated on first use. */
  readonly households?: number
  /** Factor on the throughput of every line: 0.3 is a country where many are slow. */
  readonly lines?: number
  /** Average visits per day; the evening has three times the mean of the night. */
  readonly sessionsPerDay?: number
  /**
   * Sessions per second of live time, constant, for load tests, instead of the population's own rhythm. The
   * steady-state number of sessions starts within `rushMs`.
   */
  readonly liveSessionsPerSecond?: number
  /** World time over which these sessions start, ms. */
  readonly rushMs?: number
  readonly scenario?: Scenario
  readonly live?: Partial<Detail>
  readonly backfill?: Partial<Detail>
  readonly blemishes?: Partial<Blemishes>
  readonly launchesPerWeek?: number
  /** Implementations that replace the world's own. */
  readonly ports?: Partial<Ports>
}

/** Apple's HLS authoring specification: a target duration of 6 s. */
const SEGMENT_MS = 6_000

export const LIVE: Detail = {
  intervalMs: 10_000,
  pagePermille: 1000,
  decisionPermille: 1000,
  requestPermille: 20,
  progressMs: 10 * MINUTE_MS,
  reportMs: 5 * MINUTE_MS,
}
export const BACKFILL: Detail = {
  intervalMs: 3 * MINUTE_MS,
  pagePermille: 150,
  decisionPermille: 200,
  requestPermille: 1,
  progressMs: 0,
  reportMs: 6 * 60 * MINUTE_MS,
}
export const BLEMISHES: Blemishes = { duplicatePermille: 4, lostPermille: 2, lostFinalPermille: 10, latePermille: 3 }

export interface Scene extends Ports {
  readonly random: Random
  readonly from: number
  readonly liveFrom: number
  readonly films: readonly Film[]
  readonly titles: readonly Title[]
  /** Undefined for a title that the world does not have. */
  filmOf(titleId: string): Film | undefined
  readonly popularity: Popularity
  readonly chooser: Chooser
  readonly population: Population
  /** The latest answer about the appliances' contents. */
  holdings: Holdings
  readonly faults: Faults
  readonly blemishes: Blemishes
  detail(at: number): Detail
}

export function createScene(options: WorldOptions): Scene {
  const {
    seed,
    movies,
    liveFrom,
    backfillDays = 28,
    households = 1_000,
    lines = 1,
    scenario = DEFAULT_SCENARIO,
    launchesPerWeek = 3,
  } = options
  const random = seeded(seed)
  const from = liveFrom - backfillDays * DAY_MS
  const films = options.films ?? catalogue(movies)
  const byId = new Map(films.map((film) => [film.id, film]))
  const popularity = createPopularity({ films, random: random.fork('popularity'), liveFrom, launchesPerWeek })
  const faults = new Faults(scenario, liveFrom)
  const [live, backfill] = [
    { ...LIVE, ...options.live },
    { ...BACKFILL, ...options.backfill },
  ]
  const chooser = new Chooser(films, popularity)
  const population = new Population(households, random.fork('population'), lines)
  const fill = new PopularityFill(popularity)
  const scene: Scene = {
    random,
    from,
    liveFrom,
    films,
    popularity,
    faults,
    chooser,
    population,
    titles: films.map(({ id, index, runtimeMs }) => variableTitle(id, runtimeMs, index, { segmentMs: SEGMENT_MS })),
    filmOf: (titleId) => byId.get(titleId),
    holdings: fill,
    people: population,
    pages: ownPages(films, chooser),
    inventory: fill,
    steering: new RouteSteering(faults, () => scene.holdings),
    ...options.ports,
    blemishes: { ...BLEMISHES, ...options.blemishes },
    detail: (at) => (at < liveFrom ? backfill : live),
  }
  return scene
}
