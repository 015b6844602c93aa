/**
 * Popularity of films by country: skewed, different in every country, with launches that rise and fade.
 *
 * Skew (hours): the top 1 / 5 / 10 / 20 % of films hold 24.5 / 53 / 69 / 84 % of hours (published by Netflix); country
 * lists of 20 share 0.29 (mean pairwise Jaccard, Netflix Top 10 by country). A film's share of choices is its share of
 * hours divided by the time it keeps a viewer.
 */
import type { Random } from '../../platform/random.ts'
import { DAY_MS, HOUR_MS } from '../../platform/time.ts'
import type { Film, LaunchPlan } from './catalogue.ts'
import { COUNTRIES } from './geography.ts'
import { meanWatchMs } from './taste.ts'

const SKEW: readonly (readonly [top: number, hours: number])[] = [
  [0, 0],
  [0.01, 0.245],
  [0.05, 0.53],
  [0.1, 0.69],
  [0.2, 0.84],
  [1, 1],
]
/** Spread of a film's popularity between countries, in logarithms; calibrated to the Jaccard figure. */
const COUNTRY_SPREAD = 0.6
/** Weight of chance against votes in the order of films. */
const VOTE_NOISE = 0.8

/**
 * Share of hours of each rank, greatest first: between the published points the sum grows with the root of the rank.
 */
export function skewedShares(count: number): Float64Array {
  const total = (rank: number): number => {
    const share = rank / count
    const next = Math.max(
      1,
      SKEW.findIndex(([top]) => share <= top + 1e-12),
    )
    const [[fromTop, fromHours], [toTop, toHours]] = [SKEW[next - 1]!, SKEW[next]!]
    return (
      fromHours +
      ((toHours - fromHours) * (Math.sqrt(share) - Math.sqrt(fromTop))) / (Math.sqrt(toTop) - Math.sqrt(fromTop))
    )
  }
  return Float64Array.from({ length: count }, (_, rank) => total(rank + 1) - total(rank))
    .sort()
    .reverse()
}

/** Films by rank of worldwide popularity. */
function rankFilms(films: readonly Film[], random: Random): number[] {
  const score = films.map(({ votes }) => Math.log(1 + (votes ?? 0)) + VOTE_NOISE * random.normal())
  return films.map(({ index }) => index).sort((a, b) => score[b]! - score[a]! || a - b)
}

export interface Popularity {
  /** Share of choices of a film in a country on a day without launches; sums to 1 over films. */
  readonly share: readonly Float64Array[]
  readonly launches: readonly LaunchPlan[]
  /** Films on offer in the row of new releases, with their share of all choices in that country now. */
  launched(
    country: number,
    at: number,
  ): { readonly films: readonly number[]; readonly shares: readonly number[]; readonly sum: number }
  /** Films that may be chosen at all times, by worldwide rank. */
  readonly ranked: readonly number[]
}

export interface PopularityPlan {
  readonly films: readonly Film[]
  readonly random: Random
  /** When the world goes live; launches are spread over six weeks before and four weeks after it. */
  readonly liveFrom: number
  readonly launchesPerWeek: number
}

export function createPopularity({ films, random, liveFrom, launchesPerWeek }: PopularityPlan): Popularity {
  const ranked = rankFilms(films, random.fork('ranks'))
  const hours = skewedShares(films.length)
  const chosen = new Float64Array(films.length)
  ranked.forEach((film, rank) => (chosen[film] = hours[rank]! / meanWatchMs(films[film]!.runtimeMs)))
  const all = chosen.reduce((a, b) => a + b)
  chosen.forEach((_, film) => (chosen[film]! /= all))
  const share = spreadOverCountries(chosen, random.fork('countries'))
  const launches = planLaunches(
    ranked,
    random.fork('launches'),
    liveFrom - 42 * DAY_MS,
    liveFrom + 28 * DAY_MS,
    launchesPerWeek,
  )
  return { share, launches, ranked, launched: launchedIn(share, launches, liveFrom - 28 * DAY_MS, liveFrom) }
}

/**
 * Shares by country and film: each country's shares sum to 1 and their mean over households is the worldwide share, so
 * that the overall skew does not change. Iterative proportional fitting (Deming & Stephan 1940).
 */
function spreadOverCountries(chosen: Float64Array, random: Random): Float64Array[] {
  const rows = COUNTRIES.map(() => chosen.map((share) => share * Math.exp(COUNTRY_SPREAD * random.normal())))
  for (let round = 0; round < 40; round++) {
    for (const row of rows) scale(row, 1 / row.reduce((a, b) => a + b))
    for (let film = 0; film < chosen.length; film++) {
      const sum = rows.reduce((total, row, c) => total + row[film]! * COUNTRIES[c]!.share, 0)
      for (const row of rows) row[film]! *= chosen[film]! / sum
    }
  }
  for (const row of rows) scale(row, 1 / row.reduce((a, b) => a + b))
  return rows
}

function scale(row: Float64Array, factor: number): void {
  for (let i = 0; i < row.length; i++) row[i]! *= factor
}

/** Launches are drawn from the upper end of the order: few new films are at the very top, none is unknown. */
function planLaunches(
  ranked: readonly number[],
  random: Random,
  from: number,
  to: number,
  perWeek: number,
): LaunchPlan[] {
  const count = Math.floor(((to - from) / (7 * DAY_MS)) * perWeek)
  const pool = ranked.slice(6, 6 + Math.max(5 * count, 100))
  return Array.from({ length: count }, (_, i) => {
    const film = pool.splice(random.below(pool.length), 1)[0]!
    const day = from + ((i + random.next()) * (to - from)) / count
    return { film, at: Math.floor(day / DAY_MS) * DAY_MS, marketingPermille: 100 + random.below(900) }
  })
}

/** Interest after a launch: halves every week, down to a lasting tenth; marketing raises the first days. */
export function launchCurve(ageDays: number, marketingPermille: number): number {
  if (ageDays < 0) return 0
  return 0.1 + 2 ** (-ageDays / 7) * (1 + (marketingPermille / 1000) * 2 ** (-ageDays / 2))
}

/** Maximum factor by which a launch exceeds the share of its rank. */
const LIFT = 4

/**
 * Scales a launch so that its film has the share of its rank over the back-filled past, if it was on offer for long
 * enough; a film launched later has it over its first four weeks.
 */
function launchScale({ at, marketingPermille }: LaunchPlan, from: number, to: number): number {
  const start = at < to ? from : at
  let sum = 0
  for (let day = 0; day < 28; day++)
    sum +=
      launchCurve((start - at) / DAY_MS + day + 0.5, marketingPermille) *
      (at >= to || start + day * DAY_MS < to ? 1 : 0)
  return Math.min(LIFT, 28 / Math.max(sum, 1e-6))
}

/** Shares change by the hour; the last answer of each country is cached. */
function launchedIn(
  share: readonly Float64Array[],
  launches: readonly LaunchPlan[],
  from: number,
  to: number,
): Popularity['launched'] {
  const scales = launches.map((launch) => launchScale(launch, from, to))
  const kept = share.map(() => ({ hour: NaN, films: [] as number[], shares: [] as number[], sum: 0 }))
  return (country, at) => {
    const last = kept[country]!
    const hour = Math.floor(at / HOUR_MS)
    if (last.hour === hour) return last
    const live = launches.flatMap((launch, i) =>
      launch.at <= hour * HOUR_MS ? [{ ...launch, scale: scales[i]! }] : [],
    )
    const films = live.map(({ film }) => film)
    const shares = live.map(
      (launch) =>
        share[country]![launch.film]! *
        launch.scale *
        launchCurve((hour * HOUR_MS - launch.at) / DAY_MS, launch.marketingPermille),
    )
    return (kept[country] = { hour, films, shares, sum: shares.reduce((a, b) => a + b, 0) })
  }
}
