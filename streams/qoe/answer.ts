import { bucketWidth, SUMS, type MinutePlace, type Sums, type SumName } from './definitions.ts'
import type { Cell } from './spread.ts'

export const GROUPS = ['country_oca', 'country', 'oca', 'none'] as const
export type Group = (typeof GROUPS)[number]

/** Metrics of one minute and one group; the part of a name after the colon says which definition (definitions.ts). */
export interface Metrics {
  readonly attempts: number
  readonly plays: number
  readonly 'concurrent_plays:active_minute': number
  readonly ebvs: number
  readonly vsf: number
  readonly 'startup:cta2066': { readonly plays: number; readonly p50_ms: number | null; readonly p95_ms: number | null }
  /** 0 to 1; null without watched time. */
  readonly 'rebuffer_ratio:cta2066': number | null
  /** kbit/s; null without media time. */
  readonly 'average_bitrate:cta2066': number | null
  readonly errors: { readonly technical: number; readonly business: number; readonly fatal: number }
  readonly stall_ms: number
  readonly watched_ms: number
  readonly media_ms: number
  readonly bits_played: number
  readonly unknown: number
}

export interface GroupMetrics extends Metrics {
  /** '' = unknown to the player, or not grouped by. */
  readonly country: string
  readonly oca: string
}

/** Cells as metrics, merged by `group`, in order of country and OCA. */
export function groupMetrics(cells: Iterable<Cell>, group: Exclude<Group, 'none'>): GroupMetrics[] {
  const byCountry = group !== 'oca'
  const byOca = group !== 'country'
  const groups = Map.groupBy(cells, ({ country, oca }) => `${byCountry ? country : ''}\n${byOca ? oca : ''}`)
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, own]) => ({ country: byCountry ? own[0]!.country : '', oca: byOca ? own[0]!.oca : '', ...metricsOf(own) }))
    .filter((row) => !isEmpty(row))
}

/** All cells as one. */
export function metricsOf(cells: readonly Cell[]): Metrics {
  const sums = sumsOf(cells)
  const buckets = histogramOf(cells)
  return {
    attempts: sums.attempts,
    plays: sums.plays,
    'concurrent_plays:active_minute': sums.concurrent_plays,
    ebvs: sums.ebvs,
    vsf: sums.vsf,
    'startup:cta2066': { plays: sums.plays, p50_ms: quantile(buckets, 0.5), p95_ms: quantile(buckets, 0.95) },
    'rebuffer_ratio:cta2066': ratio(sums.stall_ms, sums.watched_ms),
    'average_bitrate:cta2066': ratio(sums.bits_played, sums.media_ms),
    errors: { technical: sums.errors_technical, business: sums.errors_business, fatal: sums.errors_fatal },
    stall_ms: sums.stall_ms,
    watched_ms: sums.watched_ms,
    media_ms: sums.media_ms,
    bits_played: sums.bits_played,
    unknown: sums.unknown,
  }
}

/** Plays by start-up time: [lower end of the bucket in ms, plays], in order. */
export function histogramOf(cells: readonly Cell[]): [number, number][] {
  const merged = new Map<number, number>()
  for (const { startups } of cells)
    for (const [bucket, count] of startups) merged.set(bucket, (merged.get(bucket) ?? 0) + count)
  return [...merged].sort(([a], [b]) => a - b)
}

/** Nearest rank over buckets, at the middle of its bucket, ms; null of nothing. */
export function quantile(buckets: readonly (readonly [number, number])[], p: number): number | null {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  let rank = Math.max(1, Math.ceil(p * total))
  for (const [lower, count] of buckets) {
    rank -= count
    if (rank <= 0) return Math.floor(lower + (bucketWidth(lower) - 1) / 2)
  }
  return null
}

function sumsOf(cells: readonly Cell[]): Sums {
  const sums = SUMS.map((_, i) => cells.reduce((sum, cell) => sum + cell.sums[i]!, 0))
  return Object.fromEntries(SUMS.map((name, i) => [name, sums[i]!])) as Record<SumName, number>
}

/** A cell by the names of its sums. */
export interface CellRecord extends MinutePlace, Sums {
  /** [lower end of a bucket, ms; plays], in order. */
  readonly startups: readonly (readonly [number, number])[]
}

/** Cells that hold anything. */
export const recordsOf = (cells: readonly Cell[]): CellRecord[] =>
  cells
    .filter(({ sums }) => sums.some((sum) => sum !== 0))
    .map((cell) => {
      const { sums: _, startups: __, ...place } = cell
      return { ...place, ...sumsOf([cell]), startups: histogramOf([cell]) }
    })

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

const isEmpty = (row: Metrics): boolean =>
  row.attempts +
    row.plays +
    row['concurrent_plays:active_minute'] +
    row.ebvs +
    row.vsf +
    row.watched_ms +
    row.media_ms +
    row.unknown +
    row.errors.technical +
    row.errors.business +
    row.errors.fatal ===
  0
