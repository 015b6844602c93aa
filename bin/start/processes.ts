import path from 'node:path'
import type { Config } from '../../platform/config.ts'
import type { Info } from '../../platform/process/protocol.ts'
import type { ChildCommand } from '../../platform/process/run-child.ts'
import type { ProcessSpec } from '../../platform/process/supervisor.ts'
import type { Role } from '../../platform/role.ts'

export interface StartOptions {
  /** Flags of `start` that roles take, as they are passed on. */
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
}

type Infos = ReadonlyMap<string, Info>
type Roles = Readonly<Record<string, Role>>

const CLI = path.join(import.meta.dirname, '../playloop.ts')
// The first start of the store applies every migration; a broker on a busy machine takes its time.
const START_LIMIT_MS = 90_000
const STOP_LIMIT_MS = 20_000

/**
 * The processes of one machine in the order of their start; they end in reverse, so that what was sent is still taken:
 * world → collector → store → broker. With Kafka elsewhere there is no broker.
 */
export function processes(config: Config, roles: Roles, { flags, env }: StartOptions): ProcessSpec[] {
  const there = Object.entries(roles).filter(([name]) => name !== 'broker' || config.kafka.brokers.length === 0)
  const names = new Set(there.map(([name]) => name))
  return there.map(([name, role]) => ({
    name,
    after: role.local?.after.filter((needed) => names.has(needed)) ?? [],
    startLimitMs: START_LIMIT_MS,
    stopLimitMs: STOP_LIMIT_MS,
    command: (infos): ChildCommand => ({
      args: [CLI, 'run', name, ...(role.local?.args?.(infos) ?? []), ...flagsFor(role, flags)],
      env: environment(config, roles, env, infos),
      logFile: logFile(config, name),
    }),
  }))
}

export const logFile = (config: Config, name: string): string => path.resolve(config.dataDir, 'logs', `${name}.log`)

const flagsFor = ({ local }: Role, flags: StartOptions['flags']): string[] =>
  Object.keys(local?.flags ?? {}).flatMap((flag) => (flags[flag] === undefined ? [] : [`--${flag}=${flags[flag]}`]))

/** A process that comes back must be found where it was: ports that were chosen freely are kept. */
function environment(config: Config, roles: Roles, env: StartOptions['env'], infos: Infos): StartOptions['env'] {
  const ports = Object.entries(roles).flatMap(([name, { listens }]) => {
    if (listens === undefined) return []
    const { port } = config.of({ title: name, variables: { port: listens.variable } })
    return [[listens.variable.name, portOf(infos.get(name)) ?? String(port)]]
  })
  return {
    // chdb answers queries on libuv's pool: its four threads would make one slow query delay every other.
    UV_THREADPOOL_SIZE: '16',
    ...env,
    PLAYLOOP_DATA: path.resolve(config.dataDir),
    KAFKA_BROKERS: infos.get('broker')?.['brokers'] ?? config.kafka.brokers.join(','),
    ...(Object.fromEntries(ports) as StartOptions['env']),
  }
}

const portOf = (info: Info | undefined): string | undefined =>
  info?.['url'] === undefined ? undefined : new URL(info['url']).port
