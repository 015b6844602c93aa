/** Rows of the minute cubes (`minuteCubes` of streams/qoe by DIMENSIONS) as cells. */
import type { MinuteCell } from './cells.ts'
import type { MinuteOfCells } from './detector.ts'

type Count = 'attempts' | 'plays' | 'startup_ms' | 'vsf_technical' | 'vpf_technical' | 'ebvs' | 'concurrent_plays' | 'stall_ms' | 'watched_ms' | 'errors_technical'

/** What is read of a row; 64-bit integers arrive as text. */
export interface CubeCell extends Readonly<Record<Count, string>>, Readonly<Pick<MinuteCell, 'country' | 'asn' | 'oca' | 'device' | 'app_version'>> {
  /** Start of the minute, ms. */
  readonly minute: string
  /** Buckets of start-up time, one for each play, in order. */
  readonly startups: readonly string[]
}

/** Oldest first. A failure with a business error (a limit, a right) is neither an exit nor technical. The table keeps errors by class, not by code. */
export function minutesOfCells(rows: readonly CubeCell[]): MinuteOfCells[] {
  return [...Map.groupBy(rows, ({ minute }) => Number(minute))].sort(([a], [b]) => a - b).map(([minute, own]) => ({ minute, cells: own.map(cellOf) }))
}

function cellOf({ country, asn, oca, device, app_version, startups, ...row }: CubeCell): MinuteCell {
  const count = (name: Count): number => Number(row[name])
  const technical = count('errors_technical')
  return {
    country, asn, oca, device, app_version, attempts: count('attempts'), plays: count('plays'), startup_ms: count('startup_ms'),
    startups: [...Map.groupBy(startups, (bucket) => bucket)].map(([bucket, plays]) => [Number(bucket), plays.length] as const),
    start_failures: count('vsf_technical'), ebvs: count('ebvs'), concurrent_plays: count('concurrent_plays'), stall_ms: count('stall_ms'), watched_ms: count('watched_ms'),
    playback_failures: count('vpf_technical'), errors: technical > 0 ? { technical } : {},
  }
}
