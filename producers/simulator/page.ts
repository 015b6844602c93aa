/** The pages of the service: the home page and search results. */
import type { Random } from '../../platform/random.ts'
import type { Film } from './catalogue.ts'
import type { Chooser, Draw } from './choice.ts'
import type { Visitor } from './events.ts'
import type { Answer } from './answer.ts'

/** A title at its position on a page. */
export interface Slot {
  readonly titleId: string
  readonly row: string
  readonly rowIndex: number
  readonly position: number
  /** Probability with which the policy put the title there. */
  readonly propensity: number
}

export interface Page {
  readonly slots: readonly Slot[]
  readonly modelVersion: string
  readonly ruleVersion: string
}

export interface Results {
  /** Ids of titles, best first. */
  readonly titleIds: readonly string[]
  readonly modelVersion: string
}

export interface PageRequest {
  readonly who: Visitor
  readonly at: number
  /** The visit's own random source, for an implementation that draws. */
  readonly random: Random
}

export interface SearchRequest extends PageRequest {
  readonly query: string
  /** The film that the viewer searches for; only the world's own search knows it. */
  readonly sought: Film
}

/** Called once per visit. */
export interface Pages {
  home(request: PageRequest): Answer<Page>
  search(request: SearchRequest): Answer<Results>
}

const SLOTS = 4

/** The world's own pages: rows drawn by popularity and taste; a search always finds the film. */
export function ownPages(films: readonly Film[], chooser: Chooser): Pages {
  return {
    home: (request) => ({
      slots: compose(films, chooser, request),
      modelVersion: 'popularity-taste-1',
      ruleVersion: 'default-1',
    }),
    search: ({ who, random, sought }) => {
      const others = Array.from({ length: 3 }, () => chooser.popular(who.household.countryIndex, random).film)
      return {
        titleIds: [...new Set([sought.index, ...others])].map((index) => films[index]!.id),
        modelVersion: 'search-1',
      }
    },
  }
}

/** Rows of a home page; each position is an independent draw, whose probability is its propensity. */
function compose(films: readonly Film[], chooser: Chooser, { who, at, random }: PageRequest): Slot[] {
  const { household, profile } = who
  const country = household.countryIndex
  const rows: [string, () => Draw | undefined][] = [
    ['for-you', () => chooser.personal(country, profile.taste, random)],
    ['popular', () => chooser.popular(country, random)],
    ['new', () => chooser.launched(country, at, random)],
  ]
  return rows.flatMap(([row, draw], rowIndex) =>
    Array.from({ length: SLOTS }, (_, position) => ({ position, drawn: draw() })).flatMap(({ position, drawn }) =>
      drawn === undefined
        ? []
        : [{ titleId: films[drawn.film]!.id, row, rowIndex, position, propensity: drawn.propensity }],
    ),
  )
}
