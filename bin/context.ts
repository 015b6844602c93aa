import type { CommandContext, Module } from '../platform/module.ts'
import { systemClock } from '../platform/clock.ts'
import { readConfig, type Environment } from '../platform/config.ts'
import { openLogger } from '../platform/logger.ts'
import { openMetrics } from '../platform/metrics.ts'
import type { RoleContext } from '../platform/role.ts'
import { settingsOf } from './composition.ts'

/** Opens the context of a role in this process; checks every variable of every module before anything starts. */
export function openContext(role: string, modules: readonly Module[], env: Environment = process.env): RoleContext {
  const config = readConfig(env, settingsOf(modules))
  const metrics = openMetrics({ process: true })
  const lost = metrics.counter('playloop_log_lines_lost_total', 'Log lines left out, by reason', ['reason'])
  return {
    config,
    clock: systemClock,
    logger: openLogger(role, config.logLevel, { lost: (reason) => lost.inc({ reason }) }),
    metrics,
  }
}

export function commandContext(modules: readonly Module[]): CommandContext {
  const interrupted = new AbortController()
  return {
    modules,
    open: (name, data) =>
      openContext(name, modules, data === undefined ? process.env : { ...process.env, PLAYLOOP_DATA: data }),
    withLocalData: async (ctx, work) => (await import('./local.ts')).withLocalData(ctx, work),
    get interrupted() {
      process.once('SIGINT', () => interrupted.abort()).once('SIGTERM', () => interrupted.abort())
      return interrupted.signal
    },
  }
}
