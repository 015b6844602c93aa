/** What a viewer likes, and how long a viewing lasts. */
import { hash32, type Random } from '../../platform/random.ts'
import { GENRES } from './catalogue.ts'

/**
 * Spread of tastes between profiles, in logarithms: a liked genre is chosen about five times as often as a disliked
 * one.
 */
const SPREAD = 0.8

/** A profile's weight of each genre (order of GENRES), mean 1 over profiles. */
export function tasteOf(random: Random): Float64Array {
  return Float64Array.from(GENRES, () => Math.exp(SPREAD * random.normal() - (SPREAD * SPREAD) / 2))
}

const genreIndex = new Map(GENRES.map((genre, i) => [genre, i]))
export const genreOf = (genres: readonly string[]): number =>
  genreIndex.get(genres[0]!) ?? hash32(genres[0]!) % GENRES.length

/** How a viewing ends if the network has no problems. */
export const WATCHING = {
  /** Started and abandoned after a few minutes. */
  dropped: 0.28,
  droppedMedianMs: 4 * 60_000,
  /** Abandoned at any point. */
  partial: 0.27,
  partialFrom: 0.1,
  partialTo: 0.85,
  /** To the end, or to the credits. */
  creditsFrom: 0.93,
} as const

/** Media time after which the viewer loses interest, ms; more than the runtime means watching to the end. */
export function watchMs(runtimeMs: number, random: Random): number {
  const kind = random.next()
  if (kind < WATCHING.dropped)
    return Math.min(runtimeMs, Math.round(WATCHING.droppedMedianMs * Math.exp(0.9 * random.normal())))
  const { partialFrom, partialTo, creditsFrom } = WATCHING
  if (kind < WATCHING.dropped + WATCHING.partial)
    return Math.round(runtimeMs * (partialFrom + (partialTo - partialFrom) * random.next()))
  return random.next() < 0.5 ? runtimeMs : Math.round(runtimeMs * (creditsFrom + (1 - creditsFrom) * random.next()))
}

/**
 * Expected value of `watchMs` (the log-normal's cut at the runtime is left out: it affects less than one in a
 * thousand).
 */
export function meanWatchMs(runtimeMs: number): number {
  const { dropped, droppedMedianMs, partial, partialFrom, partialTo, creditsFrom } = WATCHING
  const finished = 1 - dropped - partial
  return (
    dropped * droppedMedianMs * Math.exp(0.405) +
    runtimeMs * (partial * ((partialFrom + partialTo) / 2) + finished * (0.5 + 0.5 * ((creditsFrom + 1) / 2)))
  )
}
