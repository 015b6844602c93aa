import { fail } from '../errors.ts'

/** Lets in one at a time. */
export interface Turns {
  run<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Questions about history go one after the other: each may use the whole machine, and the live view shares it. Past `most`
 * waiting, the next is refused at once instead of late.
 */
export function createTurns(most: number): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    async run(work) {
      if (waiting >= most) throw fail('API_BUSY', { most })
      waiting++
      const turn = last.then(work, work)
      last = turn.catch(() => undefined)
      return turn.finally(() => waiting--)
    },
  }
}
