import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { replaceFile } from '../../disk/replace-file.ts'
import { errorMessage } from '../../errors.ts'
import { fail } from '../errors.ts'
import { writePorts, type BrokerFiles, type BrokerPorts } from './files.ts'
import { JVM_FLAGS, log4jProperties, serverProperties } from './properties.ts'
import type { Java } from './tools.ts'

/** Java, jars and files from which a broker is set up. */
export interface BrokerSetup {
  readonly java: Java
  /** Folder of the jars. */
  readonly jars: string
  /** Archive of preloaded classes; without it the start is slower. */
  readonly archive?: string | undefined
  readonly files: BrokerFiles
  readonly ports: BrokerPorts
}

/** Writes the settings and, on first use, formats the storage. Its folder appears complete, by one rename. */
export async function prepareBroker(setup: BrokerSetup): Promise<void> {
  const { files, ports } = setup
  replaceFile(files.log4j, log4jProperties(files.logFile))
  if (!existsSync(files.logDir)) await format(setup)
  replaceFile(files.properties, serverProperties({ ...ports, logDir: files.logDir }))
  writePorts(files, ports)
}

/** Java arguments that run the broker; `flags` come before the class. */
export const brokerArgs = (setup: BrokerSetup, flags: readonly string[] = []): string[] => [
  ...javaArgs(setup, flags),
  'kafka.Kafka',
  setup.files.properties,
]

async function format(setup: BrokerSetup): Promise<void> {
  const { java, files, ports } = setup
  const draft = `${files.logDir}.new`
  rmSync(draft, { recursive: true, force: true })
  replaceFile(files.properties, serverProperties({ ...ports, logDir: draft }))
  // As one argument, because an id may begin with a dash.
  const clusterId = `--cluster-id=${randomBytes(16).toString('base64url')}`
  try {
    await promisify(execFile)(java.command, [
      ...javaArgs(setup),
      'kafka.tools.StorageTool',
      'format',
      '--standalone',
      clusterId,
      '-c',
      files.properties,
    ])
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr?.trim() ?? ''
    throw fail(
      'KAFKA_FORMAT_FAILED',
      { dataDir: files.home, reason: stderr.split('\n').at(-1) || errorMessage(error) },
      error,
    )
  }
  renameSync(draft, files.logDir)
}

/**
 * The class path lists the jars in a fixed order, because the class archive is valid only for the identical class path.
 */
function javaArgs({ jars, archive, files }: BrokerSetup, flags: readonly string[] = []): string[] {
  const classPath = readdirSync(jars)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => path.join(jars, name))
    .join(path.delimiter)
  const share = archive === undefined ? [] : [`-XX:SharedArchiveFile=${archive}`]
  return [...JVM_FLAGS, ...share, ...flags, `-Dlog4j2.configurationFile=${files.log4j}`, '-cp', classPath]
}
