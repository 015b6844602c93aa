/** Text of server.properties and of the log settings of the local broker. Pure. */
export interface BrokerSettings {
  readonly port: number
  readonly controllerPort: number
  /** Folder of the log itself. */
  readonly logDir: string
}

/**
 * Largest record batch that the broker accepts, bytes: the producer's 1 MiB request and its headers, with a margin for
 * other clients.
 */
export const MAX_MESSAGE_BYTES = 4_194_304
const RETENTION_MS = 7 * 86_400_000
// Twice the log's retention: an offset and the intent in its metadata must never expire before its records.
const OFFSETS_RETENTION_MINUTES = (2 * RETENTION_MS) / 60_000

export function serverProperties({ port, controllerPort, logDir }: BrokerSettings): string {
  const client = `PLAINTEXT://127.0.0.1:${port}`
  const controller = `CONTROLLER://127.0.0.1:${controllerPort}`
  return lines({
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `${client},${controller}`,
    'advertised.listeners': client,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'log.dirs': logDir,
    'auto.create.topics.enable': false,
    // A single broker: no replicas and no wait for group members.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A killed broker can register again only after its old session ends: 9 s by default, most of a restart.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    // Record times come from the broker: a client's clock can neither delay retention nor cause records to be refused.
    'log.message.timestamp.type': 'LogAppendTime',
    'log.retention.ms': RETENTION_MS,
    'offsets.retention.minutes': OFFSETS_RETENTION_MINUTES,
    'message.max.bytes': MAX_MESSAGE_BYTES,
    'replica.fetch.max.bytes': MAX_MESSAGE_BYTES,
    'compression.type': 'producer',
    // After a kill the broker reads the newest segment completely: small segments keep that short.
    'log.segment.bytes': 67_108_864,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'background.threads': 2,
  })
}

/** Log4j 2 configuration: warnings into one small rolling file. */
export const log4jProperties = (file: string): string =>
  lines({
    status: 'error',
    'appender.file.type': 'RollingFile',
    'appender.file.name': 'file',
    'appender.file.fileName': file,
    'appender.file.filePattern': `${file}.%i`,
    'appender.file.layout.type': 'PatternLayout',
    'appender.file.layout.pattern': '%d{ISO8601} %p %m (%c)%n',
    'appender.file.policies.type': 'SizeBasedTriggeringPolicy',
    'appender.file.policies.size': '5MB',
    'appender.file.strategy.type': 'DefaultRolloverStrategy',
    'appender.file.strategy.max': 2,
    'rootLogger.level': 'warn',
    'rootLogger.appenderRef.file.ref': 'file',
  })

/**
 * Small on purpose: 2 cores and a few hundred MB are shared with everything else. Only C1 compiles: C2 took more CPU
 * than it saved, and doubled the time until a restarted broker answers.
 */
export const JVM_FLAGS = [
  '-Xms128m',
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-Djava.awt.headless=true',
] as const

const lines = (properties: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
