/** Minutes of streams/qoe by DIMENSIONS as cells: rows of the stored cubes, or cells of the live view. */
import type { MinuteCell } from './cells.ts'
import type { MinuteOfCells } from './detector.ts'

type Count =
  | 'attempts'
  | 'plays'
  | 'startup_ms'
  | 'vsf_technical'
  | 'vpf_technical'
  | 'ebvs'
  | 'concurrent_plays'
  | 'stall_ms'
  | 'watched_ms'
  | 'errors_technical'
type Place = Readonly<Pick<MinuteCell, 'country' | 'asn' | 'oca' | 'device' | 'app_version'>>

/** What is read of a row of `minuteCubes`; 64-bit integers arrive as text. */
export interface CubeCell extends Readonly<Record<Count, string>>, Place {
  /** Start of the minute, ms. */
  readonly minute: string
  /** Buckets of start-up time, one for each play, in order. */
  readonly startups: readonly string[]
}

/** What is read of a cell that is kept in memory. */
export interface LiveCell extends Readonly<Record<Count, number>>, Place {
  readonly startups: MinuteCell['startups']
}

/** Oldest first. */
export function minutesOfCells(rows: readonly CubeCell[]): MinuteOfCells[] {
  return [...Map.groupBy(rows, ({ minute }) => Number(minute))]
    .sort(([a], [b]) => a - b)
    .map(([minute, own]) => ({
      minute,
      cells: own.map((row) =>
        cellOf(
          row,
          [...Map.groupBy(row.startups, (bucket) => bucket)].map(
            ([bucket, plays]) => [Number(bucket), plays.length] as const,
          ),
        ),
      ),
    }))
}

export const minutesOfLive = (
  minutes: readonly { readonly minute: number; readonly cells: readonly LiveCell[] }[],
): MinuteOfCells[] =>
  minutes.map(({ minute, cells }) => ({ minute, cells: cells.map((cell) => cellOf(cell, cell.startups)) }))

/**
 * A failure with a business error (a limit, a right) is neither an exit nor technical. The table keeps errors by class,
 * not by code.
 */
function cellOf(
  { country, asn, oca, device, app_version, ...row }: Place & Readonly<Record<Count, string | number>>,
  startups: MinuteCell['startups'],
): MinuteCell {
  const count = (name: Count): number => Number(row[name])
  const technical = count('errors_technical')
  return {
    country,
    asn,
    oca,
    device,
    app_version,
    attempts: count('attempts'),
    plays: count('plays'),
    startup_ms: count('startup_ms'),
    startups,
    start_failures: count('vsf_technical'),
    ebvs: count('ebvs'),
    concurrent_plays: count('concurrent_plays'),
    stall_ms: count('stall_ms'),
    watched_ms: count('watched_ms'),
    playback_failures: count('vpf_technical'),
    errors: technical > 0 ? { technical } : {},
  }
}
