/**
 * Draws films: from a country's popularity, from one genre of it, or from the launches, each with its exact
 * probability.
 */
import type { Random } from '../../platform/random.ts'
import { GENRES, type Film } from './catalogue.ts'
import type { Popularity } from './popularity.ts'
import { genreOf } from './taste.ts'

/** A film and the probability with which the policy drew it. */
export interface Draw {
  readonly film: number
  readonly propensity: number
}

interface Shelf {
  /** Cumulative sums of shares over `films`, which are grouped by genre. */
  readonly sums: Float64Array
  readonly share: Float64Array
}

export class Chooser {
  private readonly popularity: Popularity
  /** Films that are always on offer, grouped by genre. */
  private readonly films: readonly number[]
  /** First index of each genre in `films`, and one past the last. */
  private readonly starts: readonly number[]
  private readonly launches: ReadonlySet<number>
  private readonly shelves: readonly Shelf[]

  constructor(films: readonly Film[], popularity: Popularity) {
    this.popularity = popularity
    this.launches = new Set(popularity.launches.map(({ film }) => film))
    const genre = films.map(({ genres }) => genreOf(genres))
    this.films = films
      .map(({ index }) => index)
      .filter((film) => !this.launches.has(film))
      .sort((a, b) => genre[a]! - genre[b]! || a - b)
    this.starts = [...GENRES.keys(), GENRES.length].map((g) => this.films.filter((film) => genre[film]! < g).length)
    this.shelves = popularity.share.map((share) => ({ share, sums: runningSums(this.films, share) }))
  }

  /** Whether a film has a launch, past or future: it is on offer from then on. */
  isLaunch(film: number): boolean {
    return this.launches.has(film)
  }

  /** Share of all choices that goes to recently launched films. */
  launchShare(country: number, at: number): number {
    const { sum } = this.popularity.launched(country, at)
    return sum / (sum + this.shelves[country]!.sums.at(-1)!)
  }

  /** By the country's popularity. */
  popular(country: number, random: Random): Draw {
    return this.between(country, 0, this.films.length, 1, random)
  }

  /** By the country's popularity, weighted by the profile's taste: a genre first, then a film of it. */
  personal(country: number, taste: Float64Array, random: Random): Draw {
    const weights = GENRES.map(
      (_, genre) => this.mass(country, this.starts[genre]!, this.starts[genre + 1]!) * taste[genre]!,
    )
    const sum = weights.reduce((a, b) => a + b)
    let left = random.next() * sum
    let genre = weights.findIndex((weight) => (left -= weight) < 0)
    if (genre < 0) genre = weights.findLastIndex((weight) => weight > 0)
    return this.between(country, this.starts[genre]!, this.starts[genre + 1]!, weights[genre]! / sum, random)
  }

  /** Among recently launched films; undefined if there are none. */
  launched(country: number, at: number, random: Random): Draw | undefined {
    const { films, shares, sum } = this.popularity.launched(country, at)
    let left = random.next() * sum
    for (let i = 0; i < films.length; i++) {
      left -= shares[i]!
      if (left < 0) return { film: films[i]!, propensity: shares[i]! / sum }
    }
    return undefined
  }

  private mass(country: number, from: number, to: number): number {
    const { sums } = this.shelves[country]!
    return (sums[to - 1] ?? 0) - (sums[from - 1] ?? 0)
  }

  private between(country: number, from: number, to: number, prior: number, random: Random): Draw {
    const { sums, share } = this.shelves[country]!
    const base = sums[from - 1] ?? 0
    const mass = sums[to - 1]! - base
    const place = search(sums, from, to, base + random.next() * mass)
    const film = this.films[place]!
    return { film, propensity: (prior * share[film]!) / mass }
  }
}

function runningSums(films: readonly number[], share: Float64Array): Float64Array {
  let sum = 0
  return Float64Array.from(films, (film) => (sum += share[film]!))
}

/** First index in [from, to) whose cumulative sum exceeds `target`. */
function search(sums: Float64Array, from: number, to: number, target: number): number {
  let low = from
  let high = to - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! > target) high = middle
    else low = middle + 1
  }
  return low
}
