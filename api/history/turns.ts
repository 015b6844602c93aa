import { createPool } from '../../platform/clickhouse/pool.ts'
import { fail } from '../errors.ts'

/** Lets in one at a time. */
export interface Turns {
  run<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Questions about history go one after the other: each may use the whole machine, and the live view shares it. Past
 * `most` waiting, the next is refused at once instead of late.
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
