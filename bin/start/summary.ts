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
  /** Records that were not yet landed when patience ended; 0 in a sound run. */
  readonly lag: number
  /** Processes that had to be started again. */
  readonly restarts: number
  readonly audit: Json
  readonly holds: boolean
}

export interface SummaryInput {
  readonly seconds: number
  readonly world: Stats
  readonly store: Stats
  /** Rows of stores that were restarted meanwhile. */
  readonly earlierRows: number
  readonly lag: number
  readonly restarts: number
  readonly audit: Json
}

export function summarize({ seconds, world, store, earlierRows, lag, restarts, audit }: SummaryInput): Summary {
  const stored = earlierRows + numberIn(store, 'rows')
  const visible = store['event_to_visible_ms']
  const quantile = (name: string): number | null => (isObject(visible) && typeof visible[name] === 'number' ? visible[name] : null)
  return {
    seconds: Math.round(seconds * 10) / 10,
    produced: numberIn(world, 'produced'),
    stored,
    duplicates: numberIn(world, 'duplicates'),
    dead_letters: numberIn(store, 'dead_letters'),
    rows_per_s: seconds > 0 ? Math.round(stored / seconds) : 0,
    event_to_visible_ms: { p50: quantile('p50'), p99: quantile('p99') },
    lag, restarts, audit,
    holds: isObject(audit) && audit['holds'] === true && lag === 0,
  }
}

/** A counter of a role; 0 when it has not said anything yet. */
export const numberIn = (stats: Stats, name: string): number => {
  const value = stats[name]
  return typeof value === 'number' ? value : 0
}

const isObject = (value: Json | undefined): value is Stats => typeof value === 'object' && value !== null && !Array.isArray(value)
