import { systemClock } from '../platform/clock.ts'
import { readConfig, type Environment } from '../platform/config.ts'
import { openLog } from '../platform/log.ts'
import { openMetrics } from '../platform/metrics.ts'
import type { RoleContext } from '../platform/role.ts'

/** What a role is given by this process. */
export function openContext(role: string, env: Environment = process.env): RoleContext {
  const config = readConfig(env)
  return { config, clock: systemClock, log: openLog(role, config.logLevel), metrics: openMetrics({ process: true }) }
}
