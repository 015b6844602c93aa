import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isAlive, processIdentity } from './alive.ts'

/** The process that holds a lock file. */
export interface LockHolder {
  readonly pid: number
  readonly identity: string
}

export type LockResult =
  { readonly held: true; release(): void } | { readonly held: false; readonly holder: LockHolder }

/**
 * Takes a lock file for this process. A lock whose holder has died is taken over, so kill -9 leaves nothing to clean
 * up. The complete file is linked into place, so no process ever reads half of it.
 */
export function takeLock(file: string): LockResult {
  mkdirSync(path.dirname(file), { recursive: true })
  const mine: LockHolder = { pid: process.pid, identity: processIdentity(process.pid) }
  for (let attempt = 0; attempt < 100; attempt++) {
    if (linkNew(file, JSON.stringify(mine)) || inherit(file, mine))
      return { held: true, release: () => release(file, mine) }
    const holder = lockHolder(file)
    if (holder !== undefined) return { held: false, holder }
  }
  throw new Error(`lock ${file} changes hands without end`)
}

/** The running holder of a lock file, if there is one. */
export function lockHolder(file: string): LockHolder | undefined {
  const holder = succession(file).at(-1)?.holder
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

interface Link {
  readonly file: string
  /** Content of the file, and the holder it names; undefined if the file is not a lock. */
  readonly content: string
  readonly holder?: LockHolder
}

function readLink(file: string): Link | undefined {
  let content
  try {
    content = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    return { file, content, holder: JSON.parse(content) as LockHolder }
  } catch {
    return { file, content }
  }
}

/**
 * The lock file, then the claim on it by the successor of its dead holder, then the claim of that successor's
 * successor, and so on: the last one holds the lock.
 */
function succession(file: string): Link[] {
  const chain: Link[] = []
  for (let link = readLink(file); link !== undefined; link = readLink(claimOn(file, link.holder))) chain.push(link)
  return chain
}

const claimOn = (file: string, dead: LockHolder | undefined): string => `${file}.heir-of.${dead?.identity ?? 'nobody'}`

/**
 * Takes over from a dead holder. Exactly one process can link the claim that names the dead holder; it then replaces
 * the lock file by its own in one rename. No process ever removes another's lock: while a file is moved away to be
 * inspected, a third process would find none.
 */
function inherit(file: string, mine: LockHolder): boolean {
  const chain = succession(file)
  const last = chain.at(-1)
  if (last === undefined || (last.holder !== undefined && isHeld(last.holder))) return false
  const claim = claimOn(file, last.holder)
  if (!linkNew(claim, JSON.stringify(mine))) return false
  // If the lock file has changed, another successor took over before this claim was linked: what this process read is
  // outdated.
  const stands = readLink(file)?.content === chain[0]!.content
  if (stands) replace(file, JSON.stringify(mine))
  for (const gone of stands ? [...chain.slice(1).map((link) => link.file), claim] : [claim])
    rmSync(gone, { force: true })
  return stands
}

function replace(file: string, content: string): void {
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`
  writeFileSync(draft, content)
  renameSync(draft, file)
}

function release(file: string, mine: LockHolder): void {
  if (readLink(file)?.holder?.identity === mine.identity) rmSync(file, { force: true })
}
