import type { Others, PlaceLimits } from './places.ts'

/** What the live view of one clock holds at most, whatever clients invent. */
export interface Bounds extends PlaceLimits {
  /** Segments of sessions in memory: 1 KB each while they play, a third of it after one record. */
  readonly sessions: number
}

export const UNBOUNDED: Bounds = { sessions: Infinity, values: Infinity, places: Infinity }

/**
 * Values of a dimension and combinations of them: twenty times what a large service has, and as many combinations as
 * detection looks at. A combination takes 600 bytes a minute.
 */
export const MAX_VALUES = 1_000
const MAX_PLACES = 8_000

/** What does not appear under its own name, or not at all. */
export interface LeftOut {
  /** Values of each dimension that are summed under `(others)`. */
  readonly values: Others
  /** Sessions, about, that are missing from the minutes since they were dropped from memory. */
  readonly sessions: number
  /** Records of plain CMCD, about, beyond those of a session's minute that count (`MAX_MINUTE_RECORDS`). */
  readonly records: number
}

/**
 * Bounds of one clock of several: together they hold at most `sessions` segments, or half more while one that was alone
 * makes room. `sizes` are the segments of each of them, `own` those of this one.
 */
export function shareOf(sessions: number, sizes: readonly number[], own: number): Bounds {
  const others = sizes.reduce((sum, size) => sum + size, 0) - own
  const share = 1 / Math.max(1, sizes.length)
  return {
    sessions: Math.max(sessions - others, Math.floor(sessions * share)),
    values: MAX_VALUES,
    places: Math.max(MAX_VALUES, Math.floor(MAX_PLACES * Math.min(1, 2 * share))),
  }
}
