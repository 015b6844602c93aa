import { StoreError } from './port.ts'

/** One of `of` parts of all rows, by hash. */
export interface Slice {
  readonly of: number
  readonly at: number
}

const MEMORY_LIMIT_EXCEEDED = 241

export const isOutOfMemory = (error: unknown): boolean => error instanceof StoreError && error.engineCode === MEMORY_LIMIT_EXCEEDED

/** SQL: lies the row with this key in the slice? */
export const inSlice = (key: string, { of, at }: Slice): string => (of === 1 ? '1' : `cityHash64(${key}) % ${of} = ${at}`)

/**
 * Does work on `rows` rows slice by slice, at most `most` rows each; in finer slices where a few rows are dearer than their number
 * says. The work of a slice may be begun again: doing it twice must do no harm.
 */
export async function inSlices(rows: number, most: number, work: (slice: Slice) => Promise<void>): Promise<void> {
  let of = Math.ceil(rows / most)
  for (let at = 0; at < of; at++) {
    try {
      await work({ of, at })
    } catch (error) {
      if (!isOutOfMemory(error) || of > rows) throw error
      // Halves of slice `at` are `at` and `at + of` of twice as many; those before it are done, and done again do no harm.
      ;[of, at] = [of * 2, at - 1]
    }
  }
}
