import type { Clock } from '../clock.ts'
import type { Store } from './port.ts'

/**
 * A store whose writer rests after every statement, not after them all: inserts and answers find a machine that is free
 * in between.
 */
export const gentle = (store: Store, clock: Clock, restAfter: (tookMs: number) => Promise<void>): Store => ({
  ...store,
  async exec(query) {
    const started = clock.now()
    await store.exec(query)
    await restAfter(clock.now() - started)
  },
})
