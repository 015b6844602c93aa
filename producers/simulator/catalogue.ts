/**
 * The catalogue: real films from movies.json of npm `vega-datasets`. Missing values are filled in from the row alone.
 */
import { hash32 } from '../../platform/random.ts'
import { MINUTE_MS } from '../../platform/time.ts'
import type { CatalogTitleInput } from '../../schemas/generated/inputs.ts'
import type { Answer } from './answer.ts'

/** A row of movies.json; in places numbers and texts are confused. */
export type MovieRow = Readonly<Record<string, string | number | null>>

export interface Film {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly year: number | null
  /** The first one determines taste. */
  readonly genres: readonly string[]
  readonly maturity: string
  readonly runtimeMs: number
  readonly votes: number | null
  readonly ratingCenti: number | null
}

/** The last release in the data set is from 2011; later years are 19xx read as 20xx. */
const LAST_YEAR = 2011
/** Median running time by genre in the rows that have one, minutes. */
const RUNTIMES: Readonly<Record<string, number>> = {
  Drama: 113,
  Comedy: 100,
  Action: 112,
  Adventure: 109,
  'Thriller/Suspense': 109,
  Horror: 98,
  'Romantic Comedy': 104,
  Musical: 112,
  Documentary: 94,
  Western: 123,
  'Black Comedy': 103,
  'Concert/Performance': 95,
}
/** Creative types that describe a film better than its genre. */
const TELLING = new Set(['Science Fiction', 'Fantasy', 'Super Hero', 'Kids Fiction', 'Historical Fiction'])

export const GENRES: readonly string[] = Object.keys(RUNTIMES)

/** Which films the service offers. */
export interface Catalogue {
  /** In a stable order; `index` is the position in it. */
  films(): Answer<readonly Film[]>
}

export const catalogue = (rows: readonly MovieRow[]): Film[] => rows.map(film)

function film(row: MovieRow, index: number): Film {
  const id = `film-${String(index + 1).padStart(4, '0')}`
  const genre = textOf(row['Major Genre']) ?? GENRES[hash32(`${id}/genre`) % 6]!
  const creative = textOf(row['Creative Type'])
  return {
    index,
    id,
    name: textOf(row['Title']) ?? `Untitled ${index + 1}`,
    year: yearOf(row['Release Date']),
    genres: creative !== undefined && TELLING.has(creative) ? [genre, creative] : [genre],
    maturity: textOf(row['MPAA Rating']) ?? 'Not Rated',
    runtimeMs: (numberOf(row['Running Time min']) ?? likelyRuntime(genre, id)) * MINUTE_MS,
    votes: numberOf(row['IMDB Votes']),
    ratingCenti: hundredfold(numberOf(row['IMDB Rating'])),
  }
}

const textOf = (value: string | number | null | undefined): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : String(value)
const numberOf = (value: string | number | null | undefined): number | null =>
  typeof value === 'number' ? value : null
const hundredfold = (value: number | null): number | null => (value === null ? null : Math.round(value * 100))

function yearOf(date: string | number | null | undefined): number | null {
  const year = Number(/(\d{4})$/.exec(String(date))?.[1] ?? NaN)
  if (Number.isNaN(year)) return null
  return year > LAST_YEAR ? year - 100 : year
}

/** Around the genre's median, by at most a quarter of an hour. */
const likelyRuntime = (genre: string, id: string): number =>
  (RUNTIMES[genre] ?? 105) - 15 + (hash32(`${id}/runtime`) % 31)

export interface LaunchPlan {
  readonly film: number
  readonly at: number
  readonly marketingPermille: number
}

const YEAR_MS = 365 * 86_400_000
const FORMATS = ['avc1/240p-1080p/cmaf']
/** Sum of the fixed ladder, kbit/s: the storage that a whole title takes on an OCA. */
const LADDER_KBPS = 22_000

/**
 * The title as an event of `catalog.titles`; offered everywhere for ten years around `now`, a launched one from its
 * launch.
 */
export function titleEvent(film: Film, clock: string, now: number, launch: LaunchPlan | undefined): CatalogTitleInput {
  return {
    clock,
    event_time: now,
    title_id: film.id,
    version: 1,
    kind: 'film',
    name: film.name,
    year: film.year,
    genres: [...film.genres],
    maturity: film.maturity,
    runtime_ms: film.runtimeMs,
    languages: ['en'],
    formats: FORMATS,
    bytes_total: Math.round((film.runtimeMs * LADDER_KBPS) / 8),
    votes: film.votes,
    rating_centi: film.ratingCenti,
    licences: [{ region: '*', from: launch?.at ?? now - 5 * YEAR_MS, to: now + 5 * YEAR_MS }],
    ...(launch === undefined
      ? {}
      : {
          launch_time: launch.at,
          marketing_permille: launch.marketingPermille,
          pinned: launch.marketingPermille >= 800,
        }),
    ladder_version: 'fixed-2015',
  }
}
