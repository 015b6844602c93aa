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
 * Where an insert's bytes lie while the engine reads them: memory where the system has some for files, else the data
 * folder.
 */
export interface Spool {
  /** Writes the pieces to a new file and returns its path. */
  write(pieces: readonly Uint8Array[]): string
  remove(path: string): void
  close(): void
}

const SHARED_MEMORY = '/dev/shm'
/** IOV_MAX of Linux: most pieces one writev takes. */
const MAX_PIECES = 1_024

/** The folder is the data folder's own, so what a killed process left behind goes when its successor opens. */
export function openSpool(dataDir: string, now = Date.now()): Spool {
  const places = [join(dataDir, 'spool')]
  if (usable(SHARED_MEMORY)) places.unshift(memoryPlace(dataDir, now))
  for (const place of places) {
    rmSync(place, { recursive: true, force: true })
    mkdirSync(place, { recursive: true, mode: 0o700 })
  }
  let next = 0
  return {
    // Synchronous on purpose: a copy into memory takes about a millisecond for 4 MB, while the thread pool of
    // asynchronous file calls is the one the engine's queries run on and may be busy for seconds.
    write: (pieces) =>
      writeFirst(
        places.map((place) => join(place, `${next++}.avro`)),
        pieces,
      ),
    remove: (path) => unlinkSync(path),
    close: () => places.forEach((place) => rmSync(place, { recursive: true, force: true })),
  }
}

/** `playloop-DATAFOLDER-PID`: a killed process whose data folder nobody opens again is swept away by any later one. */
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
 * Untouched for so long, ms: a container may share the memory but not the process ids, and its spool is in use all the
 * time.
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

/** The first place that has room: a container's shared memory may be as small as 64 MB. */
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

/** writev may take less than it was given. */
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
