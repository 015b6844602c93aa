import { errorTable } from './errors.ts'
import { HTTP, httpSettings, type HttpSettings } from './http/settings.ts'
import {
  brokers,
  integer,
  oneOf,
  port,
  settings,
  text,
  url,
  variablesOf,
  type Settings,
  type Variable,
} from './settings.ts'

export const PROCESS = settings('Process', {
  dataDir: text(
    'PLAYLOOP_DATA',
    '.playloop',
    'Folder of the local broker, the embedded engine, journals and logs. One playloop a folder.',
  ),
  host: text('PLAYLOOP_HOST', '127.0.0.1', 'Address that the API and the collector listen on.'),
  port: port('PORT', 8080, 'Port of the API and the pages; 0 takes any free one.'),
  logLevel: oneOf(
    'PLAYLOOP_LOG',
    ['silent', 'error', 'warn', 'info', 'debug'],
    'warn',
    'Least level that is logged: `silent`, `error`, `warn`, `info`, `debug`. Logs are JSON lines on stderr.',
  ),
  diskReserveBytes: integer(
    'PLAYLOOP_DISK_RESERVE',
    0,
    1_000_000_000_000_000,
    268_435_456,
    'Bytes to keep free on the disks of the data folder, the embedded engine and the local broker. With less, the store writes nothing and the collector answers 503, until there is room again. Less than what arrives while a file system is asked (0.1 s) plus two inserts (32 MB) is not safe; 0: no reserve.',
  ),
})

export const KAFKA = settings('Kafka', {
  brokers: brokers(
    'KAFKA_BROKERS',
    'Brokers as `host:port`, separated by commas. Unset: a local broker is started in the data folder (needs Java 17 or newer).',
  ),
  group: text(
    'PLAYLOOP_SINK_GROUP',
    'playloop-sink',
    "Consumer group of the sink. Its committed offsets and their metadata are the sink's only state, and say what has landed.",
  ),
})

export const CLICKHOUSE = settings('ClickHouse', {
  url: url(
    'CLICKHOUSE_URL',
    'A ClickHouse server, such as `http://127.0.0.1:8123`. Unset: the engine runs inside the store process, in the data folder.',
  ),
  database: text('CLICKHOUSE_DATABASE', 'playloop', 'Database of all tables.'),
  user: text('CLICKHOUSE_USER', 'default', 'User of the server.'),
  password: text('CLICKHOUSE_PASSWORD', '', 'Password of the server.'),
})

export const REGISTRY = settings('Schema registry', {
  registryUrl: url(
    'SCHEMA_REGISTRY_URL',
    'A Confluent-compatible schema registry. Unset: ids come from the committed catalogue (`schemas/generated/catalogue.json`).',
  ),
})

/** Settings that every process needs, whichever modules it runs. */
export const PLATFORM_SETTINGS: readonly Settings[] = [PROCESS, KAFKA, CLICKHOUSE, REGISTRY, HTTP]

/** The configuration: the settings every process needs, and `of` for the settings a module declares itself. */
export interface Config {
  readonly dataDir: string
  readonly host: string
  /** Port of the API and the pages; 0 = any free port. */
  readonly port: number
  readonly logLevel: string
  /** Bytes to keep free on the disks that data is written to; 0 = none. */
  readonly diskReserveBytes: number
  readonly kafka: {
    readonly brokers: readonly string[]
    /** Consumer group whose committed offsets record what has landed. */
    readonly group: string
  }
  readonly clickhouse: {
    readonly url: string
    readonly database: string
    readonly user: string
    readonly password: string
  }
  readonly registryUrl: string
  readonly http: HttpSettings
  /** The values of a module's settings. */
  readonly of: <T extends object>(group: Settings<T>) => T
}

export const fail = errorTable({
  CONFIG_INVALID: {
    status: 500,
    message: 'the configuration has {count} fault(s):\n{faults}',
    next: 'mend the variables named above; `playloop validate` checks them without starting anything',
  },
})

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the environment; nothing else does. Throws CONFIG_INVALID listing all faults at once. With `groups` (all
 * existing settings), checks all of them, and a misspelt PLAYLOOP_* name is a fault too; without, checks only the
 * platform's own settings.
 */
export function readConfig(env: Environment = process.env, groups?: readonly Settings[]): Config {
  refuse(groups === undefined ? faultsOf(env, PLATFORM_SETTINGS) : configFaults(env, groups))
  const of = <T extends object>(group: Settings<T>): T => {
    refuse(faultsOf(env, [group]))
    const fields = Object.entries<Variable>(group.variables)
    return Object.fromEntries(fields.map(([field, variable]) => [field, variable.read(valueOf(env, variable))])) as T
  }
  return {
    ...of(PROCESS),
    ...of(REGISTRY),
    kafka: of(KAFKA),
    clickhouse: of(CLICKHOUSE),
    http: httpSettings(of(HTTP)),
    of,
  }
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw fail('CONFIG_INVALID', { count: faults.length, faults: faults.join('\n') })
}

const valueOf = (env: Environment, { name, fallback }: Variable): string => {
  const set = env[name]
  return set !== undefined && set !== '' ? set : fallback
}

/** Faults in the values of some settings, one line each. */
const faultsOf = (env: Environment, groups: readonly Settings[]): string[] =>
  groups.flatMap(variablesOf).flatMap(({ name, check }) => {
    const value = env[name]
    const fault = value === undefined || value === '' ? undefined : check(value)
    return fault === undefined ? [] : [`  ${name}=${withoutCredentials(value ?? '')} ${fault}`]
  })

/** A value for a message. It may be a URL with a password where none belongs. */
const withoutCredentials = (value: string): string => value.replace(/\/\/\S*@/, '//***@')

/**
 * All faults of an environment, one line each. `groups` are all existing settings: any other PLAYLOOP_* name is
 * reported as misspelt.
 */
export function configFaults(env: Environment, groups: readonly Settings[]): string[] {
  const known = new Set(groups.flatMap(variablesOf).map(({ name }) => name))
  const misspelt = Object.keys(env).filter((name) => name.startsWith('PLAYLOOP_') && !known.has(name))
  return [...faultsOf(env, groups), ...misspelt.map((name) => `  ${name} is not a variable of playloop`)]
}
