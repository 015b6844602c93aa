import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { request } from 'undici'
import { systemClock } from '../clock.ts'
import { startJvm, tail, type Jvm } from '../kafka/local/jvm.ts'
import { freePorts } from '../kafka/local/ports.ts'
import { findJava } from '../kafka/local/tools.ts'
import type { Logger } from '../logger.ts'
import { fail } from './errors.ts'
import { ensureRegistry, RUNNER_JAR } from './fetch.ts'

/** A real schema registry on the loopback address with in-memory schemas, for tests. */
export interface LocalRegistry {
  /** Base URL of the Confluent API. */
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

export interface LocalRegistryOptions {
  /** Folder for its output. */
  readonly dataDir: string
  readonly logger: Logger
  /** Port to listen on; any free one by default. */
  readonly port?: number
}

// A cold start takes 5 s on an idle machine and five times as long when every core is busy.
const START_LIMIT_MS = 90_000
const STOP_LIMIT_MS = 5_000

/** Starts Apicurio Registry and resolves once its Confluent API answers. */
export async function startLocalRegistry({ dataDir, logger, port }: LocalRegistryOptions): Promise<LocalRegistry> {
  const home = await ensureRegistry(logger)
  const [free, management] = await freePorts(2)
  const own = port ?? free!
  mkdirSync(dataDir, { recursive: true })
  const logFile = path.join(dataDir, 'registry.log')
  const jvm = await startJvm({
    java: findJava().command,
    args: javaArgs(path.join(home, RUNNER_JAR), own, management!),
    outFile: logFile,
  })
  const url = `http://127.0.0.1:${own}/apis/ccompat/v7`
  await ready(jvm, url, logFile)
  return { url, pid: jvm.pid, stop: () => stopJvm(jvm) }
}

const javaArgs = (jar: string, port: number, management: number): string[] => [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dquarkus.http.host=127.0.0.1',
  `-Dquarkus.http.port=${port}`,
  '-Dquarkus.management.host=127.0.0.1',
  `-Dquarkus.management.port=${management}`,
  '-jar',
  jar,
]

async function ready(jvm: Jvm, url: string, logFile: string): Promise<void> {
  const started = systemClock.now()
  while (!(await answers(url))) {
    const late = systemClock.now() - started > START_LIMIT_MS
    if (!jvm.running || late) {
      await stopJvm(jvm)
      throw fail('REGISTRY_START_FAILED', {
        how: late ? 'no answer in time' : await jvm.ended,
        reason: tail(logFile),
        logFile,
      })
    }
    await systemClock.sleep(100)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`${url}/subjects`)
    await body.dump()
    return statusCode === 200
  } catch {
    return false
  }
}

async function stopJvm(jvm: Jvm): Promise<void> {
  if (jvm.running) jvm.signal('SIGTERM')
  const late = setTimeout(() => jvm.signal('SIGKILL'), STOP_LIMIT_MS)
  await jvm.ended
  clearTimeout(late)
}
