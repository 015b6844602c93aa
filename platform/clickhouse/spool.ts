import { createHash } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writevSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Stores an insert's bytes in a file while the engine reads them: in shared memory if the system has it, otherwise in
 * the data folder.
 */
export interface Spool {
  /** Writes the pieces to a new file and returns its path. */
  write(pieces: readonly Uint8Array[]): string
  remove(path: string): void
  close(): void
}

const SHARED_MEMORY = '/dev/shm'
/** Maximum number of pieces in one writev (IOV_MAX of Linux). */
const MAX_PIECES = 1_024

/**
 * The folder belongs to the data folder, so files left behind by a killed process are removed when its successor opens
 * the spool.
 */
export function openSpool(dataDir: string, now = Date.now()): Spool {
  const places = [join(dataDir, 'spool')]
  if (usable(SHARED_MEMORY)) places.unshift(memoryPlace(dataDir, now))
  for (const place of places) {
    rmSync(place, { recursive: true, force: true })
    mkdirSync(place, { recursive: true, mode: 0o700 })
  }
  let next = 0
  return {
    // Synchronous on purpose: copying 4 MB into memory takes about a millisecond, while asynchronous file calls share
    // their thread pool with the engine's queries, which may keep it busy for seconds.
    write: (pieces) =>
      writeFirst(
        places.map((place) => join(place, `${next++}.avro`)),
        pieces,
      ),
    remove: (path) => unlinkSync(path),
    close: () => places.forEach((place) => rmSync(place, { recursive: true, force: true })),
  }
}

/**
 * Path `playloop-DATAFOLDER-PID`. The spool of a killed process whose data folder is never opened again is removed by
 * any later process.
 */
function memoryPlace(dataDir: string, now: number): string {
  const own = `playloop-${createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16)}`
  for (const name of readdirSync(SHARED_MEMORY)) {
    const pid = /^playloop-[0-9a-f]{16}-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && (name.startsWith(own) || abandoned(join(SHARED_MEMORY, name), Number(pid), now)))
      rmSync(join(SHARED_MEMORY, name), { recursive: true, force: true })
  }
  return join(SHARED_MEMORY, `${own}-${process.pid}`)
}

/**
 * A spool counts as abandoned after this time without changes, ms. The process id alone is not enough: containers may
 * share the memory but not the process ids, and a spool in use changes all the time.
 */
const ABANDONED_MS = 600_000

function abandoned(place: string, pid: number, now: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (
      (error as NodeJS.ErrnoException).code === 'ESRCH' &&
      now - (statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? now) > ABANDONED_MS
    )
  }
}

function usable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Writes to the first place with enough space: a container's shared memory may be as small as 64 MB. */
function writeFirst([path, ...others]: readonly string[], pieces: readonly Uint8Array[]): string {
  if (path === undefined) throw new Error('no place to spool to')
  try {
    writeAll(path, pieces)
    return path
  } catch (error) {
    rmSync(path, { force: true })
    if (others.length === 0) throw error
    return writeFirst(others, pieces)
  }
}

function writeAll(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let i = 0; i < pieces.length; i += MAX_PIECES) writeGroup(file, pieces.slice(i, i + MAX_PIECES))
  } finally {
    closeSync(file)
  }
}

/** writev may write less than it was given. */
function writeGroup(file: number, group: readonly Uint8Array[]): void {
  let rest = group
  while (rest.length > 0) {
    let written = writevSync(file, rest)
    const first = rest.findIndex((piece) => (written -= piece.byteLength) < 0)
    if (first < 0) return
    const piece = rest[first]!
    rest = [piece.subarray(piece.byteLength + written), ...rest.slice(first + 1)]
  }
}
