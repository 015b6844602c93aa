import { quote } from './params.ts'
import type { Store } from './port.ts'

/**
 * Work on a large table in ranges of a column that it is sorted by: each range reads its own part of the table, where a
 * slice by hash (slices.ts) reads all of it, so that the work grows with the square of the table.
 */
export interface TextRange {
  /** Exclusive; absent = from the first. */
  readonly after?: string
  /** Inclusive; absent = to the last. */
  readonly upTo?: string
}

/** Values that are read to find the ends of a range: their sizes are then even to a few per cent. */
const SAMPLES = 1_000

/**
 * Ranges of a text column that together hold every value, and about `most` rows each. `rows` is what stands after FROM:
 * a table, and a condition if need be.
 */
export async function rangesOf(store: Store, rows: string, column: string, most: number): Promise<TextRange[]> {
  const every = Math.max(1, Math.floor(most / SAMPLES))
  const step = Math.max(1, Math.floor(most / every))
  const sampled = `SELECT ${column} AS cut FROM (SELECT ${column} FROM ${rows}) WHERE cityHash64(${column}) % ${every} = 0 ORDER BY cut`
  const cuts = await store.rows<{ cut: string }>(
    `SELECT DISTINCT cut FROM (${sampled}) WHERE rowNumberInAllBlocks() % ${step} = ${step - 1} ORDER BY cut SETTINGS max_threads = 1`,
  )
  const ends = cuts.map(({ cut }) => cut)
  return [...ends, undefined].map((upTo, i) => ({
    ...(i > 0 && { after: ends[i - 1]! }),
    ...(upTo !== undefined && { upTo }),
  }))
}

/** SQL condition: the column is in the range. */
export const inRange = (column: string, { after, upTo }: TextRange): string =>
  [after === undefined ? [] : `${column} > ${quote(after)}`, upTo === undefined ? [] : `${column} <= ${quote(upTo)}`]
    .flat()
    .join(' AND ') || '1'
