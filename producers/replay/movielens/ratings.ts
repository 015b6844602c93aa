import { fail } from '../errors.ts'
import { lineFile, wholeNumber, type LineFile } from '../files.ts'

export interface Rating {
  readonly user: string
  readonly movie: string
  /** Seconds since the epoch. */
  readonly time: number
  /** 1 to 5; undefined if this copy of the data does not include it. */
  readonly stars: number | undefined
}

export interface RatingFile {
  /** Ratings from number `skip` on, in order of time. */
  ratings(skip: number): AsyncGenerator<Rating[]>
  readonly fraction: () => number
}

const HEADER = 'user\tmovie\tts\texact\trating'

/**
 * The table in order of time: a header, then `user movie ts exact rating`, tab-separated; rating is empty if exact is
 * 0. Streamed.
 */
export function orderedTable(path: string): RatingFile {
  const file = lineFile(path, 'latin1')
  async function* ratings(skip: number): AsyncGenerator<Rating[]> {
    let line = 0
    for await (const chunk of file.chunks()) {
      const first = line
      line += chunk.length
      if (first === 0) checkHeader(file, chunk)
      // Line 1 is the header: rating number n is in line n + 2.
      if (line <= skip + 1) continue
      const from = Math.max(first === 0 ? 1 : 0, skip + 1 - first)
      yield chunk.slice(from).map((text, i) => tableRow(text, path, first + from + i + 1))
    }
  }
  return { ratings, fraction: file.fraction }
}

function checkHeader({ path }: LineFile, [header]: string[]): void {
  if (header !== HEADER) {
    throw fail('REPLAY_FILE_ODD', {
      path,
      reason: `its first line is '${header?.slice(0, 60)}'`,
      hint: `the columns must be ${HEADER.replaceAll('\t', ', ')}, by tabs`,
    })
  }
}

function tableRow(text: string, path: string, line: number): Rating {
  const [user, movie, time, , stars] = text.split('\t')
  const where = { path, line, form: 'user, movie, ts, exact, rating by tabs', text }
  wholeNumber(user, where)
  wholeNumber(movie, where)
  return {
    user: user!,
    movie: movie!,
    time: wholeNumber(time, where),
    stars: stars === '' ? undefined : readStars(stars, where),
  }
}

function readStars(text: string | undefined, where: Parameters<typeof wholeNumber>[1]): number {
  const stars = wholeNumber(text, where)
  if (stars < 1 || stars > 5) throw fail('REPLAY_LINE_ODD', { ...where, text: where.text.slice(0, 100) })
  return stars
}

const CHUNK = 4_096

/**
 * ratings.dat as GroupLens publishes it, `user::movie::stars::ts`, by user. It is read whole (a million rows take 100
 * MB) and sorted by time; rows of the same second keep the order of the file.
 */
export function publishedTable(path: string): RatingFile {
  let fraction = 0
  async function* ratings(skip: number): AsyncGenerator<Rating[]> {
    const rows = await readPublished(path)
    const order = Uint32Array.from(rows, (_, i) => i).sort((a, b) => rows[a]!.time - rows[b]!.time || a - b)
    for (let at = skip; at < order.length; at += CHUNK) {
      fraction = at / order.length
      yield Array.from(order.subarray(at, at + CHUNK), (i) => rows[i]!)
    }
    fraction = 1
  }
  return { ratings, fraction: () => fraction }
}

async function readPublished(path: string): Promise<Rating[]> {
  const rows: Rating[] = []
  for await (const chunk of lineFile(path, 'latin1').chunks()) {
    for (const text of chunk) {
      const where = { path, line: rows.length + 1, form: 'user::movie::stars::ts', text }
      const [user, movie, stars, time] = text.split('::')
      wholeNumber(user, where)
      wholeNumber(movie, where)
      rows.push({ user: user!, movie: movie!, time: wholeNumber(time, where), stars: readStars(stars, where) })
    }
  }
  return rows
}
