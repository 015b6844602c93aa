import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { systemClock } from '../../clock.ts'
import { errorMessage } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { fail } from '../errors.ts'
import { answersMetadata } from './answers.ts'
import { brokerFiles, notePid, ownData, readPorts, writePorts, type BrokerFiles, type BrokerPorts } from './files.ts'
import { CACHE, ensureJars } from './jars.ts'
import { startJvm, tail, type Jvm } from './jvm.ts'
import { freePorts, isFree } from './ports.ts'
import { JVM_FLAGS, log4jProperties, serverProperties } from './properties.ts'
import { findJava } from './tools.ts'

export interface LocalKafkaOptions {
  /** The broker keeps its data in `<dataDir>/kafka`. */
  readonly dataDir: string
  readonly log: Log
  /** Port for clients; by default the one this data was served on before, else a free one. */
  readonly port?: number | undefined
  /** Where the jars are kept; the project's `.cache` by default. */
  readonly cache?: string
}

/** A real Kafka broker on the loopback address. */
export interface LocalKafka {
  readonly brokers: string[]
  readonly pid: number
  /** Settles when Java ends without having been told to: the reason. */
  readonly ended: Promise<string>
  /** Orderly end; the data may be used by another process then. */
  stop(): Promise<void>
  /** SIGKILL, for fault tests. */
  kill(): void
  /** Ends it if need be, and starts it again on the same data and ports. */
  restart(): Promise<void>
}

// A cold start takes 3 s alone and five times that when every core is busy.
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 8_000

/** Starts the broker and resolves once it answers metadata. The first start fetches the jars and formats the storage. */
export async function startLocalKafka({ dataDir, log, port, cache = CACHE }: LocalKafkaOptions): Promise<LocalKafka> {
  const java = findJava()
  const jars = await ensureJars(log, cache)
  const files = brokerFiles(dataDir)
  const disown = ownData(dataDir, files)
  try {
    const ports = await choosePorts(files, port)
    await prepare(java, jars, files, ports)
    return await handle({ java, jars, files, ports, log }, disown)
  } catch (error) {
    disown()
    throw error
  }
}

interface Broker {
  readonly java: string
  readonly jars: string
  readonly files: BrokerFiles
  readonly ports: BrokerPorts
  readonly log: Log
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
    get pid() { return jvm.pid },
    get ended() { return unexpected },
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

/** Never settles for an end that was asked for. */
const watch = (jvm: Jvm, wanted: () => boolean): Promise<string> =>
  new Promise((resolve) => void jvm.ended.then((how) => (wanted() ? resolve(how) : undefined)))

async function choosePorts(files: BrokerFiles, wish: number | undefined): Promise<BrokerPorts> {
  const before = readPorts(files)
  const port = wish === undefined || wish === 0 ? before?.port : wish
  if (port !== undefined && !(await isFree(port))) {
    // Another broker's clients may be told a new port; a port that was asked for may not change.
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

/** Writes the settings and, the first time, formats the storage: the folder appears by one rename, whole. */
async function prepare(java: string, jars: string, files: BrokerFiles, ports: BrokerPorts): Promise<void> {
  writeFileSync(files.log4j, log4jProperties(files.logFile))
  if (!existsSync(files.logDir)) await format(java, jars, files, ports)
  writeFileSync(files.properties, serverProperties({ ...ports, logDir: files.logDir }))
  writePorts(files, ports)
}

async function format(java: string, jars: string, files: BrokerFiles, ports: BrokerPorts): Promise<void> {
  const draft = `${files.logDir}.new`
  rmSync(draft, { recursive: true, force: true })
  writeFileSync(files.properties, serverProperties({ ...ports, logDir: draft }))
  const clusterId = randomBytes(16).toString('base64url')
  // C1 alone: a second's work is not worth compiling well.
  const args = ['-XX:TieredStopAtLevel=1', ...javaArgs(jars, files), 'kafka.tools.StorageTool', 'format', '--standalone', `--cluster-id=${clusterId}`, '-c', files.properties]
  try {
    await promisify(execFile)(java, args)
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr?.trim() ?? ''
    throw fail('KAFKA_FORMAT_FAILED', { dataDir: files.home, reason: stderr.split('\n').at(-1) || errorMessage(error) }, error)
  }
  renameSync(draft, files.logDir)
}

const javaArgs = (jars: string, files: BrokerFiles): string[] =>
  [...JVM_FLAGS, `-Dlog4j2.configurationFile=${files.log4j}`, '-cp', path.join(jars, '*')]

async function launch({ java, jars, files, ports, log }: Broker): Promise<Jvm> {
  const jvm = await startJvm({ java, args: [...javaArgs(jars, files), 'kafka.Kafka', files.properties], outFile: files.outFile })
  notePid(files, jvm.pid)
  const started = systemClock.now()
  while (!(await answersMetadata(ports.port))) {
    const { logFile } = files
    if (!jvm.running) throw fail('KAFKA_START_FAILED', { how: await jvm.ended, reason: tail(files.outFile) || tail(logFile), logFile })
    if (systemClock.now() - started > START_LIMIT_MS) {
      await stopJvm(jvm)
      throw fail('KAFKA_START_TIMEOUT', { seconds: START_LIMIT_MS / 1000, logFile })
    }
    await systemClock.sleep(50)
  }
  log.info({ port: ports.port, pid: jvm.pid, ms: systemClock.now() - started }, 'Kafka answers')
  return jvm
}

async function stopJvm(jvm: Jvm): Promise<void> {
  if (jvm.running) jvm.signal('SIGTERM')
  const late = setTimeout(() => jvm.signal('SIGKILL'), STOP_LIMIT_MS)
  await jvm.ended
  clearTimeout(late)
}
