#!/usr/bin/env node
import { errorCode, PlayloopError } from '../../errors.ts'
import { silentLogger } from '../../logger.ts'
import { ensureArchive } from './archive.ts'
import { CACHE, ensureJars } from './jars.ts'
import { findJava } from './tools.ts'

/** Prepares the local broker: `bin/setup.mjs` runs this once, so that the first start is quick. */
try {
  const java = findJava()
  const jars = await ensureJars(silentLogger, CACHE)
  await ensureArchive(java, jars, silentLogger)
} catch (error) {
  const next = error instanceof PlayloopError ? `\n  ${error.next}` : ''
  console.error(`${errorCode(error)}: ${error instanceof Error ? error.message : String(error)}${next}`)
  process.exitCode = 1
}
