import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../clock.ts'
import type { Logger } from '../../logger.ts'
import { takeLock } from '../../process/lock.ts'
import { fail } from '../errors.ts'
import { findMaven } from './tools.ts'

export const KAFKA_VERSION = '4.3.1'
export const CACHE = path.join(import.meta.dirname, '../../../.cache')
const POM = path.join(import.meta.dirname, 'pom.xml')
const CHECKSUMS = path.join(import.meta.dirname, 'jars.sha256')
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/**
 * Returns the folder of the broker's jars; fetches them on first use (54 MB).
 *
 * The folder appears by one rename after every checksum was verified, so it is either complete or absent. If several
 * processes need it at once, one fetches and the others wait.
 */
export async function ensureJars(logger: Logger, cache = CACHE, fetch: typeof fetchJars = fetchJars): Promise<string> {
  const home = path.join(cache, `kafka-${KAFKA_VERSION}`)
  while (!jarsAreThere(home)) {
    const lock = takeLock(`${home}.lock`)
    if (!lock.held) {
      await systemClock.sleep(200)
      continue
    }
    try {
      if (!jarsAreThere(home)) await install(home, logger, fetch)
    } finally {
      lock.release()
    }
  }
  return home
}

/** Quick check: the stamp matches the committed list and every jar exists in its full size. */
export function jarsAreThere(home: string): boolean {
  try {
    const stamp = JSON.parse(readFileSync(path.join(home, 'stamp.json'), 'utf8')) as Stamp
    return (
      stamp.list === listDigest() &&
      Object.entries(stamp.sizes).every(([jar, size]) => statSync(path.join(home, jar)).size === size)
    )
  } catch {
    return false
  }
}

interface Stamp {
  readonly list: string
  readonly sizes: Readonly<Record<string, number>>
}

async function install(home: string, logger: Logger, fetch: typeof fetchJars): Promise<void> {
  const draft = `${home}.${process.pid}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  try {
    logger.info({ version: KAFKA_VERSION }, 'fetching the jars of Kafka')
    await fetch(draft)
    const faults = jarFaults(draft, readChecksums())
    if (faults.length > 0) throw fail('KAFKA_JARS_WRONG', { faults: faults.join('; ') })
    const sizes = Object.fromEntries(readdirSync(draft).map((jar) => [jar, statSync(path.join(draft, jar)).size]))
    writeFileSync(path.join(draft, 'stamp.json'), JSON.stringify({ list: listDigest(), sizes } satisfies Stamp))
    // The folder is incomplete: jarsAreThere returned false under the lock.
    rmSync(home, { recursive: true, force: true })
    renameSync(draft, home)
  } finally {
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true })
  }
}

/** Maven's own checks are strict too (-C): a damaged download already fails there. */
async function fetchJars(folder: string): Promise<void> {
  const args = ['-q', '-B', '-C', '-f', POM, COPY, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`]
  const maven = spawn(findMaven(), args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000))
  maven.stdout.on('data', keep)
  maven.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve, reject) => maven.once('error', reject).once('close', resolve))
  if (code !== 0) throw fail('KAFKA_FETCH_FAILED', { reason: firstError(output) })
}

const firstError = (output: string): string =>
  output
    .split('\n')
    .find((line) => line.includes('ERROR'))
    ?.trim() ?? 'Maven ended without a word'

/** Differences from the committed list: missing, unknown and changed jars. */
export function jarFaults(folder: string, wanted: ReadonlyMap<string, string>): string[] {
  const there = new Set(readdirSync(folder))
  const unknown = [...there].filter((jar) => !wanted.has(jar)).map((jar) => `${jar} is not listed`)
  const wrong = [...wanted].flatMap(([jar, digest]) => {
    if (!there.has(jar)) return [`${jar} is missing`]
    return sha256(readFileSync(path.join(folder, jar))) === digest ? [] : [`${jar} has another SHA-256`]
  })
  return [...wrong, ...unknown]
}

/** Reads the committed list, in the format of `sha256sum`: jar → digest. */
export function readChecksums(file = CHECKSUMS): Map<string, string> {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]))
}

const listDigest = (): string => sha256(readFileSync(CHECKSUMS))
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
