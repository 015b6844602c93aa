import { formatUuid, nameUuid } from '../../../platform/ids.ts'
import { fail } from '../errors.ts'
import { readLines } from '../files.ts'
import { clockOf, type ReplayEvent } from '../source.ts'

const FORM = 'movie::name (year)::genre|genre'

/** Before the first rating, 2000-04-25T23:05:32Z, so that every film is known when it is rated. */
const CATALOGUE_TIME = Date.UTC(2000, 3, 25)

/** The catalogue in movies.dat as events. */
export async function readFilms(path: string): Promise<ReplayEvent[]> {
  const lines = await readLines(path, 'latin1')
  return lines.map((text, i) => {
    const [, movie, name, year, genres] = /^(\d+)::(.+?) ?\((\d{4})\)::(.+)$/.exec(text) ?? []
    if (movie === undefined || name === undefined || genres === undefined) {
      throw fail('REPLAY_LINE_ODD', { path, line: i + 1, form: FORM, text: text.slice(0, 100) })
    }
    return {
      topic: 'catalog.titles',
      event: {
        event_id: formatUuid(nameUuid('replay:movielens/title', movie)),
        clock: clockOf('movielens'),
        event_time: CATALOGUE_TIME,
        title_id: `ml-${movie}`,
        version: 1,
        kind: 'film',
        name: articleFirst(name),
        year: Number(year),
        genres: genres.split('|'),
      },
    }
  })
}

/** "Contender, The" is "The Contender". */
export const articleFirst = (name: string): string => name.replace(/^(.+), (The|A|An)$/, '$2 $1')
