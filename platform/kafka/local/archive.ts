import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemClock } from '../../clock.ts'
import { errorMessage } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import { takeLock } from '../../process/lock.ts'
import { answersMetadata } from './answers.ts'
import { brokerFiles } from './files.ts'
import { startJvm } from './jvm.ts'
import { freePorts } from './ports.ts'
import { brokerArgs, prepareBroker, type BrokerSetup } from './setup.ts'
import type { Java } from './tools.ts'

const LIMIT_MS = 120_000

/**
 * Creates an archive of the broker's loaded classes (JEP 350) once, beside the jars, by a trial run: with it a broker
 * needs 2 s of CPU to answer instead of 5. It is valid for one Java and one location of the jars, which its name
 * encodes. Returns undefined if it cannot be made; everything then works as well, only slower.
 */
export async function ensureArchive(java: Java, jars: string, logger: Logger): Promise<string | undefined> {
  const file = path.join(path.dirname(jars), `${path.basename(jars)}-${digest(`${java.description}\n${jars}`)}.jsa`)
  while (!existsSync(file)) {
    const lock = takeLock(`${file}.lock`)
    if (!lock.held) {
      await systemClock.sleep(200)
      continue
    }
    try {
      if (!existsSync(file)) await trialRun(java, jars, file)
    } catch (error) {
      logger.warn({ error: errorMessage(error) }, 'no archive of classes: Kafka will start more slowly')
      return undefined
    } finally {
      lock.release()
    }
  }
  return file
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** Starts a broker on temporary data and stops it: Java writes the archive on exit. */
async function trialRun(java: Java, jars: string, file: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'playloop-trial-'))
  const draft = `${file}.${process.pid}.new`
  try {
    const [port, controllerPort] = await freePorts(2)
    const setup: BrokerSetup = {
      java,
      jars,
      files: brokerFiles(folder),
      ports: { port: port!, controllerPort: controllerPort! },
    }
    mkdirSync(setup.files.home, { recursive: true })
    await prepareBroker(setup)
    const jvm = await startJvm({
      java: java.command,
      args: brokerArgs(setup, [`-XX:ArchiveClassesAtExit=${draft}`]),
      outFile: setup.files.outFile,
    })
    const late = setTimeout(() => jvm.signal('SIGKILL'), LIMIT_MS)
    while (jvm.running && !(await answersMetadata(setup.ports.port))) await systemClock.sleep(100)
    if (jvm.running) jvm.signal('SIGTERM')
    await jvm.ended
    clearTimeout(late)
    if (!existsSync(draft)) throw new Error('Java wrote no archive')
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
    rmSync(folder, { recursive: true, force: true })
  }
}
