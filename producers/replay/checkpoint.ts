import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Progress of a replay: every event before `position` is acknowledged and in the journal. */
export interface Checkpoint {
  readonly fingerprint: string
  readonly position: number
  /** The run has finished: the next one starts from the beginning. */
  readonly done: boolean
}

/** The start position: where an interrupted run over the same data stopped, otherwise the beginning. */
export function resumeAt(last: Checkpoint | undefined, fingerprint: string): number {
  return last === undefined || last.done || last.fingerprint !== fingerprint ? 0 : last.position
}

/**
 * The checkpoint on disk; undefined if there is none or it cannot be read: then everything is sent again, which is
 * safe.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Checkpoint>
    const { fingerprint, position, done } = value
    const whole =
      typeof fingerprint === 'string' && Number.isSafeInteger(position) && position! >= 0 && typeof done === 'boolean'
    return whole ? { fingerprint, position: position!, done } : undefined
  } catch {
    return undefined
  }
}

/** Replaces the file atomically: a kill leaves the old checkpoint or the new one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, JSON.stringify(checkpoint))
  await rename(`${path}.new`, path)
}
