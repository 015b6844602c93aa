import type { PartContext, RunningPart } from '../../../platform/module.ts'
import { LANDED_ENDS } from './job.ts'
import { openLandedEnds } from './landed.ts'

/** Reads from the brokers how far telemetry has landed, for the jobs that make stored sessions of it. */
export function startLandedEnds({ config, services }: PartContext): Promise<RunningPart> {
  const landed = openLandedEnds(config)
  services.provide(LANDED_ENDS, landed.ends)
  return Promise.resolve({ done: new Promise(() => undefined), stop: () => landed.close() })
}
