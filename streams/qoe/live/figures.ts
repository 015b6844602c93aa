import { DEFINITIONS, type SumName } from '../definitions.ts'
import { mergeHistograms, quantileOf, STARTUP_PARTS } from '../sketch.ts'
import type { LeftOut } from './bounds.ts'
import type { LiveClock } from './clock.ts'
import { keepMost } from './most.ts'
import { OTHERS, PLACE_DIMENSIONS, type Others } from './places.ts'
import type { MinuteCell } from './spread.ts'

/** A query of the live view: the last minutes of a clock by group, for all sessions or for one country or OCA. */
export interface LiveQuestion {
  readonly clock: string
  readonly minutes: number
  readonly group: Group
  readonly country?: string
  readonly oca?: string
}

export const GROUPS = ['country_oca', 'country', 'oca', 'none'] as const
export type Group = (typeof GROUPS)[number]

/** Metrics of one minute and one group. The part of a name after the colon is its definition (definitions.ts). */
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

/** An answer: all minutes of a question, or only those that changed. Watchers of the same question share it. */
export interface LiveFrame {
  readonly clock: string
  readonly group: Group
  /** Definitions of the metrics' names; empty in a frame of changes. */
  readonly definitions: Readonly<Record<string, string>>
  readonly as_of: {
    /** The current time of the clock; null without data. */
    readonly watermark: number | null
    /** Latest log time read, wall clock in ms; null before the first. */
    readonly received: number | null
    readonly computed: number
    /** Offset of each partition up to which everything is included. */
    readonly landed: readonly { readonly partition: number; readonly offset: number }[]
  }
  /** What does not stand under its own name, or not at all; all 0 unless clients sent more than memory holds. */
  readonly left_out: {
    /** Number of values of each dimension that are summed under `(others)`. */
    readonly values: Others
    /** Sessions, about, whose later records are missing from the minutes. */
    readonly sessions: number
    /** Records of plain CMCD, about, that are too many of one session in a minute. */
    readonly records: number
  }
  readonly minutes: readonly {
    readonly minute: number
    /** True while the minute is not over. */
    readonly partial: boolean
    readonly total: Metrics
    /** '' = not reported by the player, or not grouped by. */
    readonly groups: readonly (Metrics & { readonly country: string; readonly oca: string })[]
    /** Number of groups that are summed in the last one, `(others)`, because the answer would be too large. */
    readonly other_groups: number
  }[]
}

/** Answers a question: all its minutes, or only those in `only`. */
export function frameOf(
  { clock, group, country, oca, minutes: count }: LiveQuestion,
  live: LiveClock | undefined,
  asOf: Omit<LiveFrame['as_of'], 'watermark'>,
  only?: ReadonlySet<number>,
): LiveFrame {
  const minutes = live?.minutes().slice(-count) ?? []
  const latest = minutes.at(-1)
  const isAsked = (cell: MinuteCell): boolean =>
    (country === undefined || cell.country === country) && (oca === undefined || cell.oca === oca)
  return {
    clock,
    group,
    definitions: only === undefined ? DEFINITIONS : {},
    as_of: { watermark: live?.watermark ?? null, ...asOf },
    left_out: live?.leftOut() ?? NOTHING,
    minutes: minutes
      .filter((minute) => only?.has(minute) ?? true)
      .map((minute) => {
        const cells = live!.cells(minute).filter(isAsked)
        const { groups, others } = groupsOf(cells, group, Math.floor(MAX_ROWS / count))
        return { minute, partial: minute === latest, total: metricsOf(cells), groups, other_groups: others }
      }),
  }
}

/** Groups in one answer, over all its minutes: with the longest names 5 MB of JSON. */
const MAX_ROWS = 6_000
const NOTHING: LeftOut = {
  values: Object.fromEntries(PLACE_DIMENSIONS.map((name) => [name, 0])) as unknown as Others,
  sessions: 0,
  records: 0,
}

type Groups = LiveFrame['minutes'][number]['groups']

/**
 * Metrics per group of the cells, ordered by country and OCA. Of more than `limit` groups those with the most sessions
 * of the minute are shown, and the rest as one: a minute is a function of its cells alone, wherever they come from.
 */
function groupsOf(cells: readonly MinuteCell[], group: Group, limit: number): { groups: Groups; others: number } {
  if (group === 'none') return { groups: [], others: 0 }
  const place = (cell: MinuteCell): { country: string; oca: string } => ({
    country: group === 'oca' ? '' : cell.country,
    oca: group === 'country' ? '' : cell.oca,
  })
  const cellsByName = Map.groupBy(cells, (cell) => Object.values(place(cell)).join('\n'))
  const kept = keepMost(new Map([...cellsByName].map(([name, own]) => [name, sessionsOf(own)])), limit - 1)
  const groups = [...cellsByName]
    .filter(([name]) => kept?.has(name) ?? true)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, own]) => ({ ...place(own[0]!), ...metricsOf(own) }))
    .filter((row) => !isEmpty(row))
  if (kept === undefined) return { groups, others: 0 }
  const rest = [...cellsByName].filter(([name]) => !kept.has(name)).flatMap(([, own]) => own)
  return {
    groups: [...groups, { country: OTHERS, oca: OTHERS, ...metricsOf(rest) }],
    others: cellsByName.size - kept.size,
  }
}

const sessionsOf = (cells: readonly MinuteCell[]): number =>
  cells.reduce((sum, { attempts, concurrent_plays }) => sum + attempts + concurrent_plays, 0)

/** Metrics over all cells together. */
export function metricsOf(cells: readonly MinuteCell[]): Metrics {
  const sum = (name: SumName): number => cells.reduce((all, cell) => all + cell[name], 0)
  const [plays, stall_ms, watched_ms] = [sum('plays'), sum('stall_ms'), sum('watched_ms')]
  const [media_ms, bits_played] = [sum('media_ms'), sum('bits_played')]
  const startups = mergeHistograms(cells.map((cell) => cell.startups))
  // Not every play of plain CMCD has a known start-up.
  const known = [...startups.values()].reduce((all, count) => all + count, 0)
  const startup = (p: number): number | null => quantileOf(startups, p, STARTUP_PARTS)
  return {
    attempts: sum('attempts'),
    plays,
    'concurrent_plays:active_minute': sum('concurrent_plays'),
    ebvs: sum('ebvs'),
    vsf: sum('vsf'),
    'startup:cta2066': { plays: known, p50_ms: startup(0.5), p95_ms: startup(0.95) },
    'rebuffer_ratio:cta2066': ratio(stall_ms, watched_ms),
    'average_bitrate:cta2066': ratio(bits_played, media_ms),
    errors: { technical: sum('errors_technical'), business: sum('errors_business'), fatal: sum('errors_fatal') },
    stall_ms,
    watched_ms,
    media_ms,
    bits_played,
    unknown: sum('unknown'),
  }
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** True if nothing happened and nobody watched. */
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
