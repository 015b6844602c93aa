import { systemClock } from '../platform/clock.ts'
import { readConfig, type Environment } from '../platform/config.ts'
import { openLogger } from '../platform/logger.ts'
import { openMetrics } from '../platform/metrics.ts'
import type { RoleContext } from '../platform/role.ts'

/** What a role is given by this process. */
export function openContext(role: string, env: Environment = process.env): RoleContext {
  const config = readConfig(env)
  return {
    config,
    clock: systemClock,
    logger: openLogger(role, config.logLevel),
    metrics: openMetrics({ process: true }),
  }
}
