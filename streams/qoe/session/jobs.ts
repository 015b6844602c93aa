import type { Job } from '../../../platform/jobs/index.ts'
import type { PartContext } from '../../../platform/module.ts'
import { LANDED_ENDS, sessionsJob } from './job.ts'
import { SESSIONS_LAG, sessionsLagJob } from './lag.ts'

/** For the manifest. Needs LANDED_ENDS, provides SESSIONS_LAG. */
export function jobs({ store, clock, metrics, services }: PartContext): readonly Job[] {
  const ends = services.get(LANDED_ENDS)
  const { job, lag } = sessionsLagJob({ store, clock, metrics, ends })
  services.provide(SESSIONS_LAG, lag)
  return [sessionsJob({ store, ends }), job]
}
