import { createPool } from '../../platform/clickhouse/pool.ts'
import { fail } from '../errors.ts'

/** Runs one task at a time. */
export interface Turns {
  run<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Questions about history run one at a time: each may use the whole machine, which the live view shares. If `most` are
 * waiting, the next is rejected at once instead of being late.
 */
export function createTurns(most: number): Turns {
  const mutex = createPool(['one'])
  let present = 0
  return {
    async run(work) {
      if (present >= most) throw fail('API_BUSY', { most })
      present++
      try {
        return await mutex.run(work)
      } finally {
        present--
      }
    },
  }
}
