import { copyFileSync, mkdirSync, openSync, rmSync, statSync, truncateSync } from 'node:fs'
import { devNull } from 'node:os'
import path from 'node:path'

/** A process's log is kept in two files of at most about this size: `store.log` and, older, `store.log.1`. */
export const LOG_LIMIT_BYTES = 10_000_000

/**
 * Opens a log file for appending. A disk that refuses it gives a process without a log, not no process: it runs with its
 * output thrown away.
 */
export function openLogFile(file: string): number {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    rotateLog(file)
    return openSync(file, 'a')
  } catch {
    return openSync(devNull, 'w')
  }
}

/**
 * Moves a log that has grown too large into `FILE.1` and empties it. The process keeps the file open, so its content is
 * copied: it appends, hence goes on at the new end. On a full disk the copy fails and the old lines are dropped.
 */
export function rotateLog(file: string, limit = LOG_LIMIT_BYTES): void {
  if (sizeOf(file) <= limit) return
  const older = `${file}.1`
  // Half a copy would take the room that the disk lacks.
  if (!worked(() => copyFileSync(file, older))) worked(() => rmSync(older, { force: true }))
  worked(() => truncateSync(file))
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}

/** A log that cannot be rotated is no reason to end the process whose log it is. */
function worked(step: () => void): boolean {
  try {
    step()
    return true
  } catch {
    return false
  }
}
