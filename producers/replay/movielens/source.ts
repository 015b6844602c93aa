import { join } from 'node:path'
import { formatUuid, nameUuid } from '../../../platform/ids.ts'
import { fail } from '../errors.ts'
import { fingerprint, isFile, requireFile } from '../files.ts'
import { clockOf, type ReplayEvent, type ReplaySource } from '../source.ts'
import { readFilms } from './films.ts'
import { readUsers, type Attributes } from './people.ts'
import { orderedTable, publishedTable, type Rating, type RatingFile } from './ratings.ts'

/**
 * MovieLens 1M as viewing actions: the catalogue, then each rating in order of time as an action 'rating'.
 *
 * Profile `ml-USER`, title `ml-MOVIE`. A rating's id is derived from user and movie, since a user rates a film once.
 * Cite: Harper & Konstan, "The MovieLens Datasets" (ACM TiiS 5:4, 2015); the data may not be redistributed.
 */
export async function openMovielens(dir: string): Promise<ReplaySource> {
  const [usersPath, filmsPath, ratingsPath] = [join(dir, 'users.dat'), join(dir, 'movies.dat'), await ratingsIn(dir)]
  await requireFile(usersPath, HINT)
  await requireFile(filmsPath, HINT)
  const table: RatingFile = ratingsPath.endsWith('.dat') ? publishedTable(ratingsPath) : orderedTable(ratingsPath)
  async function* events(skip: number): AsyncGenerator<readonly ReplayEvent[]> {
    const users = await readUsers(usersPath)
    const films = await readFilms(filmsPath)
    if (skip < films.length) yield films.slice(skip)
    for await (const chunk of table.ratings(Math.max(0, skip - films.length))) {
      yield chunk.map((rating) => ratingEvent(rating, users.get(rating.user) ?? {}))
    }
  }
  return {
    kind: 'movielens',
    fingerprint: await fingerprint([usersPath, filmsPath, ratingsPath]),
    events,
    fraction: table.fraction,
  }
}

const HINT =
  'give --from the folder of MovieLens 1M (users.dat, movies.dat, ratings.dat) from grouplens.org/datasets/movielens/1m'

/** A table in order of time is preferred to the published one, which has to be read whole. */
async function ratingsIn(dir: string): Promise<string> {
  for (const name of ['events.tsv.gz', 'events.tsv', 'ratings.dat']) {
    if (await isFile(join(dir, name))) return join(dir, name)
  }
  throw fail('REPLAY_FILE_MISSING', { path: join(dir, 'ratings.dat'), hint: HINT })
}

function ratingEvent({ user, movie, time, stars }: Rating, attributes: Attributes): ReplayEvent {
  return {
    topic: 'viewer.actions',
    event: {
      event_id: formatUuid(nameUuid('replay:movielens/rating', `${user}/${movie}`)),
      clock: clockOf('movielens'),
      event_time: time * 1_000,
      profile_id: `ml-${user}`,
      action: 'rating',
      title_id: `ml-${movie}`,
      rating_centi: stars === undefined ? null : stars * 100,
      attributes,
    },
  }
}
