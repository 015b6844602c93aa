import type { StepContext } from '../jobs/job.ts'
import type { Store } from './port.ts'

/**
 * A store whose writer rests after every statement, not after them all: inserts and answers find a machine that is free
 * in between.
 */
export const throttled = (store: Store, { pace }: Pick<StepContext, 'pace'>): Store => ({
  ...store,
  exec: (query) => pace(() => store.exec(query)),
})
