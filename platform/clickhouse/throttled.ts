import type { StepContext } from '../jobs/job.ts'
import type { Store } from './port.ts'

/**
 * A store that pauses after every writing statement instead of once at the end, so that inserts and queries get CPU
 * time in between.
 */
export const throttled = (store: Store, { pace }: Pick<StepContext, 'pace'>): Store => ({
  ...store,
  exec: (query) => pace(() => store.exec(query)),
})
