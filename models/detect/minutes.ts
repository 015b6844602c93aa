/** Minutes as input of detection: cells summed to a bounded number of leaves. */
import { largest, type Leaves } from './baseline.ts'
import { DIMENSIONS, leafKey, valuesOf, type MinuteCell } from './cells.ts'
import { addTo, emptyTally, tallyOf, type Tally } from './metrics.ts'

export const MINUTE_MS = 60_000

/** All cells of one minute as they are now; a later value replaces it. */
export interface MinuteOfCells {
  /** Start, ms of the clock. */
  readonly minute: number
  readonly cells: readonly MinuteCell[]
}

export interface OpenMinute {
  readonly minute: number
  readonly leaves: Leaves
}

/** Leaves beyond the bound are summed under this name. */
const OTHERS = DIMENSIONS.map(() => '(others)')

export function leavesOf(cells: readonly MinuteCell[], most: number): Leaves {
  const leaves = new Map<string, Tally>()
  for (const cell of cells) {
    const key = leafKey(valuesOf(cell))
    const known = leaves.get(key)
    if (known === undefined) leaves.set(key, tallyOf(cell))
    else addTo(known, tallyOf(cell))
  }
  if (leaves.size <= most) return Object.fromEntries(leaves)
  const kept = largest(leaves, most - 1)
  const names = new Set(kept.map(([key]) => key))
  const others = emptyTally()
  for (const [key, tally] of leaves) if (!names.has(key)) addTo(others, tally)
  return Object.fromEntries([...kept, [leafKey(OTHERS), others]])
}
