import type { PartContext, RunningPart } from '../../../platform/module.ts'
import { startSessions } from './job.ts'
import { SESSIONS_LAG, watchSessionsLag } from './lag.ts'
import { openLandedEnds } from './landed.ts'

/** Makes stored sessions of what landed, and watches how far behind they are. */
export function startSessionsPart(ctx: PartContext): Promise<RunningPart> {
  const landed = openLandedEnds(ctx.config)
  const [sessions, lag] = [
    startSessions({ ...ctx, ends: landed.ends }),
    watchSessionsLag({ ...ctx, ends: landed.ends }),
  ]
  ctx.services.provide(SESSIONS_LAG, lag)
  return Promise.resolve({
    done: sessions.done,
    async stop() {
      await Promise.all([sessions.stop(), lag.stop()])
      await landed.close()
    },
  })
}
