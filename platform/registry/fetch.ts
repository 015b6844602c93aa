import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { systemClock } from '../clock.ts'
import { errorMessage } from '../errors.ts'
import { findMaven } from '../kafka/local/tools.ts'
import type { Logger } from '../logger.ts'
import { takeLock } from '../process/lock.ts'
import { fail } from './errors.ts'

/** Apicurio Registry: the last release line that runs on Java 17. */
export const REGISTRY_VERSION = '3.0.9'
export const RUNNER_JAR = `apicurio-registry-app-${REGISTRY_VERSION}-runner.jar`

const ARCHIVE = `apicurio-registry-app-${REGISTRY_VERSION}-all.tar.gz`
const ARCHIVE_SHA256 = '2b28181501a20cbf6efcd77f9b7153908fc01f3d3a7c32024c0bd9e1b04c8a43'
const CACHE = path.join(import.meta.dirname, '../../.cache')
const POM = path.join(import.meta.dirname, 'fetch/pom.xml')
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/**
 * Returns the folder of the registry; fetches it on first use (109 MB). The folder appears by one rename after its
 * checksum was verified, so it is either complete or absent. If several processes need it at once, one fetches and the
 * others wait.
 */
export async function ensureRegistry(
  logger: Logger,
  cache = CACHE,
  fetch: typeof fetchArchive = fetchArchive,
): Promise<string> {
  const home = path.join(cache, `apicurio-${REGISTRY_VERSION}`)
  while (!existsSync(home)) {
    const lock = takeLock(`${home}.lock`)
    if (!lock.held) {
      await systemClock.sleep(200)
      continue
    }
    try {
      if (!existsSync(home)) await install(home, logger, fetch)
    } finally {
      lock.release()
    }
  }
  return home
}

async function install(home: string, logger: Logger, fetch: typeof fetchArchive): Promise<void> {
  const draft = `${home}.${process.pid}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  try {
    logger.info({ version: REGISTRY_VERSION }, 'fetching the schema registry')
    await fetch(draft)
    const archive = path.join(draft, ARCHIVE)
    const digest = await sha256(archive)
    if (digest !== ARCHIVE_SHA256) throw fail('REGISTRY_ARCHIVE_WRONG', { digest })
    await promisify(execFile)('tar', ['-xzf', archive, '-C', draft])
    rmSync(archive)
    renameSync(draft, home)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

async function fetchArchive(folder: string): Promise<void> {
  try {
    await promisify(execFile)(findMaven(), ['-q', '-B', '-C', '-f', POM, COPY, `-DoutputDirectory=${folder}`])
  } catch (error) {
    const output = (error as { stdout?: string }).stdout ?? ''
    throw fail(
      'REGISTRY_FETCH_FAILED',
      { reason: output.split('\n').find((line) => line.includes('ERROR')) ?? errorMessage(error) },
      error,
    )
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
