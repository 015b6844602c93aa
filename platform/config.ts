import { isIP } from 'node:net'
import { errorTable } from './errors.ts'
import { HTTP_VARIABLES, httpSettings, type HttpSettings } from './http/settings.ts'

/**
 * The whole configuration: one typed tree, read from the environment in this file alone and validated at once.
 * `playloop validate` prints every fault together.
 */
export interface Config {
  readonly dataDir: string
  readonly host: string
  /** API and pages. 0 = any free port. */
  readonly port: number
  readonly collectorPort: number
  readonly logLevel: string
  readonly kafka: { readonly brokers: readonly string[] }
  readonly clickhouse: {
    readonly url: string
    readonly database: string
    readonly user: string
    readonly password: string
  }
  readonly registryUrl: string
  readonly http: HttpSettings
  readonly collector: CollectorConfig
  readonly sink: SinkConfig
  readonly detect: DetectConfig
}

export interface CollectorConfig {
  /** Largest body as it arrives, bytes. */
  readonly maxBodyBytes: number
  /** Largest body after gzip is undone, bytes. */
  readonly maxInflatedBytes: number
  readonly maxEvents: number
  /** Bytes of events accepted and not yet acknowledged by Kafka; past it the collector sheds with 503. */
  readonly maxInflightBytes: number
  /** Exact origins that browsers may send from; '*' for any. */
  readonly corsOrigins: readonly string[]
  /** Keys that producers present; none = open (development). */
  readonly ingestKeys: readonly string[]
  /** Event ids remembered, to answer a client's resend without storing it again. */
  readonly duplicateCacheSize: number
  /**
   * Addresses and networks of proxies whose X-Forwarded-For is believed; none = the socket's address is the client's.
   */
  readonly trustedProxies: readonly string[]
  /** Files that say where a client's address is; see platform/geo. */
  readonly geo: { readonly country: string; readonly asn: string }
  /** CMCD sessions that are told to stop (410). */
  readonly closedSessions: readonly string[]
}

export interface SinkConfig {
  readonly group: string
  /** Static membership: the same instance comes back to the same partitions without a rebalance. */
  readonly instanceId: string
  readonly sessionTimeoutMs: number
  readonly batchRows: number
  readonly batchBytes: number
  readonly insertsPerSecond: number
}

export interface DetectConfig {
  /** JSON file of threshold rules; '' = none. */
  readonly rulesFile: string
  /** Who is told of incidents; url '' = only the log. */
  readonly webhook: { readonly url: string; readonly secret: string }
}

export const fail = errorTable({
  CONFIG_INVALID: {
    status: 500,
    message: 'the configuration has {count} fault(s):\n{faults}',
    next: 'mend the variables named above; `playloop validate` checks them without starting anything',
  },
})

export interface ConfigVariable {
  readonly name: string
  readonly fallback: string
  readonly doc: string
  /** Returns what is wrong with a value, or nothing. */
  readonly check: (value: string) => string | undefined
}

const text = (name: string, fallback: string, doc: string): ConfigVariable => ({
  name,
  fallback,
  doc,
  check: () => undefined,
})
const oneOf = (name: string, options: readonly string[], fallback: string, doc: string): ConfigVariable => ({
  name,
  fallback,
  doc,
  check: (value) => (options.includes(value) ? undefined : `must be one of ${options.join(', ')}`),
})
const integer = (name: string, min: number, max: number, fallback: number, doc: string): ConfigVariable => ({
  name,
  fallback: String(fallback),
  doc,
  check: (value) =>
    /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`,
})
const url = (name: string, doc: string): ConfigVariable => ({
  name,
  fallback: '',
  doc,
  check: (value) => (value === '' || URL.canParse(value) ? undefined : 'must be a URL such as http://127.0.0.1:8123'),
})
const receiver = (name: string, doc: string): ConfigVariable => ({
  name,
  fallback: '',
  doc,
  check: (value) => (/^https?:$/.test(URL.parse(value)?.protocol ?? '') ? undefined : 'must be an http or https URL'),
})
const brokers = (name: string, doc: string): ConfigVariable => ({
  name,
  fallback: '',
  doc,
  check: (value) =>
    list(value).every((broker) => /^[^:\s]+:\d+$/.test(broker))
      ? undefined
      : 'must be host:port, several separated by commas',
})

const networks = (name: string, doc: string): ConfigVariable => ({
  name,
  fallback: '',
  doc,
  check: (value) =>
    list(value).every(isNetwork) ? undefined : 'must be addresses or networks such as 10.0.0.0/8, separated by commas',
})
const sessions = (name: string, doc: string): ConfigVariable => ({
  name,
  fallback: '',
  doc,
  check: (value) => (list(value).length <= MAX_CLOSED ? undefined : `must be at most ${MAX_CLOSED} session ids`),
})

/** Every variable playloop reads, with its default and meaning; docs/configuration.md is checked against it. */
export const VARIABLES = [
  text('PLAYLOOP_DATA', '.playloop', 'Folder of the local broker, the embedded engine and journals.'),
  text('PLAYLOOP_HOST', '127.0.0.1', 'Address to listen on.'),
  integer('PORT', 0, 65_535, 8080, 'Port of the API and the pages; 0 takes any free one.'),
  integer('PLAYLOOP_COLLECTOR_PORT', 0, 65_535, 8081, 'Port of the collector; 0 takes any free one.'),
  oneOf('PLAYLOOP_LOG', ['silent', 'error', 'warn', 'info', 'debug'], 'warn', 'Least level that is logged.'),
  brokers('KAFKA_BROKERS', 'Kafka brokers; unset = a local broker is started.'),
  url('CLICKHOUSE_URL', 'ClickHouse server; unset = the embedded engine.'),
  text('CLICKHOUSE_DATABASE', 'playloop', 'Database of all tables.'),
  text('CLICKHOUSE_USER', 'default', 'User of the server.'),
  text('CLICKHOUSE_PASSWORD', '', 'Password of the server.'),
  url('SCHEMA_REGISTRY_URL', 'Confluent-compatible schema registry; unset = the committed catalogue.'),
  integer('PLAYLOOP_MAX_BODY', 1_024, 67_108_864, 1_048_576, 'Largest request body as it arrives, bytes.'),
  integer('PLAYLOOP_MAX_INFLATED', 1_024, 268_435_456, 8_388_608, 'Largest request body once decompressed, bytes.'),
  integer('PLAYLOOP_MAX_EVENTS', 1, 100_000, 2_000, 'Most events in one request.'),
  integer(
    'PLAYLOOP_MAX_INFLIGHT',
    65_536,
    1_073_741_824,
    33_554_432,
    'Bytes not yet acknowledged by Kafka past which the collector answers 503.',
  ),
  text('PLAYLOOP_CORS_ORIGINS', '*', 'Exact origins that browsers may send from, separated by commas.'),
  text('PLAYLOOP_INGEST_KEYS', '', 'Keys producers must present, separated by commas; none = open.'),
  integer('PLAYLOOP_DUPLICATE_CACHE', 0, 10_000_000, 200_000, 'Event ids the collector remembers.'),
  networks(
    'PLAYLOOP_TRUSTED_PROXIES',
    'Addresses or CIDR networks of proxies whose X-Forwarded-For is believed, separated by commas.',
  ),
  text(
    'PLAYLOOP_MMDB_COUNTRY',
    '',
    'MMDB file of countries for CMCD records that carry none; unset = the one that is shipped, none = no look-up.',
  ),
  text(
    'PLAYLOOP_MMDB_ASN',
    '',
    'MMDB file of autonomous systems for CMCD records that carry none; unset = no look-up.',
  ),
  sessions(
    'PLAYLOOP_CMCD_CLOSED',
    'CMCD session ids that are told to stop by 410, separated by commas; at most 1,000.',
  ),
  text('PLAYLOOP_SINK_GROUP', 'playloop-sink', 'Consumer group of the sink.'),
  text('PLAYLOOP_SINK_INSTANCE', 'sink-1', 'Static member id of this sink; each sink process needs its own.'),
  integer('PLAYLOOP_SINK_SESSION_TIMEOUT', 6_000, 300_000, 10_000, 'Group session timeout, ms.'),
  integer('PLAYLOOP_SINK_BATCH_ROWS', 1, 65_536, 50_000, 'Most rows of one insert.'),
  integer('PLAYLOOP_SINK_BATCH_BYTES', 1_024, 16_777_216, 8_388_608, 'Most bytes of one insert.'),
  integer('PLAYLOOP_SINK_INSERTS', 1, 1_000, 10, 'Most inserts a second, over all topics.'),
  text('PLAYLOOP_ALERT_RULES', '', 'JSON file of alerts on fixed limits; unset = only anomalies are incidents.'),
  receiver('PLAYLOOP_WEBHOOK_URL', 'Receiver of incidents as they open, change and end; unset = only the log.'),
  text('PLAYLOOP_WEBHOOK_SECRET', '', 'Key that webhooks are signed with; unset = unsigned.'),
  ...HTTP_VARIABLES,
] as const satisfies readonly ConfigVariable[]

/** More is no operator's list but a mistake: every record is looked up in it. */
const MAX_CLOSED = 1_000

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads and checks the whole tree; throws CONFIG_INVALID with every fault. */
export function readConfig(env: Environment = process.env): Config {
  const faults = configFaults(env)
  if (faults.length > 0) throw fail('CONFIG_INVALID', { count: faults.length, faults: faults.join('\n') })
  const value = (name: (typeof VARIABLES)[number]['name']): string => {
    const set = env[name]
    return set !== undefined && set !== ''
      ? set
      : (VARIABLES.find((variable) => variable.name === name)?.fallback ?? '')
  }
  const number = (name: (typeof VARIABLES)[number]['name']): number => Number(value(name))
  return {
    dataDir: value('PLAYLOOP_DATA'),
    host: value('PLAYLOOP_HOST'),
    port: number('PORT'),
    collectorPort: number('PLAYLOOP_COLLECTOR_PORT'),
    logLevel: value('PLAYLOOP_LOG'),
    kafka: { brokers: list(value('KAFKA_BROKERS')) },
    clickhouse: {
      url: value('CLICKHOUSE_URL'),
      database: value('CLICKHOUSE_DATABASE'),
      user: value('CLICKHOUSE_USER'),
      password: value('CLICKHOUSE_PASSWORD'),
    },
    registryUrl: value('SCHEMA_REGISTRY_URL'),
    http: httpSettings(value),
    collector: {
      maxBodyBytes: number('PLAYLOOP_MAX_BODY'),
      maxInflatedBytes: number('PLAYLOOP_MAX_INFLATED'),
      maxEvents: number('PLAYLOOP_MAX_EVENTS'),
      maxInflightBytes: number('PLAYLOOP_MAX_INFLIGHT'),
      corsOrigins: list(value('PLAYLOOP_CORS_ORIGINS')),
      ingestKeys: list(value('PLAYLOOP_INGEST_KEYS')),
      duplicateCacheSize: number('PLAYLOOP_DUPLICATE_CACHE'),
      trustedProxies: list(value('PLAYLOOP_TRUSTED_PROXIES')),
      geo: { country: value('PLAYLOOP_MMDB_COUNTRY'), asn: value('PLAYLOOP_MMDB_ASN') },
      closedSessions: list(value('PLAYLOOP_CMCD_CLOSED')),
    },
    sink: {
      group: value('PLAYLOOP_SINK_GROUP'),
      instanceId: value('PLAYLOOP_SINK_INSTANCE'),
      sessionTimeoutMs: number('PLAYLOOP_SINK_SESSION_TIMEOUT'),
      batchRows: number('PLAYLOOP_SINK_BATCH_ROWS'),
      batchBytes: number('PLAYLOOP_SINK_BATCH_BYTES'),
      insertsPerSecond: number('PLAYLOOP_SINK_INSERTS'),
    },
    detect: {
      rulesFile: value('PLAYLOOP_ALERT_RULES'),
      webhook: { url: value('PLAYLOOP_WEBHOOK_URL'), secret: value('PLAYLOOP_WEBHOOK_SECRET') },
    },
  }
}

/** All faults of an environment, one line each: a misspelt PLAYLOOP_* variable is one too. */
export function configFaults(env: Environment): string[] {
  const wrong = VARIABLES.flatMap(({ name, check }) => {
    const value = env[name]
    const fault = value === undefined || value === '' ? undefined : check(value)
    return fault === undefined ? [] : [`  ${name}=${value} ${fault}`]
  })
  const known = new Set<string>(VARIABLES.map(({ name }) => name))
  const misspelt = Object.keys(env).filter((name) => name.startsWith('PLAYLOOP_') && !known.has(name))
  return [...wrong, ...misspelt.map((name) => `  ${name} is not a variable of playloop`)]
}

const list = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

function isNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const kind = isIP(address)
  return (
    kind !== 0 &&
    more === undefined &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128)))
  )
}
