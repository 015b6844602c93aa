import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { replaceFile } from '../../disk/replace-file.ts'
import { isAlive, processIdentity } from '../../process/alive.ts'
import { takeLock } from '../../process/lock.ts'
import { fail } from '../errors.ts'

/** Paths of all files of one local broker. */
export interface BrokerFiles {
  readonly home: string
  readonly logDir: string
  readonly properties: string
  readonly log4j: string
  /** The broker's own log. */
  readonly logFile: string
  /** Standard output and error of Java. */
  readonly outFile: string
  readonly ports: string
  readonly pid: string
  readonly lock: string
}

export function brokerFiles(dataDir: string): BrokerFiles {
  const home = path.resolve(dataDir, 'kafka')
  const at = (name: string): string => path.join(home, name)
  return {
    home,
    logDir: at('log'),
    properties: at('server.properties'),
    log4j: at('log4j2.properties'),
    logFile: at('broker.log'),
    outFile: at('java.out'),
    ports: at('ports.json'),
    pid: at('java.pid'),
    lock: at('owner.lock'),
  }
}

export interface BrokerPorts {
  readonly port: number
  readonly controllerPort: number
}

/** The ports used before for this data, so that clients find the broker again. */
export function readPorts(files: BrokerFiles): BrokerPorts | undefined {
  return readJson<BrokerPorts>(files.ports)
}

export const writePorts = (files: BrokerFiles, ports: BrokerPorts): void =>
  replaceFile(files.ports, JSON.stringify(ports))

/** Takes exclusive ownership of the data; returns a function that releases it. Throws KAFKA_DATA_IN_USE. */
export function ownData(dataDir: string, files: BrokerFiles): () => void {
  mkdirSync(files.home, { recursive: true })
  const lock = takeLock(files.lock)
  if (!lock.held) throw fail('KAFKA_DATA_IN_USE', { dataDir, pid: lock.holder.pid })
  endOrphan(files)
  return () => {
    rmSync(files.pid, { force: true })
    lock.release()
  }
}

/**
 * Records the pid of the Java that serves this data: if both this process and the guard are killed, the next start ends
 * it.
 */
export const notePid = (files: BrokerFiles, pid: number): void =>
  writeFileSync(files.pid, JSON.stringify({ pid, identity: processIdentity(pid) }))

function endOrphan(files: BrokerFiles): void {
  if (!existsSync(files.pid)) return
  const { pid, identity } = readJson<{ pid: number; identity: string }>(files.pid) ?? { pid: 0, identity: '' }
  if (pid > 1 && isAlive(pid) && processIdentity(pid) === identity) process.kill(pid, 'SIGKILL')
  rmSync(files.pid, { force: true })
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  }
}
