import path from 'node:path'
import type { Config } from '../../platform/config.ts'
import { newKey } from '../../platform/http/auth/keys.ts'
import type { Info } from '../../platform/process/protocol.ts'
import type { ChildCommand } from '../../platform/process/run-child.ts'
import type { ProcessSpec } from '../../platform/process/supervisor.ts'
import type { Listening, Role } from '../../platform/role.ts'

export interface StartOptions {
  /** Values of the `start` flags that roles accept. */
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
}

type Infos = ReadonlyMap<string, Info>
type Roles = Readonly<Record<string, Role>>

const CLI = path.join(import.meta.dirname, '../playloop.ts')
// The store's first start applies every migration, and a broker is slow on a busy machine.
const START_LIMIT_MS = 90_000
const STOP_LIMIT_MS = 20_000

/**
 * The processes of one machine in start order. They stop in reverse order, so that data already sent is still accepted:
 * world → collector → store → broker. With an external Kafka there is no broker.
 */
export function processes(config: Config, roles: Roles, { flags, env }: StartOptions): ProcessSpec[] {
  const key = ownKey(config)
  const there = Object.entries(roles).filter(([name]) => name !== 'broker' || config.kafka.brokers.length === 0)
  const names = new Set(there.map(([name]) => name))
  return there.map(([name, role]) => ({
    name,
    after: role.local?.after.filter((needed) => names.has(needed)) ?? [],
    startLimitMs: START_LIMIT_MS,
    stopLimitMs: STOP_LIMIT_MS,
    command: (infos): ChildCommand => ({
      args: [CLI, 'run', name, ...(role.local?.args?.(infos) ?? []), ...flagsFor(role, flags)],
      env: { ...environment(config, roles, env, infos), ...key },
      logFile: logFile(config, name),
    }),
  }))
}

export const logFile = (config: Config, name: string): string => path.resolve(config.dataDir, 'logs', `${name}.log`)

const flagsFor = ({ local }: Role, flags: StartOptions['flags']): string[] =>
  Object.keys(local?.flags ?? {}).flatMap((flag) => (flags[flag] === undefined ? [] : [`--${flag}=${flags[flag]}`]))

/**
 * Where keys are wanted, the processes of this machine get one of their own: the world sends events and registers its
 * experiments with it.
 */
function ownKey({ http: { auth } }: Config): StartOptions['env'] {
  const isConfigured = auth.keys.length > 0 || auth.keysFile !== '' || auth.issuer !== ''
  if (!isConfigured || auth.off) return {}
  const own = newKey('this-machine', ['read', 'write:events', 'write:experiments'])
  return { PLAYLOOP_API_KEYS: [...auth.keys, own].join(',') }
}

/** A restarted process must keep its address, so automatically chosen ports are reused. */
function environment(config: Config, roles: Roles, env: StartOptions['env'], infos: Infos): StartOptions['env'] {
  const ports = Object.entries(roles).flatMap(([name, { listens }]) => {
    if (listens === undefined) return []
    return [[listens.variable.name, portOf(infos.get(name)) ?? String(configuredPort(config, listens))]]
  })
  return {
    // chdb runs queries on libuv's thread pool: with the default four threads, one slow query would delay all others.
    UV_THREADPOOL_SIZE: '16',
    ...env,
    PLAYLOOP_DATA: path.resolve(config.dataDir),
    KAFKA_BROKERS: infos.get('broker')?.['brokers'] ?? config.kafka.brokers.join(','),
    ...(Object.fromEntries(ports) as StartOptions['env']),
  }
}

/** The port that a role is configured to listen on; 0 = any free one. */
export const configuredPort = (config: Config, { variable, what }: Listening): number =>
  config.of({ title: what, variables: { port: variable } }).port

const portOf = (info: Info | undefined): string | undefined =>
  info?.['url'] === undefined ? undefined : new URL(info['url']).port
