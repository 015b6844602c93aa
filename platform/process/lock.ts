import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, linkSync } from 'node:fs'
import path from 'node:path'
import { isAlive, processIdentity } from './alive.ts'

/** Who holds a lock file. */
export interface LockHolder {
  readonly pid: number
  readonly identity: string
}

export type LockResult =
  | { readonly held: true; release(): void }
  | { readonly held: false; readonly holder: LockHolder }

/**
 * Takes a lock file for this process. A lock whose holder has died is taken over, so kill -9 leaves nothing to clean up.
 * The file is linked into place whole: nobody ever reads half of it.
 */
export function takeLock(file: string): LockResult {
  mkdirSync(path.dirname(file), { recursive: true })
  const mine: LockHolder = { pid: process.pid, identity: processIdentity(process.pid) }
  for (let attempt = 0; attempt < 100; attempt++) {
    if (linkNew(file, JSON.stringify(mine))) return { held: true, release: () => release(file, mine) }
    const holder = readHolder(file)
    if (holder !== undefined && isHeld(holder)) return { held: false, holder }
    removeStale(file, holder)
  }
  throw new Error(`lock ${file} changes hands without end`)
}

/** The living holder of a lock file, if there is one. */
export function lockHolder(file: string): LockHolder | undefined {
  const holder = readHolder(file)
  return holder !== undefined && isHeld(holder) ? holder : undefined
}

const isHeld = (holder: LockHolder): boolean => isAlive(holder.pid) && processIdentity(holder.pid) === holder.identity

function linkNew(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`
  writeFileSync(draft, content)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder(file: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockHolder
  } catch {
    return undefined
  }
}

/** Moves the file away before deleting it: if another process took the lock over meanwhile, it is put back. */
function removeStale(file: string, stale: LockHolder | undefined): void {
  const away = `${file}.stale.${process.pid}`
  try {
    renameSync(file, away)
  } catch {
    return
  }
  const moved = readHolder(away)
  if (moved !== undefined && moved.identity !== stale?.identity && isHeld(moved)) linkQuietly(away, file)
  rmSync(away, { force: true })
}

function linkQuietly(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // A third process has it: the moved holder notices when it releases a lock that is not its own.
  }
}

function release(file: string, mine: LockHolder): void {
  if (readHolder(file)?.identity === mine.identity) rmSync(file, { force: true })
}
