import type { Json, Stats } from '../../platform/process/protocol.ts'

/** The last line of `playloop start --for`. */
export interface Summary {
  readonly seconds: number
  readonly produced: number
  readonly stored: number
  readonly duplicates: number
  readonly dead_letters: number
  readonly rows_per_s: number
  readonly event_to_visible_ms: { readonly p50: number | null; readonly p99: number | null }
  /** Records that were not landed when patience ended; 0 in a sound run, -1 when nobody could say. */
  readonly lag: number
  /** Processes that had to be started again. */
  readonly restarts: number
  readonly audit: Json
  readonly holds: boolean
}

export interface SummaryInput {
  readonly seconds: number
  readonly world: Stats
  /** Quantiles of the store, from before the world ended. */
  readonly visible: Json
  /** How far the sink was when the run began, and when it had landed everything. */
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

/** Counters of processes that were started again: what those before had counted is added. */
export interface Totals {
  /** The process is being started again: its figures so far are put by. */
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

/** A counter of a role; 0 when it has not said anything yet. */
export const numberIn = (stats: Stats, name: string): number => {
  const value = stats[name]
  return typeof value === 'number' ? value : 0
}

const isObject = (value: Json | undefined): value is Stats =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
