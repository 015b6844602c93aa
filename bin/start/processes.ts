import path from 'node:path'
import type { Config } from '../../platform/config.ts'
import type { ChildCommand } from '../../platform/process/run-child.ts'
import type { Info } from '../../platform/process/protocol.ts'
import type { ProcessSpec } from '../../platform/process/supervisor.ts'

export interface StartOptions {
  /** Flags of the world, as they are given to it. */
  readonly world: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
}

const CLI = path.join(import.meta.dirname, '../playloop.ts')
// The first start of the store applies every migration; a broker on a busy machine takes its time.
const START_LIMIT_MS = 90_000
const STOP_LIMIT_MS = 20_000

/**
 * The processes of one machine in order of their start; they end in reverse, so that what was sent is still taken:
 * world → collector → store → broker.
 */
export function processes(config: Config, { world, env }: StartOptions): ProcessSpec[] {
  const local = config.kafka.brokers.length === 0
  const needsLog = local ? ['broker'] : []
  const role = (name: string, after: readonly string[], flags: (infos: Infos) => string[] = () => []): ProcessSpec => ({
    name,
    after,
    startLimitMs: START_LIMIT_MS,
    stopLimitMs: STOP_LIMIT_MS,
    command: (infos): ChildCommand => ({
      args: [CLI, 'run', name, ...flags(infos)],
      env: environment(config, env, infos),
      logFile: logFile(config, name),
    }),
  })
  return [
    ...(local ? [role('broker', [])] : []),
    role('store', needsLog),
    role('collector', needsLog),
    role('world', ['collector', 'store'], (infos) => [
      `--collector=${infos.get('collector')?.['url'] ?? ''}`,
      ...worldFlags(world),
    ]),
  ]
}

type Infos = ReadonlyMap<string, Info>

export const logFile = (config: Config, name: string): string => path.resolve(config.dataDir, 'logs', `${name}.log`)

const worldFlags = (flags: StartOptions['world']): string[] =>
  Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`]))

/** A process that comes back must be found where it was: ports that were chosen freely are kept. */
function environment(config: Config, env: StartOptions['env'], infos: Infos): StartOptions['env'] {
  return {
    // chdb answers queries on libuv's pool: its four threads would make one slow query delay every other.
    UV_THREADPOOL_SIZE: '16',
    ...env,
    PLAYLOOP_DATA: path.resolve(config.dataDir),
    KAFKA_BROKERS: infos.get('broker')?.['brokers'] ?? config.kafka.brokers.join(','),
    PORT: portOf(infos.get('store')) ?? String(config.port),
    PLAYLOOP_COLLECTOR_PORT: portOf(infos.get('collector')) ?? String(config.collectorPort),
  }
}

const portOf = (info: Info | undefined): string | undefined =>
  info?.['url'] === undefined ? undefined : new URL(info['url']).port
