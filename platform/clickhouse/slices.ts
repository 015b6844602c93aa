import { StoreError } from './port.ts'

/** One of `of` slices of all rows, by hash. */
export interface Slice {
  readonly of: number
  readonly at: number
}

const MEMORY_LIMIT_EXCEEDED = 241

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof StoreError && error.engineCode === MEMORY_LIMIT_EXCEEDED

/** SQL condition: the row with this key is in the slice. */
export const inSlice = (key: string, { of, at }: Slice): string =>
  of === 1 ? '1' : `cityHash64(${key}) % ${of} = ${at}`

/**
 * Processes `rows` rows in slices of at most `most` rows. If rows are more expensive than their number suggests, a
 * slice that ran out of memory is halved, and so are those after it: each row is in exactly one slice whose work
 * succeeded.
 */
export async function inSlices(rows: number, most: number, work: (slice: Slice) => Promise<void>): Promise<void> {
  const of = Math.ceil(rows / Math.max(most, 1))
  let finest = of
  const within = async (slice: Slice): Promise<void> => {
    if (slice.of < finest) return halves(slice)
    try {
      await work(slice)
    } catch (error) {
      if (!isOutOfMemory(error) || slice.of > rows) throw error
      finest = 2 * slice.of
      await halves(slice)
    }
  }
  // Rows whose hash has remainder `at` modulo `of` have remainder `at` or `at + of` modulo `2 * of`.
  const halves = async ({ of, at }: Slice): Promise<void> => {
    await within({ of: 2 * of, at })
    await within({ of: 2 * of, at: at + of })
  }
  for (let at = 0; at < of; at++) await within({ of, at })
}
