import { fail } from '../platform/cli/errors.ts'
import { systemClock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { listenFault } from '../platform/kafka/local/ports.ts'
import { ensureReachable } from '../platform/kafka/reach.ts'
import type { Module } from '../platform/module.ts'
import type { Listening } from '../platform/role.ts'
import { configuredPort } from './start/processes.ts'

/** Checks what needs more than a look at the variables: files and keys. Throws an error with a code. */
export async function checkFiles(config: Config, modules: readonly Module[]): Promise<void> {
  const { openAuth } = await import('../platform/http/index.ts')
  openAuth(config.http.auth, systemClock)
  for (const module of modules) await module.validate?.({ config })
}

/** Checks everything that would otherwise stop a process after others have started. Throws an error with a code. */
export async function checkMachine(config: Config, listening: readonly Listening[]): Promise<void> {
  await checkPorts(config, listening)
  if (config.kafka.brokers.length > 0) await ensureReachable(config.kafka.brokers)
}

async function checkPorts(config: Config, listening: readonly Listening[]): Promise<void> {
  const wanted = listening.map((each) => ({ ...each, port: configuredPort(config, each) }))
  for (const { variable, what, flag, port } of wanted) {
    const how = `--${flag} N (or ${variable.name})`
    const other = wanted.find((each) => each.port === port && each.what !== what)
    if (port !== 0 && other !== undefined) throw fail('CLI_PORT_TWICE', { port, what, other: other.what, how })
    const reason = await listenFault(port, config.host)
    if (reason === 'EADDRINUSE') throw fail('CLI_PORT_IN_USE', { port, what, how })
    if (reason !== undefined) throw fail('CLI_PORT_REFUSED', { port, what, host: config.host, reason, how })
  }
}
