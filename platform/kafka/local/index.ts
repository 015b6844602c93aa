import { systemClock } from '../../clock.ts'
import type { Logger } from '../../logger.ts'
import { fail } from '../errors.ts'
import { answersMetadata } from './answers.ts'
import { ensureArchive } from './archive.ts'
import { brokerFiles, notePid, ownData, readPorts, type BrokerFiles, type BrokerPorts } from './files.ts'
import { CACHE, ensureJars } from './jars.ts'
import { startJvm, tail, type Jvm } from './jvm.ts'
import { freePorts, isFree } from './ports.ts'
import { brokerArgs, prepareBroker, type BrokerSetup } from './setup.ts'
import { findJava } from './tools.ts'

export interface LocalKafkaOptions {
  /** The broker keeps its data in `<dataDir>/kafka`. */
  readonly dataDir: string
  readonly logger: Logger
  /** Port for clients; the default is the port used before for this data, otherwise a free one. */
  readonly port?: number | undefined
  /** Folder in which the jars are cached; the project's `.cache` by default. */
  readonly cache?: string
}

/** A real Kafka broker on the loopback address. */
export interface LocalKafka {
  readonly brokers: string[]
  readonly pid: number
  /** Resolves with the reason if Java ends unexpectedly. */
  readonly ended: Promise<string>
  /** Stops in order; another process may use the data afterwards. */
  stop(): Promise<void>
  /** SIGKILL, for fault tests. */
  kill(): void
  /** Stops the broker if it runs, and starts it again on the same data and ports. */
  restart(): Promise<void>
}

// A cold start takes 3 s on an idle machine and five times as long when every core is busy.
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 8_000

/**
 * Starts the broker and resolves once it answers metadata requests. The first start fetches the jars and formats the
 * storage.
 */
export async function startLocalKafka({
  dataDir,
  logger,
  port,
  cache = CACHE,
}: LocalKafkaOptions): Promise<LocalKafka> {
  const java = findJava()
  const jars = await ensureJars(logger, cache)
  const archive = await ensureArchive(java, jars, logger)
  const files = brokerFiles(dataDir)
  const disown = ownData(dataDir, files)
  try {
    const ports = await choosePorts(files, port)
    await prepareBroker({ java, jars, archive, files, ports })
    return await handle({ java, jars, archive, files, ports, logger }, disown)
  } catch (error) {
    disown()
    throw error
  }
}

interface Broker extends BrokerSetup {
  readonly logger: Logger
}

async function handle(broker: Broker, disown: () => void): Promise<LocalKafka> {
  let jvm = await launch(broker)
  let wanted = true
  let unexpected = watch(jvm, () => wanted)
  const end = async (): Promise<void> => {
    wanted = false
    await stopJvm(jvm)
  }
  return {
    brokers: [`127.0.0.1:${broker.ports.port}`],
    get pid() {
      return jvm.pid
    },
    get ended() {
      return unexpected
    },
    kill() {
      wanted = false
      jvm.signal('SIGKILL')
    },
    async stop() {
      await end()
      disown()
    },
    async restart() {
      await end()
      jvm = await launch(broker)
      wanted = true
      unexpected = watch(jvm, () => wanted)
    },
  }
}

/** Never settles if the end was requested. */
const watch = (jvm: Jvm, wanted: () => boolean): Promise<string> =>
  new Promise((resolve) => void jvm.ended.then((how) => (wanted() ? resolve(how) : undefined)))

async function choosePorts(files: BrokerFiles, wish: number | undefined): Promise<BrokerPorts> {
  const before = readPorts(files)
  const port = wish === undefined || wish === 0 ? before?.port : wish
  if (port !== undefined && !(await isFree(port))) {
    // A default port may be replaced by another one; a port that was requested may not.
    if (port === wish) throw fail('KAFKA_PORT_IN_USE', { port })
    return freshPorts()
  }
  const [fresh] = await freePorts(1)
  const controllerPort = before !== undefined && (await isFree(before.controllerPort)) ? before.controllerPort : fresh!
  return port === undefined ? freshPorts() : { port, controllerPort }
}

async function freshPorts(): Promise<BrokerPorts> {
  const [port, controllerPort] = await freePorts(2)
  return { port: port!, controllerPort: controllerPort! }
}

async function launch({ logger, ...setup }: Broker): Promise<Jvm> {
  const { files, ports } = setup
  const jvm = await startJvm({ java: setup.java.command, args: brokerArgs(setup), outFile: files.outFile })
  notePid(files, jvm.pid)
  const started = systemClock.now()
  while (!(await answersMetadata(ports.port))) {
    const { logFile } = files
    if (!jvm.running)
      throw fail('KAFKA_START_FAILED', { how: await jvm.ended, reason: tail(files.outFile) || tail(logFile), logFile })
    if (systemClock.now() - started > START_LIMIT_MS) {
      await stopJvm(jvm)
      throw fail('KAFKA_START_TIMEOUT', { seconds: START_LIMIT_MS / 1000, logFile })
    }
    await systemClock.sleep(50)
  }
  logger.info({ port: ports.port, pid: jvm.pid, ms: systemClock.now() - started }, 'Kafka answers')
  return jvm
}

async function stopJvm(jvm: Jvm): Promise<void> {
  if (jvm.running) jvm.signal('SIGTERM')
  const late = setTimeout(() => jvm.signal('SIGKILL'), STOP_LIMIT_MS)
  await jvm.ended
  clearTimeout(late)
}
