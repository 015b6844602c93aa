import type { Json, Stats } from '../../platform/process/protocol.ts'

/** The last line that `playloop start --for` prints. */
export interface Summary {
  readonly seconds: number
  readonly produced: number
  readonly stored: number
  readonly duplicates: number
  readonly dead_letters: number
  readonly rows_per_s: number
  readonly event_to_visible_ms: { readonly p50: number | null; readonly p99: number | null }
  /** Records that had not landed at the time limit; 0 in a correct run, -1 if unknown. */
  readonly lag: number
  /** Number of process restarts. */
  readonly restarts: number
  readonly audit: Json
  readonly holds: boolean
}

export interface SummaryInput {
  readonly seconds: number
  readonly world: Stats
  /** Latency quantiles of the store, taken before the world ended. */
  readonly visible: Json
  /** Position of the sink at the start of the run, and after everything has landed. */
  readonly before: Stats
  readonly after: Stats
  readonly restarts: number
  readonly audit: Json
}

export function summarize({ seconds, world, visible, before, after, restarts, audit }: SummaryInput): Summary {
  const deadLetters = numberIn(after, 'deadLetters') - numberIn(before, 'deadLetters')
  const stored = numberIn(after, 'committed') - numberIn(before, 'committed') - deadLetters
  const quantile = (name: string): number | null =>
    isObject(visible) && typeof visible[name] === 'number' ? visible[name] : null
  const lag = typeof after['ahead'] === 'number' ? after['ahead'] : -1
  return {
    seconds: Math.round(seconds * 10) / 10,
    produced: numberIn(world, 'produced'),
    stored,
    duplicates: numberIn(world, 'duplicates'),
    dead_letters: deadLetters,
    rows_per_s: seconds > 0 ? Math.round(stored / seconds) : 0,
    event_to_visible_ms: { p50: quantile('p50'), p99: quantile('p99') },
    lag,
    restarts,
    audit,
    holds: isObject(audit) && audit['ok'] === true && lag === 0,
  }
}

/** Counters across restarts: the counts of earlier runs of a process are added. */
export interface Totals {
  /** Called when a process restarts: saves its counters so far. */
  restarted(name: string, last: Stats): void
  of(name: string, now: Stats): Stats
}

export function openTotals(): Totals {
  const earlier = new Map<string, Map<string, number>>()
  return {
    restarted(name, last) {
      const sums = earlier.get(name) ?? new Map<string, number>()
      for (const [counter, value] of Object.entries(last))
        if (COUNTERS.has(counter) && typeof value === 'number') sums.set(counter, (sums.get(counter) ?? 0) + value)
      earlier.set(name, sums)
    },
    of: (name, now) => ({
      ...now,
      ...Object.fromEntries(
        [...(earlier.get(name) ?? [])].map(([counter, sum]) => [counter, sum + numberIn(now, counter)]),
      ),
    }),
  }
}

const COUNTERS = new Set(['produced', 'accepted', 'duplicates', 'rows', 'dead_letters'])

/** A counter of a role; 0 if not reported yet. */
export const numberIn = (stats: Stats, name: string): number => {
  const value = stats[name]
  return typeof value === 'number' ? value : 0
}

const isObject = (value: Json | undefined): value is Stats =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
